// What the steps of a scenario work on: the recorded hosts, the programs that run there, and how long anything may take.

import type { Host } from '../engine/engine.ts';
import { LabError } from '../model/lab-error.ts';
import type { AddressPlaceholder } from '../model/notation.ts';
import type { ProgramRecord, RunEvent } from '../model/run.ts';
import type { Scenario } from '../model/scenario.ts';
import type { Changes } from './changes.ts';
import type { Program, ProgramSinks } from './program.ts';
import type { Recording } from './recording.ts';
import type { WireRules } from './wire.ts';

export interface RecordedHost {
  host: Host;
  recording: Recording;
}

export interface Stage {
  scenario: Scenario;
  hosts: ReadonlyMap<string, RecordedHost>;
  programs: Map<string, Program>;
  /** Told of everything that happens in any host. */
  changes: Changes;
  /** Aborted by the user. */
  signal: AbortSignal | undefined;
  /** False: nothing is traced. */
  trace: boolean;
  event: (event: RunEvent) => void;
  sinksOf: (program: string) => ProgramSinks;
  /** Told before a program starts. */
  addProgram: (program: ProgramRecord) => void;
  look: (name: string, host: string) => Promise<void>;
  /** Absent when the scenario has no rules for the wire. */
  wire: WireRules | undefined;
  addressOf: (wanted: AddressPlaceholder) => string;
}

/** A step that did not come true: what was awaited, and what was there instead. */
export class StepFailure extends Error {
  readonly awaited: string;
  readonly seen: string;

  constructor(awaited: string, seen: string) {
    super(`${awaited}: ${seen}`);
    this.awaited = awaited;
    this.seen = seen;
  }
}

export const defaultDeadline = 5000;

/** What `test` gives, undefined after `ms`. Throws the abort's reason, or LabError when a recorder is lost meanwhile. */
export function watchFor<T>(stage: Stage, test: () => T | undefined, ms: number): Promise<T | undefined> {
  const guarded = () => {
    for (const { recording } of stage.hosts.values()) recording.throwIfLost();
    stage.wire?.throwIfLost();
    return test();
  };
  return stage.changes.until(guarded, ms, stage.signal);
}

/** Waits for what `test` gives. Throws StepFailure after `ms`, and what `watchFor` throws. */
export async function awaitOn<T>(
  stage: Stage,
  test: () => T | undefined,
  { ms = defaultDeadline, what, seen }: { ms?: number; what: string; seen: () => string },
): Promise<T> {
  const found = await watchFor(stage, test, ms);
  if (found === undefined) throw new StepFailure(`${what} within ${ms / 1000} s`, seen());
  return found;
}

export function programOf(stage: Stage, name: string): Program {
  const program = stage.programs.get(name);
  if (program === undefined) throw new LabError('usage', `no program "${name}" was started`);
  return program;
}

export function hostOf(stage: Stage, name: string): RecordedHost {
  const found = stage.hosts.get(name);
  if (found === undefined) throw new LabError('usage', `the scenario does not record the host "${name}"`);
  return found;
}

/** `client ended with code 1; it printed "…"`, for whoever waited for more of it. */
export const endText = (program: Program): string =>
  `${program.spec.name} ended with code ${program.exitCode}; it printed ${program.output.seen}`;
