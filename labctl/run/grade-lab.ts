// The lab in which one submission is graded: fresh, of only the hosts that take part, every host within limits.

import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine, Holds } from '../engine/engine.ts';
import { owner, ownerLives } from '../engine/identity.ts';
import type { Lab } from '../model/lab.ts';
import { LabError } from '../model/lab-error.ts';
import type { Scenario } from '../model/scenario.ts';

/** Of hosts whose Compose file says nothing. */
const usual = { pidsLimit: 256, memoryLimit: 256 * 2 ** 20, cpus: 1 };

/** The only places to write in, each of a size. */
const writable = { '/work': 'exec,size=64m,mode=755,uid=1000,gid=1000', '/tmp': 'size=64m,mode=1777' };

const prefix = 'labctl-grade';

/** The lab's hosts of this scenario under a name of their own, each with limits. */
export function gradeLab(lab: Lab, { hosts }: Scenario, number: number): Lab {
  const taking = lab.hosts.filter(({ name }) => hosts.includes(name));
  return {
    ...lab,
    name: `${prefix}-${owner()}-${number}`,
    hosts: taking.map((host) => ({ ...usual, ...host, readOnly: true, tmpfs: { ...writable, ...host.tmpfs } })),
  };
}

const words: Record<keyof Holds, string> = {
  processes: 'the number of processes',
  memory: 'memory',
  processor: 'processor time',
  files: 'the size of files',
};

/** Throws LabError `engine` when a limit does not hold for each host as a whole: one submission could harm the others. */
export async function checkLimits(engine: Engine, lab: string): Promise<void> {
  const limits = await engine.limits(lab);
  const open = (Object.keys(words) as (keyof Holds)[]).filter((what) => limits[what] !== 'host');
  if (open.length === 0) return;
  const what = open.map((one) => words[one]).join(', ');
  throw new LabError('engine', `not limited for a host as a whole on the ${engine.name} engine: ${what}`, {
    hint: 'labctl doctor says how that is mended; --weak-limits grades all the same, and a hostile program can slow the others down',
  });
}

/** Ends the labs of gradings that were killed; told by whose they are. */
export async function endStaleLabs(engine: Engine): Promise<void> {
  for (const { name } of await engine.list()) {
    const [, whose] = new RegExp(`^${prefix}-(\\d+-\\d+)-\\d+$`).exec(name) ?? [];
    if (whose !== undefined && !ownerLives(whose)) await engine.down(name);
  }
}

/** Bytes of all files below a folder; what vanishes meanwhile counts nothing. */
export async function bytesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = await Promise.all(
    entries.map((entry) =>
      stat(join(folder, entry)).then(
        (found) => (found.isFile() ? found.size : 0),
        () => 0,
      ),
    ),
  );
  return sizes.reduce((total, size) => total + size, 0);
}
