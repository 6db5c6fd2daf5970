// Records a lab while people work in it by hand, and lets their programs find the recorder.

import type { Engine, Host } from '../engine/engine.ts';
import type { Lab } from '../model/lab.ts';
import type { RunEvent } from '../model/run.ts';
import type { RunResult } from './run.ts';

export interface RecordOptions {
  engine: Engine;
  lab: Lab;
  /** All hosts of the lab unless told. */
  hosts?: readonly string[];
  runsFolder: string;
  onEvent?: (event: RunEvent) => void;
  /** Aborting is the normal end of a free recording. */
  signal: AbortSignal;
}

/** Records until aborted, then writes the run folder. Throws LabError when a host cannot be recorded. */
export async function recordLab(_options: RecordOptions): Promise<RunResult> {
  throw new Error('not yet');
}

/** The command line that runs this program under the recorder's eyes if one is there, and as it is if not. */
export function wrapForRecording(_host: Host, argv: readonly string[]): string[] {
  return [...argv];
}
