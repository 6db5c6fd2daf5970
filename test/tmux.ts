// A real terminal for tests: a tmux server of its own, typed into and read as a person would.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

export interface Size {
  columns: number;
  rows: number;
}

export class Terminal {
  readonly #socket: string;

  private constructor(socket: string) {
    this.#socket = socket;
  }

  /** Opens a terminal of this size that runs one command line; the pane stays when the command ends. */
  static async open(command: string, { columns, rows }: Size, cwd: string): Promise<Terminal> {
    const terminal = new Terminal(`labctl-test-${process.pid}-${Math.random().toString(36).slice(2)}`);
    const size = ['-x', String(columns), '-y', String(rows)];
    await terminal.#tmux(
      '-f',
      '/dev/null',
      'new-session',
      '-d',
      ...size,
      '-c',
      cwd,
      command,
      ';',
      'set',
      '-g',
      'remain-on-exit',
      'on',
    );
    return terminal;
  }

  async #tmux(...argv: string[]): Promise<string> {
    const env = { ...process.env, LC_ALL: 'C.UTF-8', TERM: 'xterm-256color' };
    return (await execute('tmux', ['-L', this.#socket, ...argv], { env })).stdout;
  }

  /** Keys by tmux's names (`Enter`, `F5`, `C-c`) or as they are typed. */
  async type(...keys: string[]): Promise<void> {
    await this.#tmux('send-keys', ...keys);
  }

  async resize({ columns, rows }: Size): Promise<void> {
    await this.#tmux('resize-window', '-x', String(columns), '-y', String(rows));
  }

  screen(): Promise<string> {
    return this.#tmux('capture-pane', '-p');
  }

  /** The screen once it satisfies the condition. Throws with the last screen when that does not come in 30 s. */
  async until(condition: (screen: string) => boolean, what: string): Promise<string> {
    const deadline = Date.now() + 30_000;
    for (;;) {
      const screen = await this.screen();
      if (condition(screen)) return screen;
      if (Date.now() > deadline) throw new Error(`the terminal never showed ${what}; it shows:\n${screen}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#tmux('kill-server').catch(() => undefined);
  }
}
