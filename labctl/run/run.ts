// Carries a scenario out on a lab that is up: records every host, takes the steps, ends what it began, whatever happens.

import type { Engine } from '../engine/engine.ts';
import { files } from '../folder/names.ts';
import type { Lab } from '../model/lab.ts';
import { LabError, placeText } from '../model/lab-error.ts';
import type { Text } from '../model/language.ts';
import type { RunEvent, RunOutcome } from '../model/run.ts';
import type { Scenario, Step } from '../model/scenario.ts';
import { describeStep, describeTogether } from '../model/step-text.ts';
import { now } from '../model/time.ts';
import { endPrograms, quiet, resumeAll, sweep } from './ending.ts';
import { holderText } from './held.ts';
import type { LiveWatcher } from './live.ts';
import { withFate, withLabsFate } from './lost-host.ts';
import type { Program, ProgramSinks } from './program.ts';
import { RunRecorder, type RunResult } from './run-recorder.ts';
import { Sampler } from './sampler.ts';
import { installPrograms } from './scenario-programs.ts';
import { type Stage, StepFailure } from './stage.ts';
import { groupsOf, type Numbered } from './step-groups.ts';
import { carryOut } from './steps.ts';
import { type Tuning, tuneHosts } from './sysctls.ts';
import { addressOf } from './topology.ts';
import { WireRules } from './wire.ts';

export type { RunResult } from './run-recorder.ts';

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
  pauseBeforeStep?: (summary: Text, step: number) => Promise<void>;
  /** Sees every packet as soon as it is captured. */
  watcher?: LiveWatcher;
  /** False: no program runs under strace, whatever its step says. */
  trace?: boolean;
  /** Hosts that were made anew before; the run makes them as they were. Without it, the run makes them anew itself. */
  tuning?: Tuning;
  /** Called whenever the run waits for a program to start: what is done then costs no time. */
  whileWaiting?: () => void;
}

/**
 * Runs a scenario and writes its run folder. A step that fails, an abort or an engine that breaks ends the run early,
 * and still gives a folder with all that was recorded. Throws LabError only when there is nothing to keep: the lab is
 * not up, a host of the scenario does not exist or cannot be recorded.
 */
export async function runScenario(options: RunOptions): Promise<RunResult> {
  const { engine, lab, scenario } = options;
  const tuning = options.tuning ?? (await tuneHosts(engine, lab, scenario));
  try {
    if (scenario.programs) await installPrograms(engine, lab, scenario, options.signal);
    return await onTheWire(options, tuning);
  } catch (error) {
    throw error instanceof LabError && error.kind === 'engine' ? await withLabsFate(engine, lab.name, error) : error;
  } finally {
    await tuning.restore();
  }
}

async function onTheWire(options: RunOptions, tuning: Tuning): Promise<RunResult> {
  const wire = await WireRules.open(options.engine, options.lab.name, options.scenario);
  const result = await carriedOut(options, tuning, wire).catch(async (error: unknown) => {
    await wire?.release().catch(() => undefined);
    throw error;
  });
  // What was recorded is kept, even when something of the rules stays.
  const problem: unknown = await wire?.release().catch((error: unknown) => error);
  return problem instanceof LabError ? { ...result, failure: result.failure ?? problem } : result;
}

async function carriedOut(options: RunOptions, { settings }: Tuning, wire: WireRules | undefined): Promise<RunResult> {
  const recorder = await RunRecorder.open(options);
  await holdAll(recorder, options);
  for (const [host, sysctls] of Object.entries(settings))
    recorder.event({ at: now(), kind: 'host-tuned', host, sysctls });
  const stage = stageOf(recorder, wire, options);
  if (wire) wire.onLost = () => recorder.changes.notify();
  const sampler = samplerOf(recorder, options.scenario.measure);
  let stopped: { error: unknown } | undefined;
  const stop = async (error: unknown) => {
    stopped ??= { error: await inWords(error, recorder, options) };
    recorder.event({ at: now(), kind: 'stopped', why: whyText(stopped.error, options.signal) });
  };
  await takeSteps(stage, options).catch(stop);
  await sampler.end();
  await endAll(recorder, [...stage.programs.values()]);
  if (wire) await endRules(recorder, wire).catch(stop);
  const lost = recorder.recordings.find(({ failure }) => failure)?.failure;
  if (lost && !stopped) await stop(lost);
  const outcome = stopped ? outcomeOf(stopped.error, options.signal) : 'complete';
  const result = await recorder.finish(outcome, stopped?.error instanceof LabError ? stopped.error : undefined);
  if (stopped && outcome === 'engine-failed' && !(stopped.error instanceof LabError)) throw stopped.error;
  return { ...result, failure: (await inWords(result.failure, recorder, options)) as LabError | undefined };
}

/** One after the other, in the order of their names: of two runs that want the same hosts, one gets them all. */
async function holdAll(recorder: RunRecorder, { scenario }: RunOptions): Promise<void> {
  const holder = holderText(scenario.name);
  try {
    for (const host of [...recorder.hosts.keys()].sort()) await recorder.hosts.get(host)?.recording.hold(holder);
  } catch (error) {
    await recorder.discard();
    throw error;
  }
}

/** Where it is a recorder that was lost, with what became of its host. */
async function inWords(error: unknown, { recordings }: RunRecorder, { engine, lab }: RunOptions): Promise<unknown> {
  const lost = recordings.find(({ failure }) => failure !== undefined && failure === error);
  return lost?.failure ? withFate(engine, lab.name, lost.host, lost.failure) : error;
}

