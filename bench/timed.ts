// How long a program's whole life takes, its start included.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Milliseconds from the start of `argv` to its end. Rejects when it fails. */
export async function timed(argv: readonly string[], cwd?: string): Promise<number> {
  const began = performance.now();
  await run(argv[0] ?? '', argv.slice(1), { cwd, maxBuffer: 64 << 20 });
  return performance.now() - began;
}
