// Measures `npm start` as a newcomer has it: in a fresh clone with no packages, nothing compiled and no image of its
// programs, on the embedded engine, to the end of the first scenario; phase by phase, beside a minute. What apt would
// install on a bare machine is there already: doctor finds nothing to mend.

import { execFile, spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../labctl/root.ts';
import type { Row } from './row.ts';

const run = promisify(execFile);
const allowance = 60_000;
const labName = 'labctl-bench-first';
const env = { ...process.env, LABCTL_ENGINE: 'embedded', COMPOSE_PROJECT_NAME: labName, npm_execpath: undefined };

/** What prepare.mjs and `labctl start` print when a phase is over. */
const ends: [phase: string, said: RegExp][] = [
  ['npm packages', /installing npm packages: done/],
  ['compiling and bundling', /bundling the report page: done/],
  ['doctor, images and lab', /host client3 started/],
];
const last = 'first-client';

async function freshClone(folder: string): Promise<void> {
  await run('git', ['clone', '--quiet', packageRoot, folder]);
  // Images are kept by the hash of their sources: these have another one than any that this machine has made.
  appendFileSync(join(folder, 'images/server/Makefile'), `# ${folder}\n`);
}

/** Milliseconds from the start of `npm start` to the end of each phase. Rejects when it fails, with what it said. */
async function phasesIn(folder: string): Promise<Map<string, number>> {
  const began = performance.now();
  const over = new Map<string, number>();
  const child = spawn('npm', ['start'], { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    for (const [phase, words] of ends)
      if (!over.has(phase) && words.test(said)) over.set(phase, performance.now() - began);
  });
  const code = await new Promise((resolve, reject) => child.once('close', resolve).once('error', reject));
  if (code !== 0) throw new Error(`npm start ended with ${String(code)}:\n${said}`);
  return over.set(last, performance.now() - began);
}

export async function* benchFirstStart(): AsyncIterable<Row> {
  const folder = mkdtempSync(join(tmpdir(), 'labctl-bench-first-'));
  try {
    await freshClone(folder);
    const over = await phasesIn(folder);
    const others = [{ name: 'allowance', milliseconds: allowance, most: 1 }];
    yield { title: 'npm start, fresh clone', labctl: over.get(last) ?? Number.NaN, others };
    let before = 0;
    for (const [phase, at] of over) {
      yield { title: `npm start, fresh clone: ${phase}`, labctl: at - before, others };
      before = at;
    }
  } finally {
    await run(process.execPath, [join(packageRoot, 'dist/cli.cjs'), '--lab', labName, 'down']);
    rmSync(folder, { recursive: true });
  }
}
