// All recorded hosts of one run and its folder: starts the recorders together, takes looks, ends everything, writes the record.

import { copyFile } from 'node:fs/promises';
import type { Engine, EngineVersion, RunningLab } from '../engine/engine.ts';
import { files } from '../folder/names.ts';
import { RunFolderWriter } from '../folder/run-folder-writer.ts';
import type { Lab } from '../model/lab.ts';
import { LabError } from '../model/lab-error.ts';
import {
  type HostRecord,
  type ProgramRecord,
  type RunEvent,
  type RunOutcome,
  type RunRecord,
  runVersion,
} from '../model/run.ts';
import type { Scenario } from '../model/scenario.ts';
import { type Micros, now } from '../model/time.ts';
import { packageVersion } from '../root.ts';
import { type CaptureTotals, type StepBegan, stepTimes, writeCapture } from './captures.ts';
import { Changes } from './changes.ts';
import { Clock } from './clock.ts';
import type { LiveWatcher } from './live.ts';
import type { CaptureEnd, FrameHandlers, Recording } from './recording.ts';
import { resolveLines } from './source-lines.ts';
import type { RecordedHost } from './stage.ts';
import { bothOrNone, startRecordings } from './start-recordings.ts';
import { addressNames, hostRecord, pointDescription } from './topology.ts';

export interface RunRecorderOptions {
  engine: Engine;
  lab: Lab;
  scenario: Scenario;
  runsFolder: string;
  onEvent?: (event: RunEvent) => void;
  /** Sees every packet as soon as it is captured. */
  watcher?: LiveWatcher;
  /** Is told of every program that people start by hand, from before it is said that a host is recorded. */
  opened?: (recorder: RunRecorder, recording: Recording) => FrameHandlers;
}

/** What a run leaves. */
export interface RunResult {
  /** Absolute path of the finished run folder. */
  folder: string;
  record: RunRecord;
  /** Why the run ended early; `record.outcome` says of which kind it was. */
  failure?: LabError;
}

interface Circumstances extends Pick<RunRecorderOptions, 'lab' | 'scenario'> {
  started: Micros;
  version: EngineVersion;
  hosts: HostRecord[];
}

/** What run.json says until the run ended, should labctl be killed before. */
const newRecord = ({ lab, scenario, started, version, hosts }: Circumstances): RunRecord => ({
  version: runVersion,
  labctl: packageVersion,
  lab: lab.name,
  scenario: scenario.name,
  engine: { name: version.name, version: version.version, api: version.api },
  kernel: version.kernel,
  started,
  ended: started,
  outcome: 'interrupted',
  hosts,
  programs: [],
  drops: [],
});

export class RunRecorder {
  readonly hosts: ReadonlyMap<string, RecordedHost>;
  readonly running: RunningLab;
  readonly changes: Changes;
  readonly writer: RunFolderWriter;
  readonly record: RunRecord;
  readonly #nonce: string;
  readonly #onEvent: (event: RunEvent) => void;
  readonly #problems: unknown[] = [];
  readonly #ends = new Map<string, CaptureEnd[]>();
  readonly #totals = new Map<string, CaptureTotals[]>();
  readonly #steps: StepBegan[] = [];
  readonly #clock = new Clock();
  #looks = 0;
  #writing: Promise<void> = Promise.resolve();

  private constructor(
    parts: { hosts: ReadonlyMap<string, RecordedHost>; running: RunningLab; changes: Changes },
    folder: { writer: RunFolderWriter; record: RunRecord; nonce: string },
    onEvent: (event: RunEvent) => void,
  ) {
    this.hosts = parts.hosts;
    this.running = parts.running;
    this.changes = parts.changes;
    this.writer = folder.writer;
    this.record = folder.record;
    this.#nonce = folder.nonce;
    this.#onEvent = onEvent;
  }

