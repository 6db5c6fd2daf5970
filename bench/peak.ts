// How much memory a program of Node's takes at most.

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface Peak {
  /** The most that it ever had (VmHWM), asked for while it lives. */
  megabytes: number;
  exitCode: number | null;
}

/** Runs it with its output thrown away. */
export async function peakOf(argv: readonly string[]): Promise<Peak> {
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'ignore', 'ignore'] });
  let megabytes = 0;
  const timer = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      megabytes = Math.max(megabytes, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1000);
    } catch {
      // It has just ended.
    }
  }, 10);
  const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearInterval(timer);
  return { megabytes, exitCode };
}
