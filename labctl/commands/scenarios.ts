// Finds scenario files: by name beside the Compose file, then among labctl's own, or by path.

import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Lab } from '../model/lab.ts';
import { LabError } from '../model/lab-error.ts';
import type { Scenario } from '../model/scenario.ts';
import { nearest } from '../plan/suggest.ts';
import { packageRoot } from '../root.ts';
import { readText, type Session } from './session.ts';

const folders = (session: Session): string[] =>
  [...new Set([join(dirname(session.composeFile()), 'scenarios'), join(packageRoot, 'scenarios')])].filter((folder) =>
    existsSync(folder),
  );

/** Every scenario file in reach; one beside the Compose file hides labctl's own of the same name. */
export function scenarioFiles(session: Session): string[] {
  const byName = new Map<string, string>();
  for (const folder of folders(session))
    for (const entry of readdirSync(folder).sort())
      if (/\.ya?ml$/.test(entry) && !byName.has(nameOf(entry))) byName.set(nameOf(entry), join(folder, entry));
  return [...byName.values()];
}

const nameOf = (file: string): string => basename(file).replace(/\.ya?ml$/, '');

/** The names of all scenarios in reach, without reading them. */
export const scenarioNames = (session: Session): string[] => scenarioFiles(session).map(nameOf);

/** The file of a scenario given by name or by path. Throws LabError `usage` with the nearest names. */
export async function scenarioFile(session: Session, nameOrPath: string): Promise<string> {
  const asPath = resolve(session.io.cwd, nameOrPath);
  if (/\.ya?ml$/.test(nameOrPath) && existsSync(asPath)) return asPath;
  const files = scenarioFiles(session);
  const found = files.find((file) => nameOf(file) === nameOrPath);
  if (found !== undefined) return found;
  const near = nearest(nameOrPath, files.map(nameOf));
  throw new LabError('usage', `there is no scenario "${nameOrPath}"`, {
    hint: near.length > 0 ? `did you mean ${near.join(' or ')}?` : `${await session.command()} list shows them`,
  });
}

export async function scenarioIn(session: Session, file: string, lab: Lab): Promise<Scenario> {
  const { readScenario } = await import('../plan/scenario.ts');
  return readScenario(readText(file, 'scenario'), file, lab, session.shown(file));
}

/** Every scenario in reach that can be read; a broken file is named and left out, for it must not hide the others. */
export async function readableScenarios(session: Session, lab: Lab): Promise<Scenario[]> {
  const scenarios = await Promise.all(scenarioFiles(session).map((file) => readable(session, file, lab)));
  return scenarios.filter((scenario) => scenario !== undefined);
}

async function readable(session: Session, file: string, lab: Lab): Promise<Scenario | undefined> {
  try {
    return await scenarioIn(session, file, lab);
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    const { errorText } = await import('../views/errors.ts');
    session.note(errorText(error, session.errorStyle()));
    return undefined;
  }
}
