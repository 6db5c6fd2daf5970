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

/** A scenario that can be run, the lab it runs on, and the view of the world from there. */
export interface Opened {
  session: Session;
  lab: Lab;
  scenario: Scenario;
}

/** Finds and reads a scenario, and the lab that it brings along or the usual one. Throws LabError or LabErrors with places. */
export const openScenario = async (session: Session, nameOrPath: string): Promise<Opened> =>
  openFile(session, await scenarioFile(session, nameOrPath));

/** The same for a file. */
export async function openFile(session: Session, file: string): Promise<Opened> {
  const [{ labOf, readScenario, scenarioName }, { scenarioLabName }] = await Promise.all([
    import('../plan/scenario.ts'),
    import('../plan/names.ts'),
  ]);
  const [text, shown] = [readText(file, 'scenario'), session.shown(file)];
  const own = labOf(text, shown);
  const place = own && resolve(dirname(file), own.path);
  if (own && place && !existsSync(place))
    throw new LabError('usage', `there is no Compose file ${session.shown(place)}`, { where: own.place });
  const there = place === undefined ? session : session.withLab(place, scenarioLabName(scenarioName(file)));
  const lab = await there.lab();
  const scenario = readScenario(text, file, lab, shown);
  if (scenario.programs) await (await import('../run/scenario-programs.ts')).readPrograms(scenario);
  return { session: there, lab, scenario };
}

/** Every scenario in reach that can be read; a broken file is named and left out, for it must not hide the others. */
export async function readableScenarios(session: Session): Promise<Scenario[]> {
  const scenarios = await Promise.all(scenarioFiles(session).map((file) => readable(session, file)));
  return scenarios.filter((scenario) => scenario !== undefined);
}

async function readable(session: Session, file: string): Promise<Scenario | undefined> {
  try {
    return (await openFile(session, file)).scenario;
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    const { errorText } = await import('../views/errors.ts');
    session.note(errorText(error, session.errorStyle()));
    return undefined;
  }
}
