// Runs one program on this machine and lets a test type to it, await what it prints, and await its end.

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';

const deadline = 20_000;

/** A started program; `await using` ends it, whatever happens in the test. */
export class LocalProgram implements AsyncDisposable {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #ended: Promise<unknown>;
  readonly #happened = new EventEmitter();
  #over = false;
  /** What it printed, byte for byte. */
  bytes: Buffer = Buffer.alloc(0);
  stderr = '';

  constructor(file: string, argv: readonly string[]) {
    this.#child = spawn(file, argv);
    this.#ended = once(this.#child, 'close').then(() => {
      this.#over = true;
      this.#happened.emit('news');
    });
    this.#child.stdout.on('data', (bytes: Buffer) => {
      this.bytes = Buffer.concat([this.bytes, bytes]);
      this.#happened.emit('news');
    });
    this.#child.stderr.on('data', (bytes: Buffer) => {
      this.stderr += bytes.toString();
      this.#happened.emit('news');
    });
    // A program may end before it has read everything: its exit code says what became of it.
    this.#child.stdin.on('error', () => undefined);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get stdout(): string {
    return this.bytes.toString();
  }

  type(text: string | Uint8Array): void {
    this.#child.stdin.write(text);
  }

  endInput(): void {
    this.#child.stdin.end();
  }

  /** The match of a pattern in what was printed, as soon as it is there. */
  async until(pattern: RegExp): Promise<RegExpExecArray> {
    const began = performance.now();
    for (;;) {
      const printed = this.stdout + this.stderr;
      const match = pattern.exec(printed);
      if (match) return match;
      if (this.#over || performance.now() - began > deadline)
        throw new Error(`awaited ${pattern}, seen:\n${printed.slice(-500)}`);
      await this.#news();
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Waits for the end: the exit code, or the signal that ended it. */
  async end(): Promise<number | string | null> {
    await this.#ended;
    return this.#child.exitCode ?? this.#child.signalCode;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGKILL');
    await this.#ended;
  }

  /** Settles with the next bytes, the end or the deadline, whichever is first. */
  async #news(): Promise<void> {
    const limit = AbortSignal.timeout(deadline);
    await once(this.#happened, 'news', { signal: limit }).catch(() => undefined);
  }
}
