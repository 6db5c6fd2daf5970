import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../labctl/engine/engine.ts';
import { endFirstProgram, host, identityOf, network, type TestLab, testLab, upInWords } from '../engine-lab.ts';
import { byEngine, labName, openEngine } from '../engine-under-test.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});

const up = (test: TestLab) => upInWords(engine, test);
const ids = async (test: TestLab, ...names: string[]) =>
  Promise.all(names.map((name) => identityOf(engine, test.lab.name, name)));

describe('up', () => {
  let test: TestLab;
  beforeAll(async () => {
    test = testLab(engine, 'up');
    await engine.build(test.lab);
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

  it('starts a host again whose program ended, and leaves the rest alone', async () => {
    await up(test);
    const before = await ids(test, 'server', 'client2');
    await endFirstProgram(engine, test.lab.name, 'client1');
    const found = await engine.find(test.lab.name);
    expect(found?.hosts.map(({ name, state }) => `${name} ${state}`)).toContain('client1 exited');
    await expect(engine.host(test.lab.name, 'client1')).rejects.toMatchObject({
      message: 'it does not run (exited)',
      where: 'host client1',
    });
    // Docker keeps what is left of a host; a sandbox leaves nothing, and is made anew.
    const anew = ['host-created client1', 'host-removed client1'];
    expect((await up(test)).sort()).toEqual([...byEngine({ docker: [], embedded: anew }), 'host-started client1']);
    expect(await ids(test, 'server', 'client2')).toEqual(before);
    expect(await up(test)).toEqual([]);
  });

  it('makes a stopped host with several networks anew, so that its interfaces keep their order', async () => {
    await up(test);
    await endFirstProgram(engine, test.lab.name, 'server');
    expect((await up(test)).sort()).toEqual(['host-created server', 'host-removed server', 'host-started server']);
  });

  it('makes anew what the file changes, removes what it no longer names, adds what is new', async () => {
    await up(test);
    const client2 = await ids(test, 'client2');
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
    expect(await ids(test, 'client2')).toEqual(client2);
    test.lab.hosts = before;
    test.lab.networks.pop();
    expect(await up(test)).toContain('network-removed third');
  });

  it('can be mended after a change that failed half-way', async () => {
    await up(test);
    const [kept] = await ids(test, 'client2');
    const before = { hosts: test.lab.hosts, networks: test.lab.networks };
    test.lab.networks = [network('lab'), network('third'), network('side')];
    test.lab.hosts = [
      host('client2', ['side', 'lab'], test.folder),
      { ...host('server', ['lab', 'third'], test.folder), sysctls: { 'net.ipv4.no_such_setting': '1' } },
    ];
    await expect(engine.up(test.lab)).rejects.toMatchObject({ kind: 'engine', where: 'host server' });
    expect(await ids(test, 'client2')).toEqual([kept]);
    Object.assign(test.lab, before);
    await up(test);
    expect(await ids(test, 'client2')).toEqual([kept]);
    expect(await up(test)).toEqual([]);
    const server = await engine.host(test.lab.name, 'server');
    expect(await server.exec(['bash', '-c', 'exec 3<>/dev/tcp/client1/9'])).toMatchObject({
      stderr: expect.stringContaining('Connection refused'),
    });
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
    await using test = testLab(engine, 'down');
    await engine.build(test.lab);
    await up(test);
    expect(await engine.down(test.lab.name)).toEqual({ removed: 5 });
    expect(await engine.down(test.lab.name)).toEqual({ removed: 0 });
    expect(await engine.find(test.lab.name)).toBeUndefined();
    expect(await engine.down(labName('unknown'))).toEqual({ removed: 0 });
  });

  it('leaves another lab alone, which has the same hosts', async () => {
    await using one = testLab(engine, 'one');
    await using other = testLab(engine, 'other');
    await Promise.all([up(one), up(other)]);
    const names = (await engine.list()).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining([one.lab.name, other.lab.name]));
    const before = await ids(other, 'server', 'client1', 'client2');
    await engine.down(one.lab.name);
    expect((await engine.list()).map(({ name }) => name)).not.toContain(one.lab.name);
    expect(await ids(other, 'server', 'client1', 'client2')).toEqual(before);
    expect(await up(other)).toEqual([]);
  });
});

describe('a name that is held by the lab of another folder', () => {
  it('is refused, and what holds it stays', async () => {
    await using test = testLab(engine, 'held');
    await using other = testLab(engine, 'held');
    await up(test);
    await expect(engine.up(other.lab)).rejects.toMatchObject({
      kind: 'engine',
      message: `the name "${test.lab.name}" is held by the lab of ${test.folder}`,
    });
    expect(await up(test)).toEqual([]);
  });
});
