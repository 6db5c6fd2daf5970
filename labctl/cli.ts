#!/usr/bin/env node
// argv → command → exit code. The only reader of process.argv and the only setter of the exit code.

import { main } from './commands/main.ts';
import { stopSignals, untilStopped } from './commands/signals.ts';

// A reader that went away (`labctl show | head`) is not an error worth a stack trace.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
}

const stop = untilStopped(process, stopSignals);
process.exitCode = await main(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  signal: stop.signal,
});
stop.done();
if (stop.exitCode() !== undefined) process.exitCode = stop.exitCode();
// Hijacked Docker connections keep the loop alive after their work is done; everything of ours has been awaited.
process.stdin.unref?.();
