// Which versions of the Docker Engine's API labctl speaks.

import { LabError } from '../../model/lab-error.ts';

/** 20.10, what Debian 12 has. */
const oldest = 41;
/** Calls are made in the form of this version at most, so that a later engine cannot change their meaning. */
const newest = 47;

const minorOf = (offered: string): number => Number(/^1\.(\d+)$/.exec(offered)?.[1] ?? 0);

export const isUsable = (offered: string): boolean => minorOf(offered) >= oldest;

/**
 * The version that both sides speak. A newer engine is asked for the `oldest` that it still takes: Engine 29 takes none
 * before 1.44. Throws LabError when the engine is too old.
 */
export async function negotiate(offered: string, oldestTaken: () => Promise<string>): Promise<string> {
  const minor = minorOf(offered);
  if (minor > newest) return `1.${Math.max(newest, minorOf(await oldestTaken()))}`;
  if (isUsable(offered)) return offered;
  throw new LabError('engine', `the Docker Engine is too old: its API is ${offered || 'unknown'}, labctl needs 1.41`, {
    hint: 'install Docker Engine 20.10 or later (Debian: `apt-get install docker.io`)',
  });
}
