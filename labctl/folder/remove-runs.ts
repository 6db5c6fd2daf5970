// Chooses which runs may go, and removes run folders and nothing else.

import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '../model/lab-error.ts';
import type { Report, VerdictWord } from '../model/report.ts';
import { nearest } from '../plan/suggest.ts';
import type { RunEntry } from './runs.ts';

const verdictFile = 'verdict.json';

/** Bytes of all files below the folder; what goes away meanwhile counts nothing. */
export async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const sizes = await Promise.all(
    entries.map((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return sizeOf(path);
      return stat(path).then(
        ({ size }) => size,
        () => 0,
      );
    }),
  );
  return sizes.reduce((total, size) => total + size, 0);
}

/** Keeps what a run was judged to be, so that a list of runs need not analyse them all. */
export async function keepVerdict(folder: string, { verdict }: Pick<Report, 'verdict'>): Promise<void> {
  await writeFile(join(folder, verdictFile), `${JSON.stringify({ version: 1, verdict })}\n`);
}

/** What a run was judged to be when it ended; undefined where nobody kept it. */
export async function keptVerdict(folder: string): Promise<VerdictWord | undefined> {
  try {
    const kept = JSON.parse(await readFile(join(folder, verdictFile), 'utf8')) as { verdict?: unknown };
    return (['met', 'unmet', 'not-observable'] as const).find((word) => word === kept.verdict);
  } catch {
    return undefined;
  }
}

/** Which runs are to go: those named, those before a moment, all but the latest so many. */
export interface Choice {
  names: readonly string[];
  /** Microseconds since the epoch. */
  before?: number;
  keep?: number;
}

/**
 * The runs that are meant, of all that there are, oldest first. One that may still be written goes only by its name.
 * Throws LabError `usage` for a name that no run has: here nothing is guessed.
 */
export function chosenRuns(runs: readonly RunEntry[], { names, before, keep }: Choice): RunEntry[] {
  const named = names.map((name) => runNamed(runs, name));
  const whole = runs.filter(({ finished }) => finished);
  const old = before === undefined ? [] : whole.filter(({ record }) => record !== undefined && record.ended < before);
  const beyond = keep === undefined ? [] : whole.slice(0, Math.max(0, whole.length - keep));
  const going = new Set([...named, ...old, ...beyond]);
  return runs.filter((run) => going.has(run));
}

function runNamed(runs: readonly RunEntry[], name: string): RunEntry {
  const plain = name.replace(/\/$/, '').replace(/\.part$/, '');
  const found = runs.filter((run) => run.name === plain || `${run.lab}/${run.name}` === plain || run.folder === plain);
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const near = nearest(
    plain,
    runs.map((run) => run.name),
    3,
  );
  throw new LabError('usage', found.length > 1 ? `two labs have a run "${name}"` : `there is no run "${name}"`, {
    hint:
      found.length > 1
        ? `name its lab, too: ${found.map((run) => `${run.lab}/${run.name}`).join(' or ')}`
        : near.length > 0
          ? `there is ${near.join(', ')}`
          : 'labctl runs lists them',
  });
}

/** Removes the folders, one after the other. Throws LabError `usage` when one cannot be removed. */
export async function removeRuns(runs: readonly RunEntry[]): Promise<void> {
  for (const { folder } of runs)
    await rm(folder, { recursive: true }).catch((error: Error) => {
      throw new LabError('usage', `the run cannot be removed: ${error.message}`, { where: folder });
    });
}
