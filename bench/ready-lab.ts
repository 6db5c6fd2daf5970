// A lab that is up, and a run recorded on it, for the benchmarks that need one; gone afterwards.

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openDocker } from '../labctl/engine/docker/docker-engine.ts';
import { readCompose } from '../labctl/plan/compose.ts';
import { readScenario } from '../labctl/plan/scenario.ts';
import { packageRoot } from '../labctl/root.ts';
import { runScenario } from '../labctl/run/run.ts';

const run = promisify(execFile);
const cli = join(packageRoot, 'dist/cli.cjs');
export const labName = 'labctl-bench-run';

/** Brings labctl's own lab up under a name of its own. */
export async function readyLab(engine = 'docker'): Promise<AsyncDisposable> {
  await run(process.execPath, [cli, '--engine', engine, '--lab', labName, 'up'], { cwd: packageRoot });
  return { [Symbol.asyncDispose]: async () => void (await run(process.execPath, [cli, '--lab', labName, 'down'])) };
}

/** Runs a scenario of labctl's own on the ready lab. */
async function runOnce(name: string, runsFolder: string): Promise<void> {
  const composeFile = join(packageRoot, 'docker-compose.yml');
  const lab = readCompose(readFileSync(composeFile, 'utf8'), composeFile, labName);
  const file = join(packageRoot, 'scenarios', `${name}.yml`);
  const engine = await openDocker();
  await runScenario({
    engine,
    lab,
    scenario: readScenario(readFileSync(file, 'utf8'), file, lab),
    runsFolder,
  });
}

/** One recorded run of second-client. */
export async function readyRun(): Promise<AsyncDisposable & { folder: string }> {
  const runsFolder = await mkdtemp(join(tmpdir(), 'labctl-bench-'));
  {
    await using _lab = await readyLab();
    await runOnce('second-client', runsFolder);
  }
  const [recorded = ''] = await readdir(join(runsFolder, labName));
  return {
    folder: join(runsFolder, labName, recorded),
    [Symbol.asyncDispose]: () => rm(runsFolder, { recursive: true, force: true }),
  };
}
