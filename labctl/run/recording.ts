// One host while it is recorded: its captures on their way to files, looks, watched sockets, call logs, and the orderly end.

import { setTimeout as delay } from 'node:timers/promises';
import type { Host } from '../engine/engine.ts';
import { type ProcSocket, parseProcNet } from '../evidence/proc-net.ts';
import { LabError } from '../model/lab-error.ts';
import { type ByteSink, CallLog } from './call-log.ts';
import { Changes, within } from './changes.ts';
import type { Frame } from './frames.ts';
import { heldBy } from './held.ts';
import { type CaptureCounts, type Hello, parseCaptureCounts } from './hello.ts';
import { RecorderLink, type RecorderOptions } from './recorder-link.ts';

export interface RecordingOptions extends RecorderOptions {
  /** Where the pcap stream of an interface goes. */
  captureSink: (host: string, networkInterface: string) => ByteSink;
  /** Where the lines about kernel counters that rose go. */
  counterSink?: (host: string) => ByteSink;
  /** Told whenever anything about this host changed. */
  changes?: Changes;
}

/** A short program's whole output. */
export interface ToolResult {
  stdout: string;
  stderr: string;
  exitCode: number;
}

/** Raw tables of one look. */
export interface LookTexts {
  ss: string | undefined;
  ps: string | undefined;
  nstat: string | undefined;
}

export interface CaptureEnd {
  interface: string;
  /** Absent when tcpdump did not live to say it. */
  counts?: CaptureCounts;
}

const readyDeadline = 10_000;
const markerDeadline = 3000;
/** How often and how long (ms) to wait for whoever is in a host to leave it. */
const holdAttempts = { most: 8, pause: 200 };
/** A busy host takes a second or two; one that is paused answers never. */
const answerDeadline = 10_000;
export const student = 1000;
const recorder = 0;

/** In tcpdump's own words, such as `The interface disappeared`; its exit code is in the first line, its counts in the last. */
function endedText(name: string, words: string): string {
  const said = words.split('\n').slice(1);
  const why = said.filter((line) => !/listening on |packets? (captured|received|dropped)/.test(line));
  return `tcpdump on ${name} ended: ${why.join(' ').replaceAll('tcpdump: ', '').trim()}`;
}

export class Recording implements AsyncDisposable {
  readonly host: string;
  readonly hello: Hello;
  readonly changes: Changes;
  paused = false;
  readonly #link: RecorderLink;
  readonly #counterSink: ByteSink | undefined;
  readonly #ready = new Set<string>();
  readonly #ends = new Map<string, string>();
  /** Frames of captures so far. */
  #received = 0;
  #watchers = 0;
  #ending = false;
  #table: { channel: number; rows: ProcSocket[] } | undefined;

