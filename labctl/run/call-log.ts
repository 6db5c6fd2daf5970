// A program's call log while it is written: a FIFO in the host whose bytes go to a sink, and what it tells of its program.

import type { Changes } from './changes.ts';
import type { Frame } from './frames.ts';
import type { RecorderLink } from './recorder-link.ts';

/** Where the bytes of a call log go. */
export type ByteSink = (bytes: Uint8Array) => void | Promise<void>;

export class CallLog {
  /** Path of the FIFO in the host, once it is there. */
  path: string | undefined;
  pid: number | undefined;
  /** The program is gone; its children may go on. */
  gone = false;
  /** Nobody writes any more: the program and all its children are gone, or were never traced. */
  ended = false;
  /** The last lines, where strace says how the program ended. */
  tail = '';
  refused: string | undefined;
  readonly #link: RecorderLink;
  readonly #changes: Changes;
  readonly #sink: ByteSink;
  readonly #channel: number;

  /** Asks the recorder for a FIFO; `changes` is told of everything that happens to it. */
  constructor(link: RecorderLink, changes: Changes, sink: ByteSink) {
    this.#link = link;
    this.#changes = changes;
    this.#sink = sink;
    this.#channel = link.command(['calls'], (frame) => this.#take(frame));
  }

  /** Tells the recorder that nobody will open the FIFO any more if nobody has yet. */
  release(): void {
    this.#link.command(['done', this.#channel]);
  }

  /** 128 + n or the code, from strace's own last line about the program. */
  exitCode(signalNumbers: Record<string, number>): number | undefined {
    const [, code, signal = ''] =
      new RegExp(`^${this.pid} .*\\+\\+\\+ (?:exited with (\\d+)|killed by (SIG\\w+)).*\\+\\+\\+$`, 'm').exec(
        this.tail,
      ) ?? [];
    if (code !== undefined) return Number(code);
    return signalNumbers[signal] === undefined ? undefined : 128 + signalNumbers[signal];
  }

  async #take({ kind, payload }: Frame): Promise<void> {
    const text = Buffer.from(payload).toString();
    if (kind === 'ready' && this.path === undefined) this.path = text;
    else if (kind === 'ready') this.pid = Number(text);
    else if (kind === 'gone') this.gone = true;
    else if (kind === 'end') this.ended = true;
    else if (kind === 'refused') this.refused = text;
    else if (kind === 'data') {
      this.tail = (this.tail + text).slice(-4000);
      await this.#sink(payload);
    }
    this.#changes.notify();
  }
}
