import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../../labctl/engine/embedded/ask.ts';
import type { KeeperState } from '../../labctl/engine/embedded/description.ts';
import { openEmbedded } from '../../labctl/engine/embedded/embedded-engine.ts';
import { livingKeeper } from '../../labctl/engine/embedded/keeper-identity.ts';
import { placesFor } from '../../labctl/engine/embedded/places.ts';
import { labName } from '../engine-under-test.ts';
import { type RunLab, runLab } from '../run-lab.ts';

const name = labName('embedded');
const folder = join(placesFor(process.env, process.getuid?.() ?? 0).runtime, name);
let lab: RunLab;
beforeAll(async () => {
  lab = await runLab('embedded', 'embedded');
});
afterAll(() => lab[Symbol.asyncDispose]());

const host = (hostName: string) => lab.engine.host(name, hostName);
const output = async (hostName: string, ...argv: string[]) => (await (await host(hostName)).exec(argv)).stdout;

/** Pids of this machine below that one, itself included. */
function family(pid: number): number[] {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid=,stat='], { encoding: 'utf8' }).trim().split('\n');
  const living = rows.map((row) => row.trim().split(/\s+/)).filter(([, , state]) => !state?.startsWith('Z'));
  const children = (parent: number): number[] =>
    living
      .filter(([, ppid]) => Number(ppid) === parent)
      .flatMap(([child]) => [Number(child), ...children(Number(child))]);
  return [pid, ...children(pid)];
}

it('gives hosts a small table of connections, which ss and recorders walk through, and what hangs on its size as it was', async () => {
  const setting = (key: string) => `/proc/sys/net/ipv4/${key}`;
  const kept = ['tcp_max_tw_buckets', 'tcp_max_syn_backlog'].map(setting);
  const table = existsSync(setting('tcp_child_ehash_entries')) ? [setting('tcp_ehash_entries')] : [];
  const here = kept.map((path) => readFileSync(path, 'utf8'));
  expect(await output('client3', 'cat', ...table, ...kept)).toBe([...table.map(() => '4096\n'), ...here].join(''));
});

describe('up and down', () => {
  it('changes nothing the second time, and only what differs when something does', async () => {
    expect((await lab.engine.up(lab.lab)).changed).toBe(false);
    const before = await output('server', 'cat', '/proc/1/stat');
    const other = { ...lab.lab, hosts: lab.lab.hosts.map((spec) => ({ ...spec })) };
    for (const spec of other.hosts) if (spec.name === 'client2') spec.hostname = 'renamed';
    const { changed } = await lab.engine.up(other);
    expect([changed, await output('client2', 'hostname')]).toEqual([true, 'renamed\n']);
    expect(await output('server', 'cut', '-d ', '-f22', '/proc/1/stat')).toBe(`${before.split(' ')[21]}\n`);
    expect((await lab.engine.up(lab.lab)).changed).toBe(true);
  });

  it('starts a host again whose first program ended', async () => {
    await (await host('client1')).exec(['sh', '-c', 'kill -9 2']);
    await expect
      .poll(async () => (await lab.engine.find(name))?.hosts.find((one) => one.name === 'client1')?.state)
      .toBe('exited');
    expect((await lab.engine.up(lab.lab)).changed).toBe(true);
    expect(await output('client1', 'echo', 'back')).toBe('back\n');
  });

  it('makes a lab anew whose keeper another labctl started, as before an upgrade', async () => {
    const { description, version } = (await ask<KeeperState>(folder, { do: 'state' })) ?? {};
    const nothing = { remove: [], away: [], undo: [], bridges: [], wires: [], hosts: {} };
    const elsewhere = { ...description, keeper: 'another' };
    await ask(folder, { do: 'apply', version, description: elsewhere, left: elsewhere, ...nothing });
    const before = livingKeeper(folder);
    expect((await lab.engine.up(lab.lab)).changed).toBe(true);
    expect(livingKeeper(folder)).not.toBe(before);
    expect(await output('client1', 'echo', 'anew')).toBe('anew\n');
  });

  it('gives one lab when two bring it up at once', async () => {
    const again = { ...lab.lab, name: `${name}-two` };
    try {
      const [a, b] = await Promise.all([lab.engine.up(again), lab.engine.up(again)]);
      expect(a.lab.hosts).toEqual(b.lab.hosts);
      expect((await lab.engine.up(again)).changed).toBe(false);
    } finally {
      await lab.engine.down(again.name);
    }
  });

  it('leaves nothing when the keeper dies, and comes up again', async () => {
    const pid = livingKeeper(folder);
    expect(pid).toBeDefined();
    const running = await (await host('server')).spawn(['sleep', '1000']);
    const all = family(pid ?? 0);
    expect(all.length).toBeGreaterThan(8);
    const keeper = all[1] ?? 0;
    expect(readFileSync(`/proc/${keeper}/comm`, 'utf8')).toBe('python3\n');
    process.kill(keeper, 'SIGKILL');
    for await (const _ of running.output) expect.fail('sleep prints nothing');
    await expect(running.exitCode).rejects.toThrow('is gone');
    await expect.poll(() => all.filter((one) => existsSync(`/proc/${one}`) && !isZombie(one))).toEqual([]);
    expect(await lab.engine.find(name)).toBeUndefined();
    expect((await lab.engine.up(lab.lab)).changed).toBe(true);
    expect(await output('server', 'echo', 'back')).toBe('back\n');
  });

  it('is gone when down returns, and down is safe twice', async () => {
    const all = family(livingKeeper(folder) ?? 0);
    expect(await lab.engine.down(name)).toEqual({ removed: 6 });
    expect(all.filter((one) => existsSync(`/proc/${one}`) && !isZombie(one))).toEqual([]);
    expect(existsSync(folder)).toBe(false);
    expect(await lab.engine.down(name)).toEqual({ removed: 0 });
    expect((await openEmbedded().list()).map((one) => one.name)).not.toContain(name);
  });
});

describe('limits', () => {
  it('keeps the beginning of what a host prints without end', async () => {
    const loud = {
      ...lab.lab,
      name: `${name}-loud`,
      hosts: lab.lab.hosts.slice(0, 1).map((spec) => ({ ...spec, command: ['yes'] })),
    };
    try {
      await lab.engine.up(loud);
      await expect.poll(async () => (await lab.engine.find(loud.name))?.hosts[0]?.state).toBe('exited');
      expect(statSync(join(dirname(folder), loud.name, 'server.log')).size).toBe(16 * 2 ** 20);
    } finally {
      await lab.engine.down(loud.name);
    }
  });

  it('leaves no control group', () => {
    const groups = ['pids', 'memory', 'cpu'].map((controller) => `/sys/fs/cgroup/${controller}/labctl/${name}`);
    expect(groups.filter((group) => existsSync(group))).toEqual([]);
  });
});

const isZombie = (pid: number): boolean => / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
