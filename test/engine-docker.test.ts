import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDocker } from '../labctl/engine/docker/docker-engine.ts';
import type { Engine } from '../labctl/engine/engine.ts';
import type { EngineEvent } from '../labctl/model/engine-event.ts';
import { host, image, network, type TestLab, testLab } from './engine-docker-lab.ts';

const docker = (...args: string[]): string => execFileSync('docker', args, { encoding: 'utf8' }).trim();
const idOf = (lab: string, name: string): string => docker('inspect', '-f', '{{.Id}}', `${lab}_${name}_1`);
const owned = (lab: string): string => docker('ps', '-aq', '--filter', `label=labctl.lab=${lab}`);

let engine: Engine;
beforeAll(async () => {
  engine = await openDocker();
});

/** Brings the lab up and gives what had to be done, in words. */
async function up({ lab }: TestLab): Promise<string[]> {
  const events: EngineEvent[] = [];
  const result = await engine.up(lab, { on: (event) => events.push(event) });
  expect(result.changed).toBe(events.length > 0);
  expect(result.lab).toEqual(await engine.find(lab.name));
  return events.map(
    (event) => `${event.kind} ${'host' in event ? event.host : 'network' in event ? event.network : ''}`,
  );
}

describe('up', () => {
  let test: TestLab;
  beforeAll(async () => {
    test = testLab(engine, 'labctl-test-up');
    await engine.build(test.lab);
    await engine.down(test.lab.name);
  });
  afterAll(() => test[Symbol.asyncDispose]());

  it('makes networks, then hosts, and nothing when asked again', async () => {
    expect((await up(test)).sort()).toEqual([
      'host-created client1',
      'host-created client2',
      'host-created server',
      'host-started client1',
      'host-started client2',
      'host-started server',
      'network-created lab',
      'network-created side',
    ]);
    expect(await up(test)).toEqual([]);
    const lab = await engine.find(test.lab.name);
    expect(lab?.file).toBe(test.lab.file);
    expect(lab?.hosts.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'server running',
      'client1 running',
      'client2 running',
    ]);
    expect(lab?.networks.map(({ name }) => name)).toEqual(['lab', 'side']);
  });

  it('mends what was removed, stopped or paused by hand, and leaves the rest alone', async () => {
    await up(test);
    const server = idOf(test.lab.name, 'server');
    docker('rm', '-f', `${test.lab.name}_client2_1`);
    docker('kill', `${test.lab.name}_client1_1`);
    docker('pause', `${test.lab.name}_server_1`);
    expect((await up(test)).sort()).toEqual([
      'host-created client2',
      'host-started client1',
      'host-started client2',
      'host-started server',
    ]);
    expect(idOf(test.lab.name, 'server')).toBe(server);
    expect(await up(test)).toEqual([]);
  });

  it('mends a host that was taken off its network, and a network that was made anew', async () => {
    await up(test);
    const { name } = test.lab;
    docker('network', 'disconnect', `${name}_lab`, `${name}_client1_1`);
    expect((await up(test)).sort()).toEqual(['host-created client1', 'host-removed client1', 'host-started client1']);
    docker('rm', '-f', `${name}_server_1`, `${name}_client2_1`);
    docker('network', 'rm', `${name}_side`);
    expect(await up(test)).toContain('network-created side');
    expect(await up(test)).toEqual([]);
  });

  it('makes a stopped host with several networks anew, so that its interfaces keep their order', async () => {
    await up(test);
    docker('kill', `${test.lab.name}_server_1`);
    expect((await up(test)).sort()).toEqual(['host-created server', 'host-removed server', 'host-started server']);
  });

  it('makes anew what the file changes, removes what it no longer names, adds what is new', async () => {
    await up(test);
    const client2 = idOf(test.lab.name, 'client2');
    const before = test.lab.hosts;
    test.lab.hosts = [
      { ...host('server', ['lab', 'side'], test.folder), environment: { LESSON: 'udp' } },
      host('client2', ['side', 'lab'], test.folder),
      host('client3', ['lab', 'side', 'third'], test.folder),
    ];
    test.lab.networks.push(network('third'));
    expect((await up(test)).sort()).toEqual([
      'host-created client3',
      'host-created server',
      'host-removed client1',
      'host-removed server',
      'host-started client3',
      'host-started server',
      'network-created third',
    ]);
    expect(idOf(test.lab.name, 'client2')).toBe(client2);
    test.lab.hosts = before;
    test.lab.networks.pop();
    expect(await up(test)).toContain('network-removed third');
  });

  it('numbers the interfaces as the file orders the networks, three included', async () => {
    const { lab, folder } = test;
    const before = { hosts: lab.hosts, networks: lab.networks };
    lab.networks = ['zulu', 'alpha', 'mike'].map(network);
    lab.hosts = [host('server', ['zulu', 'mike', 'alpha'], folder), host('client1', ['mike', 'alpha', 'zulu'], folder)];
    await up(test);
    const order = async (name: string) =>
      (await (await engine.host(lab.name, name)).interfaces()).map((one) => `${one.name} ${one.network}`);
    expect(await order('server')).toEqual(['eth0 zulu', 'eth1 mike', 'eth2 alpha']);
    expect(await order('client1')).toEqual(['eth0 mike', 'eth1 alpha', 'eth2 zulu']);
    Object.assign(lab, before);
  });

  it('leaves a state that the next one mends when it is interrupted anywhere', async () => {
    for (const moment of ['network-created', 'host-created', 'host-started'] as const) {
      await engine.down(test.lab.name);
      const stop = new AbortController();
      const interrupted = engine.up(test.lab, {
        signal: stop.signal,
        on: (event) => event.kind === moment && stop.abort(new Error('interrupted')),
      });
      await expect(interrupted).rejects.toThrow('interrupted');
      await up(test);
      expect(await up(test)).toEqual([]);
    }
  });
});

