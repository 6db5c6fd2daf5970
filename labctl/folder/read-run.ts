// Reads a run folder back, finished or not: bytes of every kind of evidence become the values the analysis starts from.

import type { RecordedRun } from '../model/run.ts';

/** What a damaged folder lost: which file, and what was wrong. */
export interface ReadNote {
  file: string;
  why: string;
}

/** Throws LabError `usage` when this is no run folder; a damaged file is kept as far as it goes and told to `onNote`. */
export async function readRun(
  _folder: string,
  _onNote: (note: ReadNote) => void = () => undefined,
): Promise<RecordedRun> {
  throw new Error('not yet');
}