  /**
   * Every host of the scenario is recorded when this settles. Throws LabError, and leaves nothing behind, when one cannot be,
   * or when somebody else records what is started by hand.
   */
  static async open(options: RunRecorderOptions): Promise<RunRecorder> {
    const { engine, lab, scenario, runsFolder, onEvent = () => undefined, watcher } = options;
    const started = now();
    const running = await engine.find(lab.name);
    if (running === undefined) throw new LabError('usage', `the lab "${lab.name}" is not up`, { hint: '`labctl up`' });
    const writer = await RunFolderWriter.create(runsFolder, lab.name, scenario.name, started);
    const [changes, nonce] = [new Changes(), Math.random().toString(36).slice(2, 12).padEnd(10, '0')];
    const starting = startRecordings(engine, { lab, scenario, nonce, changes, writer, watcher });
    // Docker runs two programs to say its version; meanwhile the recorders start.
    const [hosts, version] = await bothOrNone(starting, engine.version()).catch(async (error: unknown) => {
      await writer.discard();
      throw error;
    });
    const recorded = [...hosts.values()].map(({ recording }) => hostRecord(recording.host, recording.hello, running));
    const record = newRecord({ lab, scenario, started, version, hosts: recorded });
    watcher?.began(record);
    const recorder = new RunRecorder({ hosts, running, changes }, { writer, record, nonce }, onEvent);
    try {
      await recorder.#openDoors(options);
      await Promise.all([recorder.#begin(options), recorder.lookEverywhere('start')]);
      return recorder;
    } catch (error) {
      await recorder.discard();
      throw error;
    }
  }

  get recordings(): Recording[] {
    return [...this.hosts.values()].map(({ recording }) => recording);
  }

  event(event: RunEvent): void {
    const by = this.#clock.step();
    if (by !== undefined) this.#write({ at: now(), kind: 'clock-stepped', by });
    if (event.kind === 'step-began') this.#steps.push(event);
    this.#write(event);
  }

  #write(event: RunEvent): void {
    try {
      this.writer.event(event);
    } catch (error) {
      this.#problems.push(error);
    }
    this.#onEvent(event);
  }

  /** From now on the record names this program, even if labctl is killed. */
  addProgram(program: ProgramRecord): void {
    this.record.programs.push(program);
    void this.#attempt(this.#saveRecord());
  }

  async #openDoors({ opened }: RunRecorderOptions): Promise<void> {
    if (opened === undefined) return;
    await Promise.all(this.recordings.map((recording) => recording.openDoor(() => opened(this, recording))));
  }

  /** Records what the host's sockets, processes and counters are now. */
  async look(name: string, host: string): Promise<void> {
    const texts = await this.hosts.get(host)?.recording.look();
    if (texts === undefined) return;
    const number = ++this.#looks;
    this.event({ at: now(), kind: 'look', name, host });
    const tools = ['ss', 'ps', 'nstat'] as const;
    await Promise.all(
      tools.flatMap((tool) => {
        const text = texts[tool];
        return text === undefined ? [] : [this.writer.write(files.look(number, name, host, tool), text)];
      }),
    );
  }

