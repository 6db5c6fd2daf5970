// What up and down owe to whoever also uses the same Docker Engine: by hand, or without knowing of labctl.

import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDocker } from '../../labctl/engine/docker/docker-engine.ts';
import type { Engine } from '../../labctl/engine/engine.ts';
import { image, type TestLab, testLab, upInWords } from '../engine-lab.ts';

const docker = (...args: string[]): string => execFileSync('docker', args, { encoding: 'utf8' }).trim();
const idOf = (lab: string, name: string): string => docker('inspect', '-f', '{{.Id}}', `${lab}_${name}_1`);

let engine: Engine;
beforeAll(async () => {
  engine = await openDocker();
});
const up = (test: TestLab) => upInWords(engine, test);

describe('up', () => {
  let test: TestLab;
  beforeAll(async () => {
    test = testLab(engine, 'byhand');
    await engine.build(test.lab);
  });
  afterAll(() => test[Symbol.asyncDispose]());

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
});

describe('down', () => {
  it('leaves no object with the label of the lab', async () => {
    await using test = testLab(engine, 'labels');
    await up(test);
    const owned = () => docker('ps', '-aq', '--filter', `label=labctl.lab=${test.lab.name}`);
    expect(owned().split('\n')).toHaveLength(3);
    await engine.down(test.lab.name);
    expect(owned()).toBe('');
  });
});

describe("a stranger on the lab's network", () => {
  it('is named by down, and removed by nobody', async () => {
    await using test = testLab(engine, 'strange');
    await up(test);
    const stranger = `${test.lab.name}-a-stranger`;
    docker('run', '-d', '--init', '--name', stranger, '--network', `${test.lab.name}_lab`, image, 'sleep', '1000');
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

describe('a name that is held by a plain container', () => {
  it('is refused, and what holds it stays', async () => {
    await using test = testLab(engine, 'taken');
    const id = docker('create', '--name', `${test.lab.name}_client1_1`, image, 'true');
    try {
      await expect(engine.up(test.lab)).rejects.toMatchObject({
        where: 'host client1',
        message: `a container named ${test.lab.name}_client1_1 exists already and is not this lab's`,
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
