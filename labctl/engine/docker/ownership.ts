// Refuses to touch a lab name that belongs to another folder: two labs of one name would destroy each other.

import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Lab } from '../../model/lab.ts';
import { LabError } from '../../model/lab-error.ts';
import { compose, label } from './labels.ts';
import type { LabState } from './state.ts';

/**
 * Throws LabError when the name is held by a Compose project or a lab of another folder. A folder that no longer
 * exists holds nothing: somebody moved or removed it, and its lab is taken over.
 */
export function checkOwnership(lab: Lab, state: LabState): void {
  const here = real(dirname(lab.file));
  const holder = foldersOf(state).find((folder) => existsSync(folder) && real(folder) !== here);
  if (holder === undefined) return;
  const what = state.ours ? 'lab' : 'Compose project';
  const end = state.ours ? `\`labctl down --lab ${lab.name}\`` : `\`docker compose -p ${lab.name} down\``;
  throw new LabError('engine', `the name "${lab.name}" is held by the ${what} of ${holder}`, {
    where: lab.file,
    hint: `choose another name with --lab NAME, or end the other first: ${end}`,
  });
}

const real = (path: string): string => (existsSync(path) ? realpathSync(path) : join(path));

const foldersOf = ({ containers, networks }: LabState): string[] => [
  ...containers.flatMap(({ Labels }) => Labels[compose.folder] ?? []),
  ...[...containers, ...networks].flatMap(({ Labels }) => {
    const file = Labels?.[label.file];
    return file === undefined ? [] : dirname(file);
  }),
];
