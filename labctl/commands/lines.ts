// Reads what a person types, a line at a time: with editing on a terminal, as it comes from a pipe.

import { createInterface, type Interface } from 'node:readline';
import type { Io } from './io.ts';

export class Lines {
  /** Ctrl-C was pressed where a line was awaited. */
  interrupted = false;
  readonly #io: Io;
  readonly #typed: string[] = [];
  #ended = false;
  #reading: Interface | undefined;
  #wake: () => void = () => undefined;

  constructor(io: Io) {
    this.#io = io;
  }

  /** The next line; undefined once the person has left: end of the input, Ctrl-C, or labctl was asked to stop. */
  async next(): Promise<string | undefined> {
    const { signal } = this.#io;
    const stop = () => this.#leave();
    signal.addEventListener('abort', stop);
    if (signal.aborted) this.#leave();
    this.#open();
    while (this.#typed.length === 0 && !this.#ended) await new Promise<void>((wake) => (this.#wake = wake));
    signal.removeEventListener('abort', stop);
    // Between two lines the terminal is its own again: there Ctrl-C is a signal, for a run that may be under way.
    if (this.#onTerminal) this.close();
    return this.#typed.shift();
  }

  close(): void {
    const reading = this.#reading;
    this.#reading = undefined;
    reading?.close();
  }

  get #onTerminal(): boolean {
    return this.#io.stdin.isTTY === true;
  }

  #leave(): void {
    this.#ended = true;
    this.#wake();
  }

  #open(): void {
    if (this.#reading !== undefined || this.#ended || this.#typed.length > 0) return;
    const { stdin, stdout, stderr } = this.#io;
    const output = stdout.isTTY ? stdout : stderr;
    const reading = createInterface({ input: stdin, terminal: this.#onTerminal, ...(this.#onTerminal && { output }) });
    reading.on('line', (line) => {
      this.#typed.push(line.trim());
      this.#wake();
    });
    reading.on('SIGINT', () => {
      this.interrupted = true;
      this.#leave();
    });
    // What closes without having been asked to is the end of the input.
    reading.on('close', () => {
      if (this.#reading === reading) this.#leave();
    });
    this.#reading = reading;
    if (this.#onTerminal) {
      reading.setPrompt('> ');
      reading.prompt();
    }
  }
}
