// Runs short programs of this machine, as its administrator where that is needed. The one place that knows zx.

import type { ProcessOutput } from 'zx';

export interface HostProgramOptions {
  /** Each line as it is printed, standard error included. */
  on?: (line: string) => void;
  environment?: Record<string, string>;
}

export interface HostProgramResult {
  stdout: string;
  stderr: string;
  /** 127 where the program is not there. */
  exitCode: number;
}

/** How to become root: nothing for root itself, else sudo, which asks for a password only on a terminal. */
export const asRoot = (root: boolean, terminal: boolean): string[] => {
  if (root) return [];
  return terminal ? ['sudo'] : ['sudo', '-n'];
};

/** Runs a program to its end, whatever its exit code. Throws only where it cannot be run at all (zx needs bash). */
export async function runHostProgram(
  argv: readonly string[],
  { on, environment = {} }: HostProgramOptions = {},
): Promise<HostProgramResult> {
  const { $ } = await import('zx');
  // Not detached: sudo asks on the terminal, which a session of its own would have lost, and Ctrl-C reaches it.
  const run = $({
    quiet: true,
    nothrow: true,
    detached: false,
    stdio: ['inherit', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  })`${argv}`;
  if (on) for await (const line of run) on(line);
  const { stdout, stderr, exitCode }: ProcessOutput = await run;
  return { stdout, stderr, exitCode: exitCode ?? 128 };
}
