import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDocker } from '../../labctl/engine/docker/docker-engine.ts';
import type { Engine } from '../../labctl/engine/engine.ts';
import { type TestLab, testLab } from '../engine-lab.ts';

let engine: Engine;
let test: TestLab;
beforeAll(async () => {
  engine = await openDocker();
  test = testLab(engine, 'compose');
  for (const spec of test.lab.hosts) spec.command = ['sh', '-c', 'echo ready; exec sleep infinity'];
  test.write();
  await engine.build(test.lab);
});
beforeEach(async () => {
  await engine.up(test.lab);
});
afterAll(() => test[Symbol.asyncDispose]());

const docker = (...args: string[]): string => execFileSync('docker', args, { encoding: 'utf8' }).trim();

/** Debian's docker-compose on the lab's own file. */
async function compose(...args: string[]): Promise<{ stdout: string; stderr: string }> {
  return promisify(execFile)('docker-compose', ['--no-ansi', '-p', test.lab.name, ...args], { cwd: test.folder });
}

describe('a lab that labctl brought up, in the hands of docker-compose', () => {
  it('is listed, entered and read', async () => {
    const { stdout: ids } = await compose('ps', '-q');
    expect(ids.trim().split('\n')).toHaveLength(3);
    expect((await compose('ps', '--services', '--filter', 'status=running')).stdout.trim().split('\n').sort()).toEqual([
      'client1',
      'client2',
      'server',
    ]);
    expect((await compose('exec', '-T', 'server', 'hostname')).stdout).toBe('server\n');
    expect((await compose('logs', 'client1')).stdout).toContain('ready');
  });

  it('is ended by its down', async () => {
    await compose('down');
    expect(await engine.find(test.lab.name)).toBeUndefined();
    expect(await engine.down(test.lab.name)).toEqual({ removed: 0 });
  });

  it('may be made anew by its up; then labctl takes it back', async () => {
    await compose('up', '-d', '--force-recreate');
    const lab = await engine.find(test.lab.name);
    expect(lab?.hosts.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'client1 running',
      'client2 running',
      'server running',
    ]);
    expect(await engine.up(test.lab)).toMatchObject({ changed: true });
    expect(await engine.up(test.lab)).toMatchObject({ changed: false });
  });

  it('is removed by labctl, even after its up made the hosts anew', async () => {
    await compose('up', '-d', '--force-recreate');
    expect(await engine.down(test.lab.name)).toEqual({ removed: 5 });
    expect((await compose('ps', '-q')).stdout).toBe('');
  });
});

describe('a Compose project that labctl has no part in', () => {
  it('is refused by up, and left alone by down and list', async () => {
    await using other = testLab(engine, 'foreign');
    // An image without labctl's label: containers inherit what their image carries.
    const plainImage = 'labctl-test/plain';
    execFileSync('docker', ['import', '-', plainImage], { input: Buffer.alloc(1024) });
    const labels = [
      `com.docker.compose.project=${other.lab.name}`,
      'com.docker.compose.service=web',
      'com.docker.compose.container-number=1',
      `com.docker.compose.project.working_dir=${test.folder}`,
    ].flatMap((label) => ['--label', label]);
    const id = docker('create', ...labels, plainImage, 'true');
    try {
      await expect(engine.up(other.lab)).rejects.toMatchObject({
        message: `the name "${other.lab.name}" is held by the Compose project of ${test.folder}`,
      });
      expect(await engine.down(other.lab.name)).toEqual({ removed: 0 });
      expect((await engine.list()).map(({ name }) => name)).not.toContain(other.lab.name);
      expect(docker('ps', '-aq', '--no-trunc', '--filter', `id=${id}`)).toBe(id);
    } finally {
      docker('rm', '-f', id);
      docker('rmi', plainImage);
    }
  });
});
