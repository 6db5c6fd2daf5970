// Which versions of the Docker Engine's API labctl speaks.

import { LabError } from '../../model/lab-error.ts';

/** 20.10, what Debian 12 has. */
const oldest = 41;
/** Calls are made in the form of this version at most, so that a later engine cannot change their meaning. */
const newest = 47;

const minorOf = (offered: string): number => Number(/^1\.(\d+)$/.exec(offered)?.[1] ?? 0);

export const isUsable = (offered: string): boolean => minorOf(offered) >= oldest;

/** The version that both sides speak. Throws LabError when there is none. */
export function negotiate(offered: string): string {
  if (isUsable(offered)) return `1.${Math.min(minorOf(offered), newest)}`;
  throw new LabError('engine', `the Docker Engine is too old: its API is ${offered || 'unknown'}, labctl needs 1.41`, {
    hint: 'install Docker Engine 20.10 or later (Debian: `apt-get install docker.io`)',
  });
}
