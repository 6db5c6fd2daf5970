// Knows where run folders lie and how they are named: finds them, lists them, picks one by name.

import { constants, existsSync } from 'node:fs';
import { access, readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { LabError } from '../model/lab-error.ts';
import type { RunRecord } from '../model/run.ts';
import { nearest } from '../plan/suggest.ts';
import { files, parseRunName, partSuffix } from './names.ts';

export interface RunEntry {
  /** Absolute path. */
  folder: string;
  lab: string;
  /** `20260131T120000-first-client`. */
  name: string;
  scenario: string;
  /** False: labctl was killed while it recorded, or records still; what was written so far is there. */
  finished: boolean;
  /** Absent where run.json cannot be read. */
  record?: RunRecord;
}

/**
 * `runs` beside the Compose file where that can be written, else in the user's state folder (XDG Base Directory). What
 * lies in an installed package goes with its next version, so nobody's runs are kept there.
 */
export async function runsFolderFor(composeFile: string, env: NodeJS.ProcessEnv): Promise<string> {
  const beside = join(dirname(resolve(composeFile)), 'runs');
  if (!beside.split(sep).includes('node_modules') && (await canHold(beside))) return beside;
  const state = env.XDG_STATE_HOME || join(env.HOME || '/tmp', '.local', 'state');
  return join(state, 'labctl', 'runs');
}

const canHold = (folder: string): Promise<boolean> =>
  access(existsSync(folder) ? folder : dirname(folder), constants.W_OK).then(
    () => true,
    () => false,
  );

const foldersIn = async (path: string): Promise<string[]> => {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
};

async function entryOf(runsFolder: string, lab: string, folder: string): Promise<RunEntry | undefined> {
  const parsed = parseRunName(folder);
  if (parsed === undefined) return undefined;
  const path = join(runsFolder, lab, folder);
  return { folder: path, lab, ...parsed, record: await recordOf(path) };
}

async function recordOf(folder: string): Promise<RunRecord | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, files.record), 'utf8')) as RunRecord;
  } catch {
    return undefined;
  }
}

/** By time: the record knows the microsecond, the name only the second. */
const byTime = (a: RunEntry, b: RunEntry): number =>
  (a.record?.started ?? 0) - (b.record?.started ?? 0) || (a.name < b.name ? -1 : 1);

/** All runs of all labs, oldest first, unfinished ones too; a folder that does not exist holds none. */
export async function listRuns(runsFolder: string): Promise<RunEntry[]> {
  const labs = await foldersIn(runsFolder);
  const entries = await Promise.all(
    labs.map(async (lab) => {
      const folders = await foldersIn(join(runsFolder, lab));
      return Promise.all(folders.map((folder) => entryOf(runsFolder, lab, folder)));
    }),
  );
  const found = entries.flat().filter((entry) => entry !== undefined);
  return found.sort((a, b) => (a.record && b.record ? byTime(a, b) : a.name < b.name ? -1 : 1));
}

const isRunFolder = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined))?.isDirectory() === true &&
  [files.record, files.events].some((file) => existsSync(join(path, file)));

/**
 * Folder of a run: by path, by name, by lab/name, by scenario (its latest run) or by the beginning of a name; the latest
 * run without one. Throws LabError `usage` when there is none such.
 */
export async function resolveRun(
  runsFolder: string,
  nameOrPath?: string,
  options: { cwd?: string } = {},
): Promise<string> {
  if (nameOrPath !== undefined) {
    const path = resolve(options.cwd ?? '.', nameOrPath);
    for (const candidate of [path, path + partSuffix]) if (await isRunFolder(candidate)) return candidate;
  }
  const runs = await listRuns(runsFolder);
  const latest = (choice: readonly RunEntry[]) => choice.findLast(({ finished }) => finished) ?? choice.at(-1);
  const found = nameOrPath === undefined ? latest(runs) : pick(runs, nameOrPath, latest);
  if (found) return found.folder;
  if (nameOrPath !== undefined) await refuseOtherFolder(resolve(options.cwd ?? '.', nameOrPath));
  if (runs.length === 0) {
    const wanted = nameOrPath === undefined ? '' : `there is no run "${nameOrPath}": `;
    throw new LabError('usage', `${wanted}there are no runs yet`, {
      where: runsFolder,
      hint: 'labctl run first-client',
    });
  }
  throw unknownRun(runs, runsFolder, nameOrPath ?? '');
}

/** Throws for a folder that was meant to be a run and is none. */
async function refuseOtherFolder(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isDirectory()) return;
  throw new LabError('usage', 'this is a folder, and no run: run.json is missing', {
    where: path,
    hint: 'Give a run folder, a run’s name, or a capture file.',
  });
}

function pick(
  runs: readonly RunEntry[],
  wanted: string,
  latest: (choice: readonly RunEntry[]) => RunEntry | undefined,
): RunEntry | undefined {
  const name = wanted.endsWith(partSuffix) ? wanted.slice(0, -partSuffix.length) : wanted;
  return (
    latest(runs.filter((run) => run.name === name || `${run.lab}/${run.name}` === name)) ??
    latest(runs.filter((run) => run.scenario === name)) ??
    latest(runs.filter((run) => run.name.startsWith(name)))
  );
}

function unknownRun(runs: readonly RunEntry[], runsFolder: string, wanted: string): LabError {
  const names = runs.map(({ name }) => name);
  const near = nearest(basename(wanted), names, 3);
  const choice = near.length > 0 ? near : names.slice(-3);
  return new LabError('usage', `there is no run "${wanted}"`, {
    where: runsFolder,
    hint: `there is ${choice.join(', ')}`,
  });
}
