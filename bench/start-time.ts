// Measures what labctl costs before it does anything: `--help`, `show` of a small run, and `up` with nothing to do on both
// engines, beside an empty Node process.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../labctl/root.ts';
import { labName, readyLab, readyRun } from './ready-lab.ts';
import { median, type Row } from './row.ts';

const run = promisify(execFile);
const cli = join(packageRoot, 'dist/cli.cjs');
const times = 15;
/** In milliseconds. */
const upAgain = 150;

/** Median of a Node process's whole life in milliseconds; its exit code does not matter here. */
async function life(argv: readonly string[]): Promise<number> {
  const began = performance.now();
  await run(process.execPath, argv, { maxBuffer: 64 << 20 }).catch(() => undefined);
  return performance.now() - began;
}

/** One after the other in turns, so that a slow moment of the machine falls on all of them. */
async function inTurns(commands: readonly (readonly string[])[]): Promise<number[]> {
  const taken = commands.map((): number[] => []);
  for (let time = 0; time < times; time++)
    for (const [index, argv] of commands.entries()) taken[index]?.push(await life(argv));
  return taken.map(median);
}

export async function* benchStartTime(): AsyncIterable<Row> {
  await using recorded = await readyRun();
  const [empty = 0, help = 0, show = 0] = await inTurns([
    ['-e', '0'],
    [cli, '--help'],
    [cli, 'show', recorded.folder],
  ]);
  yield { title: 'labctl --help', labctl: help, others: [{ name: 'node -e 0', milliseconds: empty, most: 1.6 }] };
  yield {
    title: 'labctl show, a small run',
    labctl: show,
    others: [{ name: 'node -e 0', milliseconds: empty, most: 3 }],
  };
  for (const engine of ['docker', 'embedded']) {
    await using _lab = await readyLab(engine);
    const [again = 0] = await inTurns([
      [cli, '--lab', labName, '--file', join(packageRoot, 'docker-compose.yml'), 'up'],
    ]);
    yield {
      title: `labctl up again, ${engine}`,
      labctl: again,
      others: [{ name: 'allowance', milliseconds: upAgain, most: 1 }],
    };
  }
}