const samplerOf = ({ hosts, writer }: RunRecorder, names: readonly string[] = []): Sampler =>
  new Sampler(
    [...hosts]
      .filter(([name]) => names.includes(name))
      .map(([name, { recording }]) => {
        const file = writer.grow(files.samples(name));
        return { recording, sink: async (bytes) => (await file).write(bytes) };
      }),
  );

/** The counters are evidence of the run; the rules are gone before it is written down. */
async function endRules(recorder: RunRecorder, wire: WireRules): Promise<void> {
  recorder.record.wire = await wire.counts();
  await wire.release();
}

function stageOf(
  recorder: RunRecorder,
  wire: WireRules | undefined,
  { scenario, signal, trace = true, whileWaiting }: RunOptions,
): Stage {
  const programs = new Map<string, Program>();
  return {
    scenario,
    hosts: recorder.hosts,
    programs,
    changes: recorder.changes,
    signal,
    trace,
    wire,
    event: (event) => recorder.event(event),
    sinksOf: (program) => ({ ...sinksOf(recorder, program), ...(whileWaiting ? { waiting: whileWaiting } : {}) }),
    addProgram: (program) => recorder.addProgram(program),
    look: (name, host) => recorder.look(name, host),
    addressOf: (wanted) => addressOf(recorder.running, wanted),
  };
}

/** A program's evidence goes to files that are there from its start, or from its first output. */
function sinksOf(recorder: RunRecorder, program: string): ProgramSinks {
  const { writer } = recorder;
  const calls = writer.grow(files.calls(program));
  const output = {
    stdout: writer.grow(files.output(program, 'stdout')),
    stderr: writer.grow(files.output(program, 'stderr')),
  };
  return {
    event: (event) => recorder.event(event),
    calls: async (bytes) => (await calls).write(bytes),
    output: async (stream, bytes) => (await output[stream]).write(bytes),
  };
}

async function takeSteps(stage: Stage, { scenario, signal, pauseBeforeStep }: RunOptions): Promise<void> {
  for (const rule of scenario.wire ?? []) await stage.wire?.change(rule, stage.event);
  for (const together of groupsOf(scenario.steps)) {
    signal?.throwIfAborted();
    await pauseBeforeStep?.(describeTogether(together.map(({ step }) => step)), together[0]?.number ?? 0);
    signal?.throwIfAborted();
    await takeTogether(stage, together);
  }
}

/** The first that fails ends the waiting of the others, and is the one that is told. */
async function takeTogether(stage: Stage, numbered: readonly Numbered[]): Promise<void> {
  const branches = new Map<number, Numbered[]>();
  for (const one of numbered) {
    const branch = one.step.branch?.number ?? 0;
    branches.set(branch, [...(branches.get(branch) ?? []), one]);
  }
  if (branches.size === 1) return takeInOrder(stage, numbered);
  const failed = new AbortController();
  const signals = [failed.signal, ...(stage.signal ? [stage.signal] : [])];
  const beside: Stage = { ...stage, signal: AbortSignal.any(signals) };
  let first: { error: unknown } | undefined;
  const take = async (steps: readonly Numbered[]) => {
    await takeInOrder(beside, steps).catch((error: unknown) => {
      first ??= { error };
      failed.abort(error);
    });
  };
  await Promise.all([...branches.values()].map(take));
  if (first) throw first.error;
}

async function takeInOrder(stage: Stage, numbered: readonly Numbered[]): Promise<void> {
  for (const { step, number } of numbered) {
    stage.signal?.throwIfAborted();
    const { verb, name, say, round } = step;
    const summary = describeStep(step);
    const began = { at: now(), kind: 'step-began', step: number, verb, name, summary, say } as const;
    stage.event(round === undefined ? began : { ...began, round: round.number });
    await takeStep(stage, step, number);
    stage.event({ at: now(), kind: 'step-ended', step: number });
  }
}

async function takeStep(stage: Stage, step: Step, number: number): Promise<void> {
  try {
    await carryOut(stage, step, number);
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    const { awaited, seen } = error;
    stage.event({ at: now(), kind: 'step-failed', step: number, awaited, seen, place: placeText(step.place) });
    // What the hosts look like now tells why, and nothing later does.
    await Promise.all([...stage.hosts.keys()].map((host) => stage.look(failedLook, host))).catch(() => undefined);
    // Where a host is gone, its programs are too, and their end may have been heard of first: the step is not at fault.
    for (const { recording } of stage.hosts.values()) if (recording.failure) throw recording.failure;
    throw new LabError('not-observable', `step ${number} did not come true: awaited ${awaited}; seen: ${seen}`, {
      where: step.place,
      cause: error,
    });
  }
}

/** The look at every host when a step does not come true. */
export const failedLook = 'failed';

function outcomeOf(error: unknown, signal: AbortSignal | undefined): RunOutcome {
  if (signal?.aborted) return 'interrupted';
  return error instanceof LabError && error.cause instanceof StepFailure ? 'step-failed' : 'engine-failed';
}

const whyText = (error: unknown, signal: AbortSignal | undefined): string =>
  signal?.aborted ? 'the user stopped the run' : (error as Error).message;

/** Nothing of the run goes on in any host, and the last packets have arrived, when this settles. */
async function endAll(recorder: RunRecorder, programs: readonly Program[]): Promise<void> {
  const { recordings, changes } = recorder;
  await resumeAll(recordings);
  await endPrograms(programs, changes);
  await sweep(recordings, programs, changes);
  await quiet(recordings);
}
