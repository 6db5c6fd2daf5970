// Many small labs up at the same moment, each by a labctl of its own: all come up, on subnets of their own, each works,
// and all go without a trace.

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../labctl/root.ts';
import { engineOf, nothingMore, numberOf } from './arguments.ts';
import { leftovers } from './leftovers.ts';
import { say } from './say.ts';

const cli = join(packageRoot, 'dist/cli.cjs');

const composeFile = `
version: "2.4"
x-host: &host
  image: labctl/server
  build: { context: ${JSON.stringify(join(packageRoot, 'images'))}, dockerfile: server/Dockerfile, network: none }
  command: [sleep, infinity]
  init: true
  networks: [lab]
  cap_drop: [ALL]
services:
  server: *host
  client1: *host
networks:
  lab: { internal: true, driver_opts: { com.docker.network.bridge.inhibit_ipv4: "true" } }
`;

interface Told {
  lab: string;
  what: string;
  problem?: string;
}

function labctl(engine: string, file: string, lab: string, ...argv: string[]): Promise<Told> {
  const options = { cwd: join(file, '..'), maxBuffer: 1 << 24 };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [cli, '--engine', engine, '--file', file, '--lab', lab, ...argv],
      options,
      (error, _, text) => {
        const last = text.trim().split('\n').at(-1) ?? '';
        resolve({ lab, what: argv.join(' '), ...(error ? { problem: last } : {}) });
      },
    );
  });
}

async function step(title: string, each: Promise<Told>[]): Promise<number> {
  const began = performance.now();
  const told = await Promise.all(each);
  const bad = told.filter(({ problem }) => problem !== undefined);
  for (const { lab, what, problem } of bad) say(`${lab}: ${what}: ${problem}`);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  say(`${title}: ${told.length - bad.length} of ${told.length} in ${seconds} s`);
  return bad.length;
}

/** `[labs = 100] [engine = docker]`; true when all came up, worked and went, and nothing was left. */
export async function crowd([many = '100', wanted = 'docker', ...rest]: string[]): Promise<boolean> {
  nothingMore(rest);
  const [count, engine] = [numberOf(many, 'labs'), engineOf(wanted)];
  const folder = mkdtempSync(join(tmpdir(), 'labctl-crowd-'));
  const file = join(folder, 'docker-compose.yml');
  writeFileSync(file, composeFile);
  const prefix = `labctl-crowd-${process.pid}`;
  const labs = Array.from({ length: count }, (_, index) => `${prefix}-${index + 1}`);
  const all = (...argv: string[]) => labs.map((lab) => labctl(engine, file, lab, ...argv));
  await labctl(engine, file, prefix, 'images', 'build');
  let failed = await step('up at once', all('up'));
  failed += await step('each reaches its own server', all('exec', 'client1', 'getent', 'hosts', 'server'));
  failed += await step('down at once', all('down'));
  const left = leftovers(engine, prefix);
  for (const one of left) say(`left: ${one}`);
  rmSync(folder, { recursive: true, force: true });
  say(`${count} labs of two hosts on ${engine}: ${failed} failures, ${left.length} left`);
  return failed + left.length === 0;
}
