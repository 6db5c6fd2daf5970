// Measures `npm start` as a newcomer has it: in a fresh clone with no packages, nothing compiled and no image of its
// programs, on the embedded engine, to the end of the first scenario; phase by phase, beside a minute. Once on this
// machine, where what apt would install is there already, and once in a bare Debian, where it is not.

import { execFile, spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../labctl/root.ts';
import { bareRoot, canBeMade } from './bare-root.ts';
import type { Row } from './row.ts';

const run = promisify(execFile);
const allowance = 60_000;
const labName = 'labctl-bench-first';
const env = { ...process.env, LABCTL_ENGINE: 'embedded', COMPOSE_PROJECT_NAME: labName, npm_execpath: undefined };

/** What is printed when a phase is over, by prepare.mjs, by `labctl start` and, last, by the line below. */
const ends: [phase: string, said: RegExp][] = [
  ['npm packages', /installing npm packages: done/],
  ['compiling and bundling', /compiling ahead: done/],
  ['apt packages', /✓ install /],
  ['doctor, images and lab', /host client3 started/],
  ['first-client', /^npm start: done/m],
];
/** The lab is taken down in the same breath: nobody finds it who enters a bare root anew. */
const line = `npm start >/dev/null && echo 'npm start: done' >&2; node dist/cli.cjs --lab ${labName} down >/dev/null 2>&1`;

async function freshClone(folder: string): Promise<void> {
  await run('git', ['clone', '--quiet', packageRoot, folder]);
  // Images are kept by the hash of their sources: these have another one than any that this machine has made.
  appendFileSync(join(folder, 'images/server/Makefile'), `# ${folder}\n`);
}

/** Milliseconds from the start to the end of each phase that there was. Rejects when it fails, with what it said. */
async function phasesOf([command = '', ...argv]: string[], cwd: string): Promise<Map<string, number>> {
  const began = performance.now();
  const over = new Map<string, number>();
  const child = spawn(command, argv, { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    for (const [phase, words] of ends)
      if (!over.has(phase) && words.test(said)) over.set(phase, performance.now() - began);
  });
  await new Promise((resolve, reject) => child.once('close', resolve).once('error', reject));
  if (!over.has('first-client')) throw new Error(`npm start failed:\n${said}`);
  return over;
}

function* rowsOf(where: string, over: Map<string, number>): Generator<Row> {
  const others = [{ name: 'allowance', milliseconds: allowance, most: 1 }];
  yield { title: `npm start, ${where}`, labctl: over.get('first-client') ?? Number.NaN, others };
  let before = 0;
  for (const [phase, at] of over) {
    yield { title: `npm start, ${where}: ${phase}`, labctl: at - before, others };
    before = at;
  }
}

export async function* benchFirstStart(): AsyncIterable<Row> {
  const folder = mkdtempSync(join(tmpdir(), 'labctl-bench-first-'));
  try {
    await freshClone(folder);
    yield* rowsOf('fresh clone', await phasesOf(['sh', '-c', line], folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
  if (!canBeMade()) return;
  using bare = await bareRoot();
  await freshClone(join(bare.folder, 'root/labctl'));
  yield* rowsOf('bare Debian', await phasesOf(bare.inside(line, '/root/labctl'), '/'));
}
