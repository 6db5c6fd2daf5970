// The world as commands see it: streams, environment, terminal and the wish to stop. cli.ts makes one; tests make others.

import type { Readable, Writable } from 'node:stream';

export interface Io {
  stdin: Readable & { isTTY?: boolean; setRawMode?: (raw: boolean) => unknown };
  stdout: Writable & { isTTY?: boolean; columns?: number; rows?: number };
  stderr: Writable & { isTTY?: boolean; columns?: number };
  env: Record<string, string | undefined>;
  cwd: string;
  /** Aborts when the user or the system asks labctl to stop. */
  signal: AbortSignal;
}

/** What every command understands, wherever on the line it stands. */
export interface GlobalOptions {
  lab?: string;
  file?: string;
  engine?: 'docker' | 'embedded';
  context?: string;
  json?: boolean;
  lang?: string;
  color?: boolean;
}

/** Terminals on whose last line something stands that goes when anything else is printed. */
const passing = new WeakSet<Writable>();

/** Takes away what `printPassing` left. */
export function erasePassing(terminal: Writable): void {
  if (passing.delete(terminal)) terminal.write('\r\u001b[K');
}

/** Shows one line, on a terminal only, until something else is printed there. */
export function printPassing(terminal: Writable, text: string): void {
  erasePassing(terminal);
  passing.add(terminal);
  terminal.write(text);
}

export function print(stream: Writable, text: string): boolean {
  erasePassing(stream);
  return stream.write(text.endsWith('\n') ? text : `${text}\n`);
}
