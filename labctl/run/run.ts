// Carries a scenario out on a lab that is up: records every host, takes the steps, ends what it began, whatever happens.

import type { Engine } from '../engine/engine.ts';
import type { Lab } from '../model/lab.ts';
import type { LabError } from '../model/lab-error.ts';
import type { RunEvent, RunRecord } from '../model/run.ts';
import type { Scenario } from '../model/scenario.ts';

export interface RunOptions {
  engine: Engine;
  /** Must be up. */
  lab: Lab;
  scenario: Scenario;
  /** The folder of all runs; this one becomes `<runsFolder>/<lab>/<time>-<scenario>`. */
  runsFolder: string;
  onEvent?: (event: RunEvent) => void;
  /** Aborting stops the run: what was recorded is kept, nothing stays in the hosts. */
  signal?: AbortSignal;
  /** Awaited before each step, e.g. until Enter was pressed. */
  pauseBeforeStep?: (summary: string, step: number) => Promise<void>;
  /** False: no program runs under strace, whatever its step says. */
  trace?: boolean;
}

export interface RunResult {
  /** Absolute path of the finished run folder. */
  folder: string;
  record: RunRecord;
  /** Why the run ended early; `record.outcome` says of which kind it was. */
  failure?: LabError;
}

/**
 * Runs a scenario and writes its run folder. A step that fails, an abort or an engine that breaks ends the run early,
 * and still gives a folder with all that was recorded. Throws LabError only when there is nothing to keep: the lab is
 * not up, a host of the scenario does not exist or cannot be recorded.
 */
export async function runScenario(_options: RunOptions): Promise<RunResult> {
  throw new Error('not yet');
}
