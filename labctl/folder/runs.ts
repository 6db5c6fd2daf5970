// Knows where run folders lie and how they are named: finds them, lists them, picks one by name.

import type { RunRecord } from '../model/run.ts';

export interface RunEntry {
  /** Absolute path. */
  folder: string;
  lab: string;
  /** `20260131T120000-first-client`. */
  name: string;
  scenario: string;
  /** False: labctl was killed while it recorded; what was written so far is there. */
  finished: boolean;
  /** Absent where run.json cannot be read. */
  record?: RunRecord;
}

/** `runs` beside the Compose file where that can be written, else in the user's state folder (XDG Base Directory). */
export async function runsFolderFor(_composeFile: string, _env: NodeJS.ProcessEnv): Promise<string> {
  throw new Error('not yet');
}

/** All runs of all labs, oldest first; a folder that does not exist holds none. */
export async function listRuns(_runsFolder: string): Promise<RunEntry[]> {
  throw new Error('not yet');
}

/** Folder of a run by path, by name, by lab/name or by part of a name; the latest without one. Throws LabError `usage`. */
export async function resolveRun(
  _runsFolder: string,
  _nameOrPath?: string,
  _options: { cwd?: string } = {},
): Promise<string> {
  throw new Error('not yet');
}