  constructor(link: RecorderLink, hello: Hello, options: RecordingOptions) {
    this.host = link.host;
    this.hello = hello;
    this.changes = options.changes ?? new Changes();
    this.#link = link;
    for (const { channel, name } of hello.interfaces) {
      const sink = options.captureSink(link.host, name);
      link.receive(channel, (frame) => this.#captured(name, sink, frame));
    }
    this.#counterSink = options.counterSink?.(link.host);
    void link.gone.then(() => this.changes.notify());
  }

  /** Why the recorder is gone though nobody ended it; undefined while all is well. */
  get failure(): LabError | undefined {
    return this.#link.failure;
  }

  /** Settles once every tcpdump listens. Throws LabError `engine` with tcpdump's words when one cannot. */
  async ready(): Promise<void> {
    const all = this.hello.interfaces;
    const ready = await this.changes.until(() => {
      this.throwIfLost();
      const [[ended, words] = []] = [...this.#ends];
      if (words !== undefined) throw this.#lost(endedText(ended ?? '', words));
      return all.every(({ name }) => this.#ready.has(name)) || undefined;
    }, readyDeadline);
    if (!ready) throw this.#lost('tcpdump was not ready after 10 s');
    const sink = this.#counterSink;
    // Not before: the first order costs the recorder time. Whatever is ordered of it next finds the counters read.
    if (sink) this.#link.command(['counters'], ({ kind, payload }) => (kind === 'data' ? sink(payload) : undefined));
  }

  throwIfLost(): void {
    if (this.#link.failure) throw this.#link.failure;
  }

  /** The host's sockets, processes and kernel counters at one moment, without the recorder's own processes. */
  async look(): Promise<LookTexts> {
    const columns = ['pid:10=', 'ppid:10=', 'uid:10=', 'stat:8=', 'comm:20=', 'args='].join(',');
    const [ss, ps, nstat] = await Promise.all([
      // Root without CAP_SYS_PTRACE sees no owners of sockets; the programs' own user does.
      this.tool(student, ['ss', '-HOantupeimo']),
      this.tool(student, ['ps', '-ww', '-N', '-s', String(this.hello.session), '-o', columns]),
      this.tool(recorder, ['nstat', '-aszj']),
    ]);
    const said = ({ exitCode, stdout }: ToolResult): string | undefined => (exitCode === 0 ? stdout : undefined);
    return { ss: said(ss), ps: said(ps), nstat: said(nstat) };
  }

  /** Runs a short tool in the host. Throws LabError `engine` when it is not there. */
  async tool(uid: number, argv: readonly string[]): Promise<ToolResult> {
    const output: Buffer[] = [];
    const done = new Promise<ToolResult>((resolve, reject) => {
      const channel = this.#link.command(['tool', uid, ...argv], ({ kind, payload }) => {
        if (kind === 'data') return void output.push(Buffer.from(payload));
        this.#link.forget(channel);
        const [first = '', ...rest] = Buffer.from(payload).toString().split('\n');
        if (kind === 'refused') reject(this.#lost(first));
        else resolve({ stdout: Buffer.concat(output).toString(), stderr: rest.join('\n'), exitCode: Number(first) });
      });
    });
    const result = await this.#answer(done);
    return result ?? Promise.reject(this.#link.failure ?? this.#lost('the recorder is gone'));
  }

  /** Has the socket table watched while `wait` lasts; `rows()` is undefined until it was read for the first time. */
  async withSockets<T>(wait: (rows: () => ProcSocket[] | undefined) => Promise<T>): Promise<T> {
    this.#watchers += 1;
    const own = this.#link.command(['watch'], (frame) => this.#watched(frame));
    try {
      return await wait(() => (this.#table && this.#table.channel >= own ? this.#table.rows : undefined));
    } finally {
      this.#watchers -= 1;
      if (this.#watchers === 0) this.#link.command(['unwatch']);
    }
  }

  /** The socket table now. */
  async sockets(): Promise<ProcSocket[]> {
    const rows = await this.withSockets((table) =>
      this.changes.until(() => (this.throwIfLost(), table()), readyDeadline),
    );
    return rows ?? [];
  }

  /** A FIFO in the host for a program's calls. Throws LabError when the host has no place for one. */
  async openCallLog(sink: ByteSink): Promise<CallLog & { path: string }> {
    const log = new CallLog(this.#link, this.changes, sink);
    await this.changes.until(() => (this.throwIfLost(), log.path ?? log.refused), readyDeadline);
    if (log.path === undefined) throw this.#lost(log.refused ?? 'no call log after 10 s');
    return log as CallLog & { path: string };
  }

  /** From now on programs started by hand find this recorder; `opened` is asked where each one's calls go. */
  async openDoor(opened: () => FrameHandlers): Promise<void> {
    const logs = new Map<number, FrameHandlers>();
    this.#link.receiveOthers(({ kind, channel, payload }) => {
      if (kind === 'new-log') logs.set(channel, opened());
      else if (kind === 'data') return logs.get(channel)?.data(payload);
      else if (kind === 'end') return logs.get(channel)?.end();
      return undefined;
    });
    const done = new Promise<string | undefined>((resolve) => {
      this.#link.command(['door'], ({ kind, payload }) =>
        resolve(kind === 'refused' ? Buffer.from(payload).toString() : undefined),
      );
    });
    const refused = await Promise.race([done, this.#link.gone]);
    this.throwIfLost();
    if (refused !== undefined) throw new LabError('usage', refused, { where: `host ${this.host}` });
  }

  /** Keeps every other run out of this host until the recorder is gone. Throws LabError `usage` with the words of whoever is in it. */
  async hold(words: string): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const holder = await this.#answered(['hold', words]);
      this.throwIfLost();
      if (holder === undefined) return;
      // A recorder whose labctl was killed leaves within a second.
      if (attempt === holdAttempts.most) throw heldBy(this.host, holder);
      await delay(holdAttempts.pause);
    }
  }

  /** Sends a signal to a program of this run, never to its tracer. Settles once it is sent, or the recorder is gone. */
  async signal(pid: number, name: string): Promise<void> {
    await this.#done(['signal', pid, name]);
  }

  /**
   * Stops all programs of the host but this recording's own, so that only its kernel goes on. Settles once nothing moves.
   * Throws LabError `engine` when something would not stop.
   */
  async pause(): Promise<void> {
    await this.#done(['pause']);
    this.paused = true;
  }

  /** Lets go on what `pause` stopped. */
  async resume(): Promise<void> {
    this.paused = false;
    await this.#done(['resume']);
  }

  /** Ends by SIGKILL whatever is left of this run's programs. */
  sweep(): void {
    this.#link.command(['sweep']);
  }

  /** Sends a marker through every interface, awaits each in its capture, then stops them; nothing that came before is lost. */
  async end(): Promise<CaptureEnd[]> {
    const { interfaces } = this.hello;
    this.#ending = true;
    const over = () => this.failure !== undefined || interfaces.every(({ name }) => this.#ends.has(name)) || undefined;
    if (!this.failure) this.#link.command(['end']);
    // However much is still on its way, only standing still for so long is a failure.
    for (let seen = -1; seen !== this.#received && !over(); ) {
      seen = this.#received;
      await this.changes.until(over, markerDeadline);
    }
    if (!over())
      this.#link.giveUp(`its captures did not end within ${markerDeadline / 1000} s: the last packets may be missing`);
    return interfaces.map(({ name }) => ({ interface: name, counts: parseCaptureCounts(this.#ends.get(name) ?? '') }));
  }

  /** Cuts the lifeline: everything of this recording leaves the host. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#link.close();
  }

  /** Has the recorder do something; settles once it is done. Throws LabError `engine` when the recorder cannot. */
  async #done(fields: readonly (string | number)[]): Promise<void> {
    const refused = await this.#answered(fields);
    if (refused !== undefined) throw this.#lost(refused);
  }

  /** Why the recorder refuses to do it; undefined when it is done. */
  #answered(fields: readonly (string | number)[]): Promise<string | undefined> {
    return this.#answer(
      new Promise<string | undefined>((resolve) => {
        const channel = this.#link.command(fields, ({ kind, payload }) => {
          this.#link.forget(channel);
          resolve(kind === 'refused' ? Buffer.from(payload).toString() : undefined);
        });
      }),
    );
  }

  /** The answer to an order; undefined when the recorder is gone, or is given up because it does not answer. */
  async #answer<Answer>(answer: Promise<Answer>): Promise<Answer | undefined> {
    const first = Promise.race([
      answer.then((value) => ({ value })),
      this.#link.gone.then(() => ({ value: undefined })),
    ]);
    const said = await within(first, answerDeadline);
    if (said === undefined) this.#link.giveUp(`its recorder did not answer within ${answerDeadline / 1000} s`);
    return said?.value;
  }

  #lost(message: string): LabError {
    return new LabError('engine', message, { where: `host ${this.host}` });
  }

  async #captured(name: string, sink: ByteSink, { kind, payload }: Frame): Promise<void> {
    this.#received += 1;
    if (kind === 'data') return sink(payload);
    if (kind === 'ready') this.#ready.add(name);
    if (kind === 'end') this.#ended(name, Buffer.from(payload).toString());
    this.changes.notify();
  }

  #ended(name: string, words: string): void {
    // One that never began to listen is told by `ready`.
    if (this.#ready.has(name) && !this.#ending) this.#link.fail(endedText(name, words));
    this.#ends.set(name, words);
  }

  #watched({ kind, channel, payload }: Frame): void {
    if (kind !== 'data') return;
    const [tcp = '', tcp6 = '', udp = '', udp6 = ''] = Buffer.from(payload).toString().split('\0');
    const rows = [
      ...parseProcNet(tcp, 'tcp'),
      ...parseProcNet(tcp6, 'tcp'),
      ...parseProcNet(udp, 'udp'),
      ...parseProcNet(udp6, 'udp'),
    ];
    // Docker's DNS listens in every host; it is never the lab's own.
    this.#table = { channel, rows: rows.filter(({ local }) => local.address !== '127.0.0.11') };
    this.changes.notify();
  }
}

export interface FrameHandlers {
  data: (bytes: Uint8Array) => void | Promise<void>;
  end: () => void;
}

/**
 * Starts the recorder in a host; ready when every interface is captured. Throws LabError `engine` when the host cannot
 * be recorded, and leaves nothing there then.
 */
export async function startRecording(host: Host, options: RecordingOptions): Promise<Recording> {
  const recording = await RecorderLink.open(host, options, (link, hello) => new Recording(link, hello, options));
  try {
    await recording.ready();
    return recording;
  } catch (error) {
    await recording[Symbol.asyncDispose]();
    throw error;
  }
}
