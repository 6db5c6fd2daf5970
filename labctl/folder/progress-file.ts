// Keeps a student's progress, a file a lesson: written aside and renamed, and set aside with its content when damaged.

import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LabError } from '../model/lab-error.ts';
import { freshProgress, type LessonProgress, progressVersion } from '../model/progress.ts';
import { safeName } from './names.ts';

/** A progress file and what it says. */
export interface KeptProgress {
  file: string;
  progress: LessonProgress;
  /** The file could not be read: it lies here now, and the lesson begins anew. */
  damaged?: string;
}

/** Where a student's progress lies: in the user's state folder (XDG Base Directory). */
export function progressFolder(env: NodeJS.ProcessEnv, student: string): string {
  const state = env.XDG_STATE_HOME || join(env.HOME || '/tmp', '.local', 'state');
  return join(state, 'labctl', 'learn', safeName(student));
}

/**
 * Reads the progress of a lesson; fresh where there is none. Throws LabError `usage` for a file of a newer labctl, which
 * is left alone, and for one that nobody may read.
 */
export async function readProgress(folder: string, lesson: string, now = new Date()): Promise<KeptProgress> {
  const file = join(folder, `${safeName(lesson)}.json`);
  const fresh = freshProgress(lesson, now.toISOString());
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new LabError('usage', `your progress cannot be read: ${error.message}`, { where: file });
  });
  if (text === undefined) return { file, progress: fresh };
  const read = parsed(text);
  if (read !== undefined && typeof read.version === 'number' && read.version > progressVersion)
    throw new LabError('usage', `your progress was kept by a newer labctl (form ${read.version})`, {
      where: file,
      hint: 'use that one, or move the file away',
    });
  if (read !== undefined && isProgress(read)) return { file, progress: read };
  const damaged = `${file}.damaged-${now.toISOString().replace(/[-:]|\.\d+/g, '')}`;
  await rename(file, damaged);
  return { file, progress: fresh, damaged };
}

function parsed(text: string): Partial<LessonProgress> | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isProgress = (read: Partial<LessonProgress>): read is LessonProgress =>
  read.version === progressVersion &&
  typeof read.lesson === 'string' &&
  typeof read.begun === 'string' &&
  (read.run === undefined || typeof read.run === 'string') &&
  isMap(read.questions) &&
  Object.values(read.questions).every(isMap);

/** Settles once it is kept, whole or not at all. Throws LabError `usage` where it cannot be written. */
export async function keepProgress(file: string, progress: LessonProgress): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    const aside = `${file}.${process.pid}.new`;
    await writeFile(aside, `${JSON.stringify(progress, null, 2)}\n`);
    await rename(aside, file);
  } catch (error) {
    throw new LabError('usage', `your progress cannot be kept: ${(error as Error).message}`, { where: file });
  }
}
