// labctl as an ordinary user of this machine would have it: a copy of the program in a folder that this user may read.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../labctl/root.ts';
import { type LabctlOptions, labctl, type Outcome } from './labctl.ts';

export interface AnotherUser extends AsyncDisposable {
  uid: number;
  /** The program that they may read. */
  cli: string;
  labctl: (argv: readonly string[], options?: LabctlOptions) => Promise<Outcome>;
}

/**
 * Nobody's id: this user has no name, no home and no runtime folder. Another one for each file: they run side by side,
 * and what one leaves must not be cleared away under another. (VITEST_POOL_ID is the same for two that run at once.)
 */
const uid = 1_818_322_000 + Number(process.env.VITEST_WORKER_ID ?? 0);
const pieces = ['dist', 'labctl/engine/embedded', 'labctl/run', 'images', 'scenarios', 'docker-compose.yml'];

/** What npm would install with labctl. */
function packages(): string[] {
  const lock = readFileSync(join(packageRoot, 'package-lock.json'), 'utf8');
  const all = Object.entries(
    (JSON.parse(lock) as { packages: Record<string, { dev?: true; optional?: true }> }).packages,
  );
  return all.flatMap(([path, { dev, optional }]) => (path === '' || dev || optional ? [] : [path]));
}

/** Only root can become somebody else. */
export async function anotherUser(): Promise<AnotherUser> {
  const folder = await mkdtemp(join(tmpdir(), 'labctl user-'));
  for (const piece of [...pieces, 'package.json', ...packages()])
    await cp(join(packageRoot, piece), join(folder, piece), { recursive: true });
  execFileSync('chown', ['-R', `${uid}:${uid}`, folder]);
  const env = { HOME: '', XDG_RUNTIME_DIR: '', XDG_CACHE_HOME: '', USER: '', LOGNAME: '' };
  return {
    uid,
    cli: join(folder, 'dist/cli.cjs'),
    labctl: (argv, options = {}) =>
      labctl(argv, {
        cwd: folder,
        ...options,
        user: { uid, gid: uid, cli: join(folder, 'dist/cli.cjs') },
        env: { ...env, ...options.env },
      }),
    [Symbol.asyncDispose]: async () => {
      await rm(folder, { recursive: true, force: true });
      await rm(join(tmpdir(), `labctl-${uid}`), { recursive: true, force: true });
    },
  };
}
