// Knows how a user can type labctl right now: by its name once it is on PATH, through npx in a clone.

import { realpathSync } from 'node:fs';
import { delimiter, join, relative, sep } from 'node:path';
import { packageRoot } from '../root.ts';

/** npm and npx put such folders on PATH for as long as they run: what they hold is not what a user can type. */
const npmOnly = `${sep}node_modules${sep}`;

function leadsHere(file: string): boolean {
  try {
    return realpathSync(file) === realpathSync(join(packageRoot, 'labctl', 'setup', 'labctl.cjs'));
  } catch {
    return false;
  }
}

/**
 * What a user can type right now: `labctl` once it is on PATH, `npx labctl` in the clone (or in a project that has
 * labctl among its packages), elsewhere the file itself.
 */
export function commandName(environment: NodeJS.ProcessEnv = process.env, cwd: string = process.cwd()): string {
  const folders = (environment.PATH ?? '').split(delimiter).filter((folder) => !folder.includes(npmOnly));
  if (folders.some((folder) => folder !== '' && leadsHere(join(folder, 'labctl')))) return 'labctl';
  const [project] = packageRoot.split(npmOnly, 1);
  const outside = relative(project ?? packageRoot, cwd).split(sep)[0] === '..';
  return outside ? `node ${join(packageRoot, 'labctl', 'setup', 'labctl.cjs')}` : 'npx labctl';
}
