// A program of a scenario while it runs: what it printed, what is typed to it, how it is signalled and how it ended.

import { constants } from 'node:os';
import type { Host, RunningProgram } from '../engine/engine.ts';
import type { OwnStart } from '../model/own-program.ts';
import type { RunEvent } from '../model/run.ts';
import { now } from '../model/time.ts';
import type { CallLog } from './call-log.ts';
import { within } from './changes.ts';
import { Output, type OutputStream } from './output.ts';
import type { Recording } from './recording.ts';
import { recordedCommand } from './tracing.ts';

export interface ProgramSpec {
  name: string;
  argv: readonly string[];
  traced: 'calls' | 'lines' | false;
  /** A student's program: where it starts, and what it finds in its environment. */
  own?: OwnStart;
}

/** Where a program's evidence goes. */
export interface ProgramSinks {
  event: (event: RunEvent) => void;
  calls: (bytes: Uint8Array) => void | Promise<void>;
  output: (stream: OutputStream, bytes: Uint8Array) => void | Promise<void>;
  /** Told when the engine was asked for the program and there is nothing to do but wait for it. */
  waiting?: () => void;
}

/** How long the engine may take to tell the exit code of a program that is gone, before it is taken from elsewhere. */
const exitCodeGrace = 500;
/** So many times, as long as there is more to hear. */
const drainRounds = 10;

export class Program {
  readonly spec: ProgramSpec;
  readonly recording: Recording;
  readonly output = new Output();
  /** Set once the program is over. */
  exitCode: number | undefined;
  /** Somebody typed, or it is a client by its step: the end of its input is its end. */
  readsInput = false;
  inputOpen = true;
  #draining = false;
  readonly #running: RunningProgram;
  readonly #log: CallLog;
  readonly #sinks: ProgramSinks;
  readonly #over: Promise<void>;

  private constructor(
    spec: ProgramSpec,
    recording: Recording,
    parts: { running: RunningProgram; log: CallLog; sinks: ProgramSinks },
  ) {
    this.spec = spec;
    this.recording = recording;
    this.#running = parts.running;
    this.#log = parts.log;
    this.#sinks = parts.sinks;
    parts.running.stdin.on('error', () => undefined);
    this.#over = this.#follow();
  }

  /** Starts it in the host, as the ordinary user. Settles when its pid is known or it is already over. */
  static async start(host: Host, recording: Recording, spec: ProgramSpec, sinks: ProgramSinks): Promise<Program> {
    const log = await recording.openCallLog(sinks.calls);
    const at = now();
    const running = await host.spawn(recordedCommand(spec.argv, spec.traced, log.path), {
      workingDir: spec.own?.folder,
      environment: spec.own?.environment,
    });
    const program = new Program(spec, recording, { running, log, sinks });
    sinks.waiting?.();
    await recording.changes.until(() => program.pid ?? program.exitCode ?? recording.failure, startDeadline);
    const [{ name, argv, traced }, pid] = [spec, program.pid];
    sinks.event({
      at,
      kind: 'program-started',
      program: name,
      host: host.name,
      argv: [...argv],
      pid,
      traced: traced !== false,
    });
    return program;
  }

  get pid(): number | undefined {
    return this.#log.pid;
  }

  get ended(): boolean {
    return this.exitCode !== undefined;
  }

  /** Its strace, and that of all its children, wrote its last line. */
  get logEnded(): boolean {
    return this.#log.ended;
  }

  type(text: string): void {
    this.readsInput = true;
    this.output.mark();
    this.#sinks.event({ at: now(), kind: 'typed', program: this.spec.name, text });
    this.#running.stdin.write(`${text}\n`);
  }

  closeInput(): void {
    if (!this.inputOpen) return;
    this.inputOpen = false;
    this.#sinks.event({ at: now(), kind: 'input-closed', program: this.spec.name });
    this.#running.stdin.end();
  }

  /** Settles once it is sent. */
  async signal(name: string): Promise<void> {
    if (this.pid === undefined) return;
    this.#sinks.event({ at: now(), kind: 'signalled', program: this.spec.name, signal: `SIG${name}` });
    await this.recording.signal(this.pid, name);
  }

  /** Lets go of its streams, for a program whose children hold them open, or that will not end. */
  async disconnect(): Promise<void> {
    this.#running.disconnect();
    await within(this.#over, exitCodeGrace);
  }

  async #follow(): Promise<void> {
    const printed = this.#pump().catch(() => undefined);
    const code = await Promise.race([printed.then(() => this.#running.exitCode), this.#codeOnceGone()]).catch(
      () => 255,
    );
    await this.#drain(printed);
    this.exitCode = code;
    if (this.output.cut > 0)
      this.#sinks.event({ at: now(), kind: 'output-cut', program: this.spec.name, bytes: this.output.cut });
    this.#sinks.event({ at: now(), kind: 'program-ended', program: this.spec.name, code });
    this.#log.release();
    this.recording.changes.notify();
  }

  /** Hears what an ended program still has on its way; children of its that hold the output open are not waited for. */
  async #drain(printed: Promise<unknown>): Promise<void> {
    this.#draining = true;
    const end = printed.then(() => true);
    for (let round = 0, heard = -1; round < drainRounds && this.output.total > heard; round++) {
      heard = this.output.total;
      if (await within(end, exitCodeGrace)) return;
    }
  }

  /** A program's children may hold its output open: then strace, which saw it end, knows better than the engine. */
  async #codeOnceGone(): Promise<number> {
    const { changes } = this.recording;
    while (!this.#log.gone && !this.ended) await changes.until(() => this.#log.gone || this.ended || undefined, 60_000);
    const code = await within(this.#running.exitCode, exitCodeGrace);
    return code ?? this.#log.exitCode(constants.signals) ?? this.#codeByHangingUp();
  }

  #codeByHangingUp(): Promise<number> {
    this.#running.disconnect();
    return this.#running.exitCode;
  }

  async #pump(): Promise<void> {
    let unpaced = 0;
    for await (const { stream, bytes } of this.#running.output) {
      const kept = this.output.push(stream, bytes);
      if (kept.text !== '')
        this.#sinks.event({ at: now(), kind: 'output', program: this.spec.name, stream, text: kept.text });
      if (kept.bytes.length > 0) await this.#sinks.output(stream, kept.bytes);
      this.recording.changes.notify();
      unpaced += kept.cut;
      if (unpaced < cutStride || this.#draining) continue;
      unpaced = 0;
      await pause(cutPace);
    }
  }
}

const startDeadline = 10_000;

/** What is printed beyond the limit is read slowly: whoever prints without end must not take labctl's time from others. */
const cutPace = 30;
const cutStride = 256 * 1024;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
