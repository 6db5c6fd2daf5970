// What labctl left in the runtime folder when it was killed: folders of labs without a keeper, and those that were on
// their way out. The next labctl, of whatever lab, takes them away.

import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { groupsLeft } from './groups.ts';
import { answers, asidePrefix, endAside, endKeeper, leaveGroups } from './keeper.ts';
import { livingKeeper } from './keeper-identity.ts';
import type { Places } from './places.ts';

/** Milliseconds in which a folder may still be about to get its keeper, or to go. */
const youth = 60_000;

/** Whether nothing was made or renamed in it for so long (ms). */
const isOlder = async (folder: string, than: number): Promise<boolean> =>
  stat(folder).then(
    ({ ctimeMs }) => Date.now() - ctimeMs >= than,
    () => false, // Somebody else has just taken it away.
  );

async function isLeft(folder: string, than: number): Promise<boolean> {
  return livingKeeper(folder) === undefined && (await isOlder(folder, than)) && !(await answers(folder));
}

/** Removes what has been there for so long (ms) and belongs to no keeper, control groups included. */
export async function sweepRemains(places: Places, than = youth): Promise<void> {
  const names = await readdir(places.runtime).catch(() => []);
  for (const name of names) {
    const folder = join(places.runtime, name);
    // Whoever put it aside wanted its keeper to end.
    if (name.startsWith(asidePrefix)) {
      if (await isOlder(folder, than)) await endAside(folder);
    } else if (!name.startsWith('.') && (await isLeft(folder, than))) await endKeeper(places, name);
  }
  for (const lab of groupsLeft(places, than)) leaveGroups(places, lab);
}
