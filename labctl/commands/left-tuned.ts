// Which hosts still have the kernel settings of a run whose labctl was killed.

import { ownerLives } from '../engine/identity.ts';

interface Tuned {
  readonly name: string;
  readonly tunedBy?: string;
}

/** Names of hosts that nobody will put right any more. */
export const leftTuned = (hosts: readonly Tuned[]): string[] =>
  hosts.filter(({ tunedBy }) => tunedBy !== undefined && !ownerLives(tunedBy)).map(({ name }) => name);
