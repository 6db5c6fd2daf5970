#!/usr/bin/env node
// argv → command → exit code. The only reader of process.argv and the only setter of the exit code.

import { main } from './commands/main.ts';
import { stopSignals, untilStopped } from './commands/signals.ts';
import { exitCodes } from './model/lab-error.ts';

const stop = untilStopped(process, stopSignals);
// A reader that went away (`labctl show | head`), or a terminal, is not worth a stack trace; but what is under way for
// it ends in good order.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code !== 'EPIPE' && code !== 'EIO') process.exit(exitCodes.usage);
    stop.now();
  });
}

/** A folder can be removed under a shell's feet. */
function currentFolder(): string {
  try {
    return process.cwd();
  } catch {
    process.stderr.write('the folder that you are in was removed\n  → change to another one: cd ~\n');
    process.exit(exitCodes.usage);
  }
}

const io = {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: currentFolder(),
  signal: stop.signal,
};
void main(process.argv.slice(2), io).then((code) => {
  stop.done();
  process.exitCode = stop.exitCode() ?? code;
  // Hijacked Docker connections keep the loop alive after their work is done; everything of ours has been awaited.
  process.stdin.unref?.();
});
