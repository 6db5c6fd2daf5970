// Kernel settings of a scenario, on both engines: hosts are made anew with them, and are as the file says after the run,
// also after one whose labctl was killed.

import { spawn } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packageRoot } from '../../labctl/root.ts';
import { engineUnderTest } from '../engine-under-test.ts';
import { cli, labctl } from '../labctl.ts';
import { type RunLab, runLab } from '../run-lab.ts';

const server = '  - { start: s, on: server, run: server, until: { listens: 5000 } }\n';
const client = '  - { start: c, on: client1, run: client, until: { prints: connected } }\n';
const end = '  - { close: c }\n  - { exit: c }\n';
const engine = engineUnderTest ?? 'docker';
let lab: RunLab;
beforeAll(async () => {
  lab = await runLab('tuned');
});
afterAll(() => lab[Symbol.asyncDispose]());

const retries = async () => {
  const host = await lab.engine.host(lab.lab.name, 'client1');
  return (await host.exec(['cat', '/proc/sys/net/ipv4/tcp_retries2'])).stdout;
};
const asked = (...argv: string[]) => labctl(['--engine', engine, '--lab', lab.lab.name, ...argv]);

it('makes hosts anew with the kernel settings of a scenario, and as they were after it', async () => {
  const settings =
    'sysctls:\n  client1:\n    net.ipv4.tcp_congestion_control: reno\n    net.ipv4.tcp_retries2: 3\n    net.ipv4.no_such_setting: { value: 1, where-known: true }\n';
  const { record } = await lab.run(await lab.writeSteps('tuned', server + client + end + settings));
  const tuned = record.hosts.find(({ name }) => name === 'client1');
  expect([tuned?.congestionControl, tuned?.sysctls['net.ipv4.tcp_retries2']]).toEqual(['reno', '3']);
  expect(await retries()).not.toBe('3\n');
  const wrong = 'sysctls: { client1: { net.ipv4.no_such_setting: 1 } }\n';
  await expect(lab.run(await lab.writeSteps('untuned', server + wrong))).rejects.toThrow(
    'this kernel has no setting net.ipv4.no_such_setting',
  );
});

it('of two runs at once that want other settings one is refused, and does the other no harm', async () => {
  const settings = 'sysctls: { client1: { net.ipv4.tcp_retries2: 3 } }\n';
  const { file } = await lab.writeSteps('twice', `${server}  - { silence: 1500ms, from: s }\n${settings}`);
  const codes = (await Promise.all([asked('run', file), asked('run', file)])).map(({ code }) => code);
  // On a busy machine the second may come when the first is over.
  expect(['0 2', '2 0', '0 0']).toContain(codes.join(' '));
});

it('tells of hosts that a killed run left tuned, and makes them anew before the next run', async () => {
  const settings = 'sysctls: { client1: { net.ipv4.tcp_retries2: 3 } }\n';
  const scenario = await lab.writeSteps('killed', `${server}  - { silence: 60s, from: s }\n${settings}`);
  const child = spawn(process.execPath, [cli, '--engine', engine, '--lab', lab.lab.name, 'run', scenario.file], {
    cwd: packageRoot,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  // It is read on: a run whose reader is gone ends.
  await new Promise<void>((resolve) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => text.includes('nothing for 60 s') && resolve());
  });
  // It is under way: nobody complains.
  expect((await asked('exec', 'client1', 'true')).stderr).toBe('');
  // The file says otherwise, but to make the host anew would end the run.
  const { code: refused, stderr: why } = await asked('up');
  const holder = `another run is at work on the lab "${lab.lab.name}": the run of killed by the labctl with pid ${child.pid}`;
  expect([refused, why.replace(/\s+/g, ' ')]).toEqual([2, expect.stringContaining(holder)]);
  expect(await retries()).toBe('3\n');
  child.kill('SIGKILL');
  await ended;
  expect(await retries()).toBe('3\n');
  const left = 'client1: still with the kernel settings of a run that was killed';
  expect((await asked('exec', 'client1', 'true')).stderr).toContain(left);
  expect((await asked('exec', 'server', 'true')).stderr).toBe('');
  expect((await asked('ps')).stderr).toContain(left);
  const next = await lab.writeSteps('next', server + client + end);
  const { code, stderr } = await asked('run', next.file);
  expect([code, stderr]).toEqual([0, expect.stringContaining(`${left}; made anew`)]);
  expect(await retries()).not.toBe('3\n');
  expect((await asked('ps')).stderr).toBe('');
});
