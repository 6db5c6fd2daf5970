// The recorded runs: every scenario of labctl's own is carried out on the embedded engine, and each host's capture compared.

import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { openEngines } from '../labctl/engine/choose.ts';
import { readCompose } from '../labctl/plan/compose.ts';
import { labOf, readScenario } from '../labctl/plan/scenario.ts';
import { packageRoot } from '../labctl/root.ts';
import { runScenario } from '../labctl/run/run.ts';
import { compareFile } from './compare.ts';
import { Tally } from './tally.ts';

const run = promisify(execFile);
const cli = join(packageRoot, 'dist/cli.cjs');
const labName = `labctl-truth-${process.pid}`;

async function capturesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => name.endsWith('.pcapng')).map((name) => join(folder, name));
}

/** Runs a scenario in the lab that it brings along, or the usual one; the lab is gone afterwards. */
async function record(name: string, runsFolder: string): Promise<void> {
  const file = join(packageRoot, 'scenarios', `${name}.yml`);
  const text = await readFile(file, 'utf8');
  const own = labOf(text, file);
  const composeFile = own ? join(dirname(file), own.path) : join(packageRoot, 'docker-compose.yml');
  const lab = readCompose(await readFile(composeFile, 'utf8'), composeFile, labName);
  const labctl = (verb: string) =>
    run(process.execPath, [cli, '--engine', 'embedded', '--lab', labName, '--file', composeFile, verb]);
  await labctl('up');
  try {
    const [engine] = await openEngines(process.env, 'embedded');
    await runScenario({ engine, lab, scenario: readScenario(text, file, lab), runsFolder });
  } finally {
    await labctl('down');
  }
}

/** All scenarios, or the named ones; a run that fails is named and left out. */
export async function compareRuns(names: readonly string[]): Promise<Tally> {
  const runsFolder = await mkdtemp(join(tmpdir(), 'labctl-truth-'));
  const tally = new Tally();
  try {
    for (const name of names.length > 0 ? names : await allScenarios())
      await record(name, runsFolder).catch((error: Error) =>
        process.stdout.write(`left out: ${name}: ${error.message.split('\n')[0]}\n`),
      );
    for (const file of await capturesIn(runsFolder)) tally.add(await compareFile(file));
  } finally {
    await rm(runsFolder, { recursive: true, force: true });
  }
  return tally;
}

async function allScenarios(): Promise<string[]> {
  const files = await readdir(join(packageRoot, 'scenarios'));
  return files.filter((name) => name.endsWith('.yml')).map((name) => name.slice(0, -'.yml'.length));
}