describe('down', () => {
  it('removes the lab, and nothing when asked again or for an unknown name', async () => {
    await using test = testLab(engine, 'labctl-test-down');
    await engine.build(test.lab);
    await up(test);
    expect(await engine.down(test.lab.name)).toEqual({ removed: 5 });
    expect(await engine.down(test.lab.name)).toEqual({ removed: 0 });
    expect(await engine.find(test.lab.name)).toBeUndefined();
    expect(await engine.down('labctl-test-unknown')).toEqual({ removed: 0 });
  });

  it('leaves another lab alone, which has the same hosts', async () => {
    await using one = testLab(engine, 'labctl-test-one');
    await using other = testLab(engine, 'labctl-test-other');
    await Promise.all([up(one), up(other)]);
    const names = (await engine.list()).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['labctl-test-one', 'labctl-test-other']));
    const before = owned('labctl-test-other');
    await engine.down('labctl-test-one');
    expect(owned('labctl-test-one')).toBe('');
    expect(owned('labctl-test-other')).toBe(before);
    expect(await up(other)).toEqual([]);
  });
});

describe("a stranger on the lab's network", () => {
  it('is named by down, and removed by nobody', async () => {
    await using test = testLab(engine, 'labctl-test-stranger');
    await up(test);
    const stranger = 'labctl-test-a-stranger';
    docker('run', '-d', '--init', '--name', stranger, '--network', 'labctl-test-stranger_lab', image, 'sleep', '1000');
    try {
      await expect(engine.down(test.lab.name)).rejects.toMatchObject({
        where: 'network lab',
        message: `not of this lab, but attached to its network: ${stranger}`,
        hint: `\`docker rm -f ${stranger}\`, then \`labctl down\``,
      });
      expect(docker('inspect', '-f', '{{.State.Running}}', stranger)).toBe('true');
    } finally {
      docker('rm', '-f', stranger);
    }
  });
});

describe('a name that is held by somebody else', () => {
  it('is refused, and what holds it stays', async () => {
    await using test = testLab(engine, 'labctl-test-held');
    await using other = testLab(engine, 'labctl-test-held');
    await up(test);
    await expect(engine.up(other.lab)).rejects.toMatchObject({
      kind: 'engine',
      message: `the name "labctl-test-held" is held by the lab of ${test.folder}`,
    });
    expect(await up(test)).toEqual([]);
  });

  it('is refused too where it is a plain container', async () => {
    await using test = testLab(engine, 'labctl-test-name');
    const id = docker('create', '--name', 'labctl-test-name_client1_1', image, 'true');
    try {
      await expect(engine.up(test.lab)).rejects.toMatchObject({
        where: 'host client1',
        message: "a container named labctl-test-name_client1_1 exists already and is not this lab's",
      });
      await engine.down(test.lab.name);
      expect(idOf(test.lab.name, 'client1')).toBe(id);
    } finally {
      docker('rm', '-f', id);
    }
  });
});

describe('an engine that cannot be used', () => {
  it.each([
    ['unix:///nowhere/docker.sock', 'no Docker Engine answers at /nowhere/docker.sock'],
    ['tcp://127.0.0.1:1', 'no Docker Engine answers at tcp://127.0.0.1:1'],
  ])('is named: %s', async (address, message) => {
    await expect(openDocker({ DOCKER_HOST: address })).rejects.toMatchObject({
      kind: 'engine',
      message,
      hint: '`labctl doctor --fix`',
    });
  });
});
