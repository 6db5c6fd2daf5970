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

it('finds signals, new files and descriptors as a login would leave them', async () => {
  expect(await output('client1', 'sh', '-c', 'umask; grep SigIgn /proc/self/status')).toBe(
    `0022\nSigIgn:\t${'0'.repeat(16)}\n`,
  );
  expect(await output('client1', 'sh', '-c', 'ls /proc/self/fd')).toBe('0\n1\n2\n3\n');
  const first = 'grep -h SigIgn /proc/$(pgrep -P 1 | head -1)/status | cut -f 2';
  // The C library keeps 32 and 33 for itself (signal(7)).
  expect(Number.parseInt(await output('client1', 'sh', '-c', first), 16) % 2 ** 31).toBe(0);
});

it('runs a program whose name has an equals sign', async () => {
  await exec('client1', 'cp', '/bin/echo', '/work/a=b');
  expect(await output('client1', '/work/a=b', 'c=d')).toBe('c=d\n');
});

it.each([
  ['a user namespace', ['unshare', '--user', 'true'], /Operation not permitted|No space left on device/],
  ['a network of its own', ['unshare', '--net', 'true'], /Operation not permitted/],
  ['a mount', ['mount', '-t', 'tmpfs', 'none', '/work'], /permission denied|must be superuser|Operation not permitted/],
  ['an unmount', ['umount', '/work'], /must be superuser|umount failed/],
  ['a device', ['mknod', '/work/disk', 'b', '8', '0'], /Operation not permitted/],
  ['another user', ['su', 'root', '-c', 'true'], /Authentication failure|Permission denied|Critical error/],
  [
    'a raw socket',
    ['python3', '-c', 'import socket as s; s.socket(s.AF_PACKET, s.SOCK_RAW)'],
    /Operation not permitted/,
  ],
  [
    'a setting of the kernel',
    ['sh', '-c', 'echo 1 >/proc/sys/net/ipv4/ip_forward'],
    /Read-only file system|Permission denied/,
  ],
  ['a route', ['ip', 'route', 'add', '192.0.2.0/24', 'dev', 'eth0'], /Operation not permitted/],
])('refuses %s to programs', async (_what, argv, said) => {
  const { exitCode, stderr, stdout } = await exec('client1', ...argv);
  expect([exitCode === 0, stderr + stdout]).toEqual([false, expect.stringMatching(said)]);
});
