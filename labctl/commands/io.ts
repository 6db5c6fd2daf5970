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
  json?: boolean;
  lang?: string;
  color?: boolean;
}

export const print = (stream: Writable, text: string): boolean =>
  stream.write(text.endsWith('\n') ? text : `${text}\n`);
