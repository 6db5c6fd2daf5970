// Which limits of a host the engine can hold, as it says itself: a rootless one holds what it has control groups for.

import type { Hold, Holds } from '../engine.ts';
import type { Api } from './api.ts';

/** `GET /info`; only what is read here. */
interface Info {
  MemoryLimit?: boolean;
  PidsLimit?: boolean;
  CpuCfsQuota?: boolean;
}

/** `GET /libpod/info`, a question of Podman's own; only what is read here. */
interface PodmanInfo {
  host?: { cgroupControllers?: string[] | null };
}

const hold = (can: boolean | undefined): Hold => (can === false ? 'none' : 'host');

/** The size of files is that of a tmpfs, which holds everywhere. */
export const limitsIn = ({ MemoryLimit, PidsLimit, CpuCfsQuota }: Info): Holds => ({
  processes: hold(PidsLimit),
  memory: hold(MemoryLimit),
  processor: hold(CpuCfsQuota),
  files: 'host',
});

/** The controllers that it may use; a rootless one has none on control groups of version 1, and ignores all limits. */
function asPodman({ host }: PodmanInfo): Info {
  const has = (controller: string) => (host?.cgroupControllers ?? []).includes(controller);
  return { PidsLimit: has('pids'), MemoryLimit: has('memory'), CpuCfsQuota: has('cpu') };
}

/** To Docker's own question Podman answers what the kernel can, whoever runs it: so it is asked another one. */
export const limitsOf = async (api: Api): Promise<Holds> =>
  limitsIn(
    api.podman ? asPodman(await api.call<PodmanInfo>('GET', '/libpod/info')) : await api.call<Info>('GET', '/info'),
  );
