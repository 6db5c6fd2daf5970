// Runs the built labctl as a user would: own process, own arguments, nothing shared; and folders to do it in.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../labctl/root.ts';
import { engineUnderTest } from './engine-under-test.ts';

export const cli = join(packageRoot, 'dist/cli.cjs');

export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface LabctlOptions {
  cwd?: string;
  env?: Record<string, string>;
  input?: string;
  /** The input does not end by itself; `onChild` ends it. */
  open?: boolean;
  /** As somebody else, with a program that they may read. */
  user?: { uid: number; gid: number; cli: string };
  /** Called with the child once it runs, e.g. to send it a signal when it says something. */
  onChild?: (child: ChildProcess) => void;
}

/** That of every labctl in a test; new labs stand on the engine under test. */
export const environment: NodeJS.ProcessEnv = {
  ...process.env,
  ...(engineUnderTest && { LABCTL_ENGINE: engineUnderTest }),
  LANG: 'C.UTF-8',
  LC_ALL: '',
  NO_COLOR: '1',
};

/** Runs `labctl …argv` to its end. */
export function labctl(argv: readonly string[], options: LabctlOptions = {}): Promise<Outcome> {
  const { cli: program = cli, ...user } = options.user ?? {};
  const child = spawn(process.execPath, [program, ...argv], {
    cwd: options.cwd ?? packageRoot,
    env: { ...environment, ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
    ...user,
  });
  const outcome: Outcome = { code: null, stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    outcome.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    outcome.stderr += text;
  });
  child.stdin.on('error', () => undefined);
  if (!options.open) child.stdin.end(options.input ?? '');
  options.onChild?.(child);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ ...outcome, code }));
  });
}

/** A fresh folder with these files in it; gone when the test is. */
export async function folderWith(files: Record<string, string>): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'labctl-test-'));
  for (const [name, content] of Object.entries(files)) await writeFile(join(path, name), content);
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
