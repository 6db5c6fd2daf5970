// Writes the report page of a run, and all else that is made of it once: into its folder, or wherever the user wants it.

import { existsSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { LabError } from '../model/lab-error.ts';
import type { Language } from '../model/language.ts';
import type { Report } from '../model/report.ts';
import type { Session } from './session.ts';

export const pageName = 'report.html';

const pageParts = () =>
  Promise.all([
    import('../views/html/document.ts'),
    import('../analysis/tracks.ts'),
    import('../views/ladder-rows.ts'),
    import('../views/html/words.ts'),
    import('../lesson/answers.ts'),
    import('./page-files.ts'),
  ]);

/** All that `writeFresh` is made of, loaded before it is needed. */
export const loadFresh = (): Promise<unknown> =>
  Promise.all([pageParts(), import('../folder/explain-captures.ts'), import('../folder/remove-runs.ts')]);

/** The page as text. */
export async function pageText(report: Report, language: Language): Promise<string> {
  const [{ reportPage }, { tracksOf }, { ladderZero }, { pageWordsOf }, { answerText }, { pageFiles }] =
    await pageParts();
  const zero = ladderZero(report);
  const sheet = {
    ...{ report, zero, language },
    tracks: tracksOf(report, zero),
    words: pageWordsOf(language),
    answer: (question: Parameters<typeof answerText>[0]) => answerText(question, report, language),
  };
  return reportPage(sheet, await pageFiles());
}

/** Writes the page in one stroke. Throws LabError `usage` when the file cannot be written. */
export async function writePage(report: Report, language: Language, path: string): Promise<string> {
  const file = resolve(path);
  try {
    await writeFile(`${file}.new`, await pageText(report, language));
    await rename(`${file}.new`, file);
  } catch (error) {
    await rm(`${file}.new`, { force: true });
    throw new LabError('usage', `the page cannot be written: ${(error as Error).message}`, {
      where: file,
      cause: error,
    });
  }
  return file;
}

/** The name of the page in a run folder, where it has one. */
export const pageIn = (folder: string): string | undefined =>
  existsSync(join(folder, pageName)) ? pageName : undefined;

/**
 * Writes what is made of a run that has just ended: its page, and the words of the analysis into its captures. What cannot
 * be written is no reason to hide what happened.
 */
export async function writeFresh(session: Session, report: Report, folder: string): Promise<void> {
  try {
    const { explainCaptures } = await import('../folder/explain-captures.ts');
    await writePage(report, session.language, join(folder, pageName));
    const { keepVerdict } = await import('../folder/remove-runs.ts');
    await Promise.all([keepVerdict(folder, report), explainCaptures(folder, report, session.language)]);
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    session.note(error.message);
  }
}