  /** Looks at every host whose recorder still answers. */
  async lookEverywhere(name: string): Promise<void> {
    await Promise.all([...this.hosts.keys()].map((host) => this.#attempt(this.look(name, host))));
  }

  /** Settles when the user stops it, or with the reason when a recorder is lost before. */
  async untilStopped(signal: AbortSignal): Promise<LabError | undefined> {
    const lost = () => this.#lost()?.failure;
    const day = 24 * 3600 * 1000;
    return this.changes.until(lost, day, signal).catch(lost);
  }

  #lost(): Recording | undefined {
    return this.recordings.find(({ failure }) => failure !== undefined);
  }

  /**
   * Takes the last look, stops recording, writes the captures and the record, and gives the folder its name. A part that
   * fails costs only itself.
   */
  async finish(outcome: RunOutcome, failure?: LabError): Promise<RunResult> {
    await Promise.all([this.lookEverywhere('end'), ...[...this.hosts.keys()].map((host) => this.#stopCaptures(host))]);
    await this.writer.settle();
    const left = Promise.all(this.recordings.map((recording) => recording[Symbol.asyncDispose]()));
    await Promise.all([...this.#ends].map(([host, ends]) => this.#attempt(this.#writeCapture(host, ends))));
    this.#reportTotals();
    if (this.#problems.length === 0) await this.writer.remove('raw');
    await left;
    const lost = this.#lost();
    if (lost?.failure && !failure)
      this.event({ at: now(), kind: 'stopped', why: `host ${lost.host}: ${lost.failure.message}` });
    Object.assign(this.record, { ended: now(), outcome: outcome === 'complete' && lost ? 'engine-failed' : outcome });
    await this.#saveRecord();
    const folder = await this.writer.finish();
    const [problem] = this.#problems;
    const other = problem instanceof LabError ? problem : undefined;
    return { folder, record: this.record, failure: failure ?? lost?.failure ?? other };
  }

  /** Stops everything and leaves no folder. */
  async discard(): Promise<void> {
    await Promise.all(this.recordings.map((recording) => recording[Symbol.asyncDispose]()));
    await this.writer.discard();
  }

  async #begin({ lab, scenario }: RunRecorderOptions): Promise<void> {
    const copy = (from: string, to: string) => copyFile(from, this.writer.path(to)).catch(() => undefined);
    await Promise.all([
      this.#saveRecord(),
      this.writer.writeJson(files.scenario, scenario),
      copy(scenario.file, files.scenarioText),
      copy(lab.file, files.composeText),
    ]);
    for (const { name, interfaces } of this.record.hosts)
      this.event({ at: now(), kind: 'recording-started', host: name, interfaces: interfaces.map((one) => one.name) });
  }

  async #stopCaptures(host: string): Promise<void> {
    const recording = this.hosts.get(host)?.recording;
    if (recording === undefined) return;
    const [ends] = await Promise.all([recording.end(), this.#attempt(this.#writeLines(host, recording))]);
    this.#ends.set(host, ends);
  }

  /** Source lines must be asked for while the host still runs the recorder. */
  async #writeLines(host: string, recording: Recording): Promise<void> {
    const traced = this.record.programs.filter((program) => program.host === host && program.traced === 'lines');
    await Promise.all(
      traced.map(async ({ name }) => {
        const { lines, sources } = await resolveLines(recording, await this.writer.read(files.calls(name)));
        await this.writer.writeJson(files.lines(name), lines);
        await Promise.all(Object.entries(sources).map(([file, text]) => this.writer.write(files.source(file), text)));
      }),
    );
  }

  async #writeCapture(host: string, ends: readonly CaptureEnd[]): Promise<void> {
    const { scenario, labctl, engine, kernel, hosts } = this.record;
    const interfaces = hosts.find(({ name }) => name === host)?.interfaces ?? [];
    const totals = await writeCapture(this.writer, host, ends, {
      nonce: this.#nonce,
      comment: [
        `labctl ${labctl}, scenario ${scenario}, host ${host}, ${engine.name} ${engine.version}, Linux ${kernel}`,
        ...stepTimes(this.#steps),
      ].join('\n'),
      os: `Linux ${kernel}`,
      application: `labctl ${labctl}`,
      descriptions: new Map(interfaces.map((one) => [one.name, pointDescription(host, one)])),
      names: addressNames(this.running),
    });
    this.#totals.set(host, totals);
  }

  /** In the order of the hosts, whoever was merged first. */
  #reportTotals(): void {
    for (const host of this.hosts.keys())
      for (const total of this.#totals.get(host) ?? []) {
        const { interface: name, captured, dropped } = total;
        this.record.drops.push({ host, interface: name, captured, dropped });
        this.event({ at: now(), kind: 'recording-stopped', host, ...total });
      }
  }

  /** One after the other: two writers of one file could leave the older text. */
  #saveRecord(): Promise<void> {
    const write = () => this.writer.writeJson(files.record, this.record);
    this.#writing = this.#writing.then(write, write);
    return this.#writing;
  }

  /** A part that fails must not cost the others; the first problem is told at the end. */
  async #attempt(work: Promise<unknown>): Promise<void> {
    await work.catch((error: unknown) => this.#problems.push(error));
  }
}
