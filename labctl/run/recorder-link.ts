// The connection to one host's recorder: sends commands, hands each frame to whoever opened its channel.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host, RunningProgram } from '../engine/engine.ts';
import { LabError } from '../model/lab-error.ts';
import { packageRoot } from '../root.ts';
import { within } from './changes.ts';
import { type Frame, FrameReader } from './frames.ts';
import { type Hello, parseHello } from './hello.ts';

export interface RecorderOptions {
  /** Ends up in marker frames and in the recorder's folder; letters and digits. */
  nonce: string;
  loopback?: boolean;
  /** These interfaces alone; `lo` may be one of them. */
  interfaces?: readonly string[];
  /** What is captured, in the language of pcap-filter(7); everything unless told. */
  filter?: string;
}

/** Slow readers (a disk) return a promise: nothing more is read until it settles. */
export type FrameReceiver = (frame: Frame) => void | Promise<void>;

/** The second net, should the lifeline ever fail: no recorder outlives this. */
const timeLimitSeconds = 12 * 3600;
const helloDeadline = 30_000; // Docker has taken more than ten for an exec, at load 37 on two processors.
/** Commands use the numbers between those of captures and those of logs that come through the door. */
const firstCommand = 1000;

const partOf = (name: string): Promise<string> => readFile(join(packageRoot, 'labctl/run', name), 'utf8');

export class RecorderLink {
  readonly host: string;
  /** Settles, never rejects, when the recorder is gone; `failure` then says whether it should have been. */
  readonly gone: Promise<void>;
  failure: LabError | undefined;
  readonly #program: RunningProgram;
  readonly #receivers = new Map<number, FrameReceiver>();
  #orphans: FrameReceiver = () => undefined;
  #next = firstCommand;
  #complaints = '';
  #closing = false;

  private constructor(host: string, program: RunningProgram) {
    this.host = host;
    this.#program = program;
    program.stdin.on('error', () => undefined);
    this.gone = this.#pump().then(
      () => this.#ended('it ended'),
      (error: unknown) => this.#ended(error),
    );
  }

  /**
   * Starts the recorder; `meet` is called with its hello before any other frame is read, so that it can receive them all.
   * Throws LabError `engine` when the host cannot run it.
   */
  static async open<T>(
    host: Host,
    options: RecorderOptions,
    meet: (link: RecorderLink, hello: Hello) => T,
  ): Promise<T> {
    const script = await Promise.all([partOf('recorder.py'), partOf('recorder-orders.py')]);
    const argv = [
      options.nonce,
      String(timeLimitSeconds),
      ...(options.loopback ? ['lo'] : []),
      ...(options.interfaces ?? []).map((name) => `only=${name}`),
      ...(options.filter === undefined ? [] : [`filter=${options.filter}`]),
    ];
    const link = new RecorderLink(host.name, await host.spawn(argv, { user: 'root', workingDir: '/', script }));
    const met = new Promise<{ value: T }>((resolve) => {
      link.receive(0, ({ payload }) => resolve({ value: meet(link, parseHello(Buffer.from(payload).toString())) }));
    });
    const said = await within(Promise.race([met, link.gone]), helloDeadline);
    if (said) return said.value;
    link.#program.disconnect();
    throw (
      link.failure ??
      new LabError('engine', `the recorder did not start within ${helloDeadline / 1000} s`, {
        where: `host ${host.name}`,
      })
    );
  }

  /** Frames of this channel go there; every channel has one receiver. */
  receive(channel: number, receiver: FrameReceiver): void {
    this.#receivers.set(channel, receiver);
  }

  /** Frames of channels that nobody opened: programs that came through the door. */
  receiveOthers(receiver: FrameReceiver): void {
    this.#orphans = receiver;
  }

  forget(channel: number): void {
    this.#receivers.delete(channel);
  }

  /** Sends a command and gives its channel, whose frames go to `receiver`. */
  command(fields: readonly (string | number)[], receiver?: FrameReceiver): number {
    const channel = this.#next++;
    if (receiver) this.receive(channel, receiver);
    const words = fields.map(String);
    if (words.some((word) => /[\t\n]/.test(word))) throw new Error(`a tab or newline in a command: ${words.join(' ')}`);
    this.#program.stdin.write(`${channel}\t${words.join('\t')}\n`);
    return channel;
  }

  /** Cuts the lifeline: the recorder ends all it began and leaves. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#program.stdin.end();
    if (
      (await within(
        this.gone.then(() => true),
        2000,
      )) === undefined
    )
      this.#program.disconnect();
  }

  /** From now on this recorder counts as lost, for this reason; what it still says is heard. */
  fail(why: string): void {
    this.failure ??= new LabError('engine', why, { where: `host ${this.host}` });
  }

  /** Lets go of a recorder that does not answer, for this reason. */
  giveUp(why: string): void {
    this.fail(why);
    this.#program.disconnect();
  }

  async #pump(): Promise<void> {
    const reader = new FrameReader();
    for await (const { stream, bytes } of this.#program.output) {
      if (stream === 'stderr') this.#complaints = (this.#complaints + Buffer.from(bytes).toString()).slice(-2000);
      else for (const frame of reader.push(bytes)) await (this.#receivers.get(frame.channel) ?? this.#orphans)(frame);
    }
  }

  #ended(why: unknown): void {
    if (this.#closing || this.failure) return;
    if (why instanceof LabError) {
      this.failure = why;
      return;
    }
    const last = this.#complaints.trim().split('\n').at(-1);
    this.failure = new LabError('engine', `the recorder is gone: ${last || String(why)}`, {
      where: `host ${this.host}`,
      cause: why,
    });
  }
}
