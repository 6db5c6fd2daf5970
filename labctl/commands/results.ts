// Results for other programs: `--junit` and `--tap`, to a file beside the usual text, or to standard output in its place.

import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Option } from '@commander-js/extra-typings';
import { LabError } from '../model/lab-error.ts';
import type { Points } from '../views/results/points.ts';
import type { Session } from './session.ts';

export interface ResultFlags {
  /** A file, or `-` for standard output. */
  junit?: string;
  tap?: string;
}

export const resultOptions = (): Option[] => [
  new Option('--junit <file>', 'the verdicts as JUnit’s XML; - prints them instead of the text').conflicts('json'),
  new Option('--tap <file>', 'the verdicts as TAP 14, likewise, for prove(1) and others').conflicts('json'),
];

const printed = (to: string | undefined): boolean => to === '-';

/** Writes what was asked for; true when standard output was, so that nothing else is printed there. Throws LabError `usage`. */
export async function writeResults(
  session: Session,
  flags: ResultFlags,
  points: () => Promise<Points>,
): Promise<boolean> {
  const { junit, tap } = flags;
  if (junit === undefined && tap === undefined) return false;
  if (printed(junit) && printed(tap)) throw new LabError('usage', 'standard output takes one of --junit and --tap');
  const judged = await points();
  const [{ junitText }, { tapText }] = await Promise.all([
    import('../views/results/junit.ts'),
    import('../views/results/tap.ts'),
  ]);
  if (junit !== undefined) await give(session, junit, junitText(judged));
  if (tap !== undefined) await give(session, tap, tapText(judged));
  return printed(junit) || printed(tap);
}

async function give(session: Session, to: string, text: string): Promise<void> {
  if (printed(to)) return session.out(text);
  const file = resolve(session.io.cwd, to);
  await writeFile(file, `${text}\n`).catch((error: Error) => {
    throw new LabError('usage', `the results cannot be written: ${error.message}`, { where: file });
  });
}
