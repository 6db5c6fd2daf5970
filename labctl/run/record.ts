// Records a lab while people work in it by hand, and lets their programs find the recorder.

import { constants } from 'node:os';
import { basename } from 'node:path/posix';
import type { Engine } from '../engine/engine.ts';
import type { GrowingFile } from '../folder/growing-file.ts';
import { files } from '../folder/names.ts';
import type { Lab } from '../model/lab.ts';
import type { RunEvent } from '../model/run.ts';
import type { Scenario } from '../model/scenario.ts';
import { now } from '../model/time.ts';
import { CallLogSplitter, type SplitProgram } from './call-log-splitter.ts';
import { quiet, sweep } from './ending.ts';
import type { LiveWatcher } from './live.ts';
import type { FrameHandlers, Recording } from './recording.ts';
import { RunRecorder, type RunResult } from './run-recorder.ts';

export interface RecordOptions {
  engine: Engine;
  lab: Lab;
  /** All hosts of the lab unless told. */
  hosts?: readonly string[];
  runsFolder: string;
  onEvent?: (event: RunEvent) => void;
  /** Sees every packet as soon as it is captured. */
  watcher?: LiveWatcher;
  /** Aborting is the normal end of a free recording. */
  signal: AbortSignal;
}

/** What a free recording is called where a run names its scenario. */
export const freeRecording = 'record';

/**
 * Records until aborted, then writes the run folder; loopback interfaces too, because nobody knows what will be typed.
 * Programs that run on after the end are left alone. Throws LabError when a host cannot be recorded.
 */
export async function recordLab(options: RecordOptions): Promise<RunResult> {
  const { engine, lab, runsFolder, onEvent, watcher, signal } = options;
  const hosts = [...(options.hosts ?? lab.hosts.map(({ name }) => name))];
  const names = new Map<string, number>();
  const programs: HandStarted[] = [];
  const opened = (recorder: RunRecorder, recording: Recording) => {
    const program = new HandStarted(recorder, recording, names);
    programs.push(program);
    return program;
  };
  const scenario = scenarioOf(hosts);
  const recorder = await RunRecorder.open({ engine, lab, scenario, runsFolder, onEvent, watcher, opened });
  const lost = await recorder.untilStopped(signal);
  await sweep(recorder.recordings, programs, recorder.changes);
  await quiet(recorder.recordings);
  return recorder.finish(lost ? 'engine-failed' : 'complete', lost);
}

const scenarioOf = (hosts: string[]): Scenario => ({
  name: freeRecording,
  file: '',
  title: { en: 'A recording by hand', fr: 'Un enregistrement à la main' },
  about: { en: 'What was typed in this lab while it was recorded.', fr: 'Ce qui a été tapé pendant l’enregistrement.' },
  hosts,
  loopback: hosts,
  steps: [],
  expect: [],
});

/** What one `labctl exec` or `labctl shell` started: the program itself, and every program typed in it. */
class HandStarted implements FrameHandlers {
  readonly recording: Recording;
  /** Its strace wrote its last line. */
  logEnded = false;
  readonly #recorder: RunRecorder;
  readonly #names: Map<string, number>;
  readonly #splitter = new CallLogSplitter();
  readonly #logs: { name: string; file: Promise<GrowingFile>; ended: boolean }[] = [];

  constructor(recorder: RunRecorder, recording: Recording, names: Map<string, number>) {
    this.#recorder = recorder;
    this.recording = recording;
    this.#names = names;
  }

  data(bytes: Uint8Array): Promise<void> {
    return this.#take(Buffer.from(bytes).toString());
  }

  end(): void {
    this.logEnded = true;
    this.#recorder.changes.notify();
  }

  async #take(text: string): Promise<void> {
    const lines = this.#splitter.push(text);
    for (const program of this.#splitter.programs.slice(this.#logs.length)) this.#begin(program);
    for (const line of lines) await (await this.#logs[line.program]?.file)?.write(Buffer.from(line.text));
    for (const [index, { ended }] of this.#splitter.programs.entries())
      if (ended !== undefined) this.#end(index, ended);
  }

  #begin({ pid, argv }: SplitProgram): void {
    const base = `${this.recording.host}-${basename(argv[0] ?? 'program')}`;
    const count = (this.#names.get(base) ?? 0) + 1;
    this.#names.set(base, count);
    const name = count === 1 ? base : `${base}-${count}`;
    this.#logs.push({ name, file: this.#recorder.writer.grow(files.calls(name)), ended: false });
    this.#recorder.addProgram({ name, host: this.recording.host, argv, traced: 'calls' });
    this.#recorder.event({
      at: now(),
      kind: 'program-started',
      program: name,
      host: this.recording.host,
      argv,
      pid,
      traced: true,
    });
  }

  #end(index: number, ended: string): void {
    const log = this.#logs[index];
    if (log === undefined || log.ended) return;
    log.ended = true;
    const signals: Record<string, number> = constants.signals;
    const code = /^\d+$/.test(ended) ? Number(ended) : 128 + (signals[ended] ?? 0);
    this.#recorder.event({ at: now(), kind: 'program-ended', program: log.name, code });
  }
}
