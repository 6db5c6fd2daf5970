// A folder with the lab's files of its own, one lab, and labctl at work on it: what scripts about bad luck share.

import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { packageRoot } from '../labctl/root.ts';

const cli = join(packageRoot, 'dist/cli.cjs');

export interface Ended {
  code: number | null;
  /** All that was printed, on both streams. */
  text: string;
  stdout: string;
  stderr: string;
  seconds: number;
}

export class Workplace implements Disposable {
  readonly lab: string;
  readonly folder = mkdtempSync(join(tmpdir(), 'labctl-torture-'));
  readonly #argv: readonly string[];
  readonly #env: Record<string, string>;

  constructor(lab: string, engine: string, env: Record<string, string> = {}) {
    this.lab = lab;
    this.#argv = [cli, '--engine', engine, '--lab', lab];
    mkdirSync(join(this.folder, 'tmp'));
    this.#env = { TMPDIR: join(this.folder, 'tmp'), NO_COLOR: '1', LANG: 'C.UTF-8', ...env };
    for (const piece of ['docker-compose.yml', 'images', 'scenarios'])
      cpSync(join(packageRoot, piece), join(this.folder, piece), { recursive: true });
  }

  /** `wrapper`: a command that runs labctl, e.g. with another clock; `onTerminal`: in one of its own, which is script(1)'s. */
  start(
    argv: readonly string[],
    { wrapper = [] as readonly string[], onTerminal = false } = {},
  ): { child: ChildProcess; ended: Promise<Ended> } {
    const words = [...wrapper, process.execPath, ...this.#argv, ...argv];
    const [program = '', ...rest] = onTerminal ? ['script', '-qec', `exec ${words.join(' ')}`, '/dev/null'] : words;
    const began = performance.now();
    const child = spawn(program, rest, {
      cwd: this.folder,
      env: { ...process.env, ...this.#env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [text, stdout, stderr] = ['', '', ''];
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk));
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk));
    // `exit`, not `close`: a helper that outlives labctl must not hold it back.
    const ended = new Promise<Ended>((resolve) =>
      child.once('exit', (status, signal) =>
        resolve({
          code: signal ? 128 + constants.signals[signal] : status,
          text,
          stdout,
          stderr,
          seconds: (performance.now() - began) / 1000,
        }),
      ),
    );
    return { child, ended };
  }

  labctl = (...argv: string[]): Promise<Ended> => this.start(argv).ended;

  /** What does not go as it should, in words; empty when it does. */
  async must(...argv: string[]): Promise<string[]> {
    const { code, text } = await this.labctl(...argv);
    return code === 0 ? [] : [`${argv.join(' ')} ended with ${code}: ${text.trim().split('\n').slice(-4).join(' · ')}`];
  }

  /** The names of recorded runs, the newest last. */
  runs(): string[] {
    try {
      return readdirSync(join(this.folder, 'runs', this.lab)).sort();
    } catch {
      return [];
    }
  }

  /** Settles when the run that is going on has written such an event. */
  async event(text: string): Promise<void> {
    const written = () =>
      this.runs()
        .filter((name) => name.endsWith('.part'))
        .map((name) => join(this.folder, 'runs', this.lab, name, 'events.jsonl'));
    const has = (file: string) => existsSync(file) && readFileSync(file, 'utf8').includes(text);
    while (existsSync(this.folder) && !written().some(has)) await delay(30);
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A stack trace has no business on a user's terminal. */
export const hasStack = (text: string): boolean => /^\s+at .*:\d+:\d+\)?$/m.test(text);
