// A command of a student's in a host, under watch: so much output, so much time, and not a moment of waiting for what it left behind.

import type { Host, RunningProgram } from '../engine/engine.ts';
import { Changes } from './changes.ts';
import { Output } from './output.ts';

export interface Capped {
  /** Both streams together, as they came, up to the limit. */
  text: string;
  /** 124 after the time limit, as timeout(1) says. */
  exitCode: number;
}

const limit = 100_000;
const pace = 20;
const grace = 300;

export interface CappedOptions {
  workingDir?: string;
  /** Seconds. */
  most: number;
  signal?: AbortSignal;
  /** Written to its input, which ends then. */
  feed?: (stdin: RunningProgram['stdin']) => Promise<void>;
}

/** Runs a command as the ordinary user. Whatever it leaves in the background is not waited for. */
export async function runCapped(host: Host, argv: readonly string[], options: CappedOptions): Promise<Capped> {
  const { workingDir, most, signal, feed } = options;
  const running = await host.spawn(['timeout', '-k', '1', String(most), ...argv], { workingDir, signal });
  running.stdin.on('error', () => undefined);
  const [output, changes] = [new Output(limit), new Changes()];
  const read = pull(running, output).catch(() => undefined);
  const feeding = feed ? feed(running.stdin).catch(() => undefined) : Promise.resolve(running.stdin.end());
  const exitCode = await running.exitCode;
  void feeding;
  let over = false;
  void read.then(() => {
    over = true;
    changes.notify();
  });
  await changes.until(() => over || undefined, grace);
  running.disconnect();
  return { text: output.all, exitCode };
}

async function pull(running: RunningProgram, output: Output): Promise<void> {
  for await (const { stream, bytes } of running.output) {
    output.push(stream, bytes);
    if (output.cut > 0) await new Promise((resolve) => setTimeout(resolve, pace));
  }
}
