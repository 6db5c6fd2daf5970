// Which limits of a host the engine can hold: a rootless one without control groups holds none, and says so.

import type { Hold, Holds } from '../engine.ts';
import type { Api } from './api.ts';

/** `GET /info`; only what is read here. */
interface Info {
  MemoryLimit?: boolean;
  PidsLimit?: boolean;
  CpuCfsQuota?: boolean;
}

const hold = (can: boolean | undefined): Hold => (can === false ? 'none' : 'host');

/** The size of files is that of a tmpfs, which holds everywhere. */
export const limitsIn = ({ MemoryLimit, PidsLimit, CpuCfsQuota }: Info): Holds => ({
  processes: hold(PidsLimit),
  memory: hold(MemoryLimit),
  processor: hold(CpuCfsQuota),
  files: 'host',
});

export const limitsOf = async (api: Api): Promise<Holds> => limitsIn(await api.call<Info>('GET', '/info'));
