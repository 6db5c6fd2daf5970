// What a program finds in a host: its neighbours, its tools and its limits.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunLab, runLab } from '../run-lab.ts';

let lab: RunLab;
beforeAll(async () => {
  lab = await runLab('host');
});
afterAll(() => lab[Symbol.asyncDispose]());

const host = (name: string) => lab.engine.host(lab.lab.name, name);
const exec = async (name: string, ...argv: string[]) => (await host(name)).exec(argv);
const output = async (name: string, ...argv: string[]) => (await exec(name, ...argv)).stdout;

it('has the addresses that the engine tells, and reaches by name those it shares a network with', async () => {
  const told = await (await host('server')).interfaces();
  const shown = await output('server', 'ip', '-o', '-4', 'address', 'show', 'scope', 'global');
  expect(told.map(({ name: end, address }) => `${end} ${address}`)).toEqual(
    [...shown.matchAll(/\d+: (\S+)\s+inet ([\d.]+)/g)].map(([, end, address]) => `${end} ${address}`),
  );
  expect(await output('client3', 'getent', 'ahostsv4', 'server.office')).toContain(told[1]?.address);
  expect(await output('client1', 'getent', 'hosts', 'server.office')).toBe('');
});

it('has the sources in /work, to change and to build', async () => {
  expect(await exec('client2', 'make', '-C', '/work', 'client')).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await output('client2', '/work/client', '--help')).toMatch(/^usage: client /);
});

it('holds the limit on processes, and its neighbours do not notice', async () => {
  const bomb = 'for i in $(seq 400); do sleep 5 & done 2>&1 | grep -m1 -o "Cannot fork"; kill $(jobs -p); true';
  const { stdout, stderr } = await exec('client3', 'sh', '-c', bomb);
  expect(stdout + stderr).toContain('Cannot fork');
  expect(await output('server', 'echo', 'alive')).toBe('alive\n');
});
