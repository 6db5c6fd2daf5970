import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDocker } from '../../labctl/engine/docker/docker-engine.ts';
import type { Engine } from '../../labctl/engine/engine.ts';
import type { EngineEvent } from '../../labctl/model/engine-event.ts';
import { type TestLab, testLab } from '../engine-lab.ts';

const image = 'labctl-test/build';

let engine: Engine;
let test: TestLab;
beforeAll(async () => {
  // The classic builder, whatever the engine recommends: what BuildKit makes is compared with it.
  engine = await openDocker({ ...process.env, DOCKER_BUILDKIT: '0' });
  test = testLab(engine, 'build');
  for (const spec of test.lab.hosts) spec.image = image;
});
beforeEach(() => {
  write('Dockerfile', `FROM labctl/base\nCOPY . /context\nCMD ["sleep", "infinity"]\n`);
  write('.dockerignore', '# comment\nnotes\n**/*.o\n!kept.o\n');
  write('server.c', 'int main(void) { return 0; }\n');
  write('deep/er.h', '#define DEPTH 2\n');
});
afterAll(async () => {
  await test[Symbol.asyncDispose]();
  execFileSync('docker', ['rmi', '--force', image]);
});

function write(file: string, text: string): void {
  mkdirSync(join(test.folder, file, '..'), { recursive: true });
  writeFileSync(join(test.folder, file), text);
}

const inspected = (kind: string, name: string): string => {
  const { stdout } = spawnSync('docker', [kind, 'inspect', '-f', '{{.Id}}', name], { encoding: 'utf8' });
  return stdout.trim();
};

/** Builds and gives what was built, and the lines of output. */
async function build(): Promise<{ built: string[]; output: string[] }> {
  const events: EngineEvent[] = [];
  const made = await engine.build(test.lab, { on: (event) => events.push(event) });
  const ready = events.flatMap((event) => (event.kind === 'image-ready' && event.image === image ? [event] : []));
  expect(ready).toHaveLength(1);
  const built = ready.filter((event) => event.built).map((event) => event.image);
  expect(made).toBe(built.length > 0);
  return { built, output: events.flatMap((event) => (event.kind === 'image-building' ? (event.line ?? []) : [])) };
}

const inImage = (...argv: string[]): string =>
  execFileSync('docker', ['run', '--rm', '--init', '--network', 'none', image, ...argv], { encoding: 'utf8' });

describe('build', () => {
  it('builds an image once for all hosts that share it, and never again for the same files', async () => {
    const { built, output } = await build();
    expect(built).toEqual([image]);
    expect(output).toContain('Step 1/4 : FROM labctl/base');
    expect(await build()).toEqual({ built: [], output: [] });
    write('server.c', 'int main(void) { return 0; }\n');
    expect(await build()).toEqual({ built: [], output: [] });
  });

  it('sees a change of content, of name and of the right to execute, but not of what is ignored', async () => {
    await build();
    write('server.c', 'int main(void) { return 1; }\n');
    expect((await build()).built).toEqual([image]);
    write('new.c', '');
    expect((await build()).built).toEqual([image]);
    chmodSync(join(test.folder, 'new.c'), 0o755);
    expect((await build()).built).toEqual([image]);
    write('notes', 'not in the image');
    write('deep/server.o', 'nor this');
    expect((await build()).built).toEqual([]);
  });

  it('takes into the image what .dockerignore lets pass, as root', async () => {
    write('kept.o', '');
    write('deep/lost.o', '');
    write('notes', '');
    await build();
    const list = inImage('find', '/context', '-type', 'f', '-printf', '%P %U\\n').trim().split('\n').sort();
    expect(list).toEqual(expect.arrayContaining(['deep/er.h 0', 'kept.o 0', 'server.c 0']));
    expect(list.filter((line) => line.startsWith('notes') || line.startsWith('deep/lost.o'))).toEqual([]);
  });

  it('shows the end of the output when a build fails, and keeps the image as it was', async () => {
    await build();
    const before = inImage('cat', '/context/server.c');
    write('Dockerfile', 'FROM labctl/base\nRUN echo "server.c:3: what is this" >&2; exit 7\n');
    await expect(engine.build(test.lab)).rejects.toMatchObject({
      kind: 'engine',
      where: `image ${image}`,
      message: expect.stringMatching(/returned a non-zero code: 7[^]*server\.c:3: what is this/),
    });
    write('Dockerfile', 'FROM labctl/base\nNONSENSE\n');
    await expect(engine.build(test.lab)).rejects.toThrow(/unknown instruction: NONSENSE/i);
    expect(inImage('cat', '/context/server.c')).toBe(before);
  });

  it('makes the same image by BuildKit, and tells its steps and failures', async () => {
    // Words of this time: a step that BuildKit has in its cache prints nothing.
    const words = `by whom ${process.pid} ${Date.now()}`;
    write('Dockerfile', `FROM labctl/base\nCOPY . /context\nRUN echo "${words}" && touch /made\nCMD ["sleep", "9"]\n`);
    const content = () => ({
      files: inImage('find', '/context', '/made', '-printf', '%P %U %m\\n').trim().split('\n').sort(),
      config: execFileSync('docker', ['image', 'inspect', '-f', config, image], { encoding: 'utf8' }),
    });
    const config = '{{json .Config.Cmd}} {{json .Config.Env}} {{json .Config.Labels}} {{json .Config.User}}';
    await build();
    const classic = content();
    execFileSync('docker', ['rmi', '--force', image]);
    const buildKit = await openDocker({ ...process.env, DOCKER_BUILDKIT: '1' });
    const lines: string[] = [];
    const tell = (event: EngineEvent) => event.kind === 'image-building' && lines.push(event.line ?? '');
    await buildKit.build(test.lab, { on: tell });
    expect(content()).toEqual(classic);
    expect(lines).toEqual(expect.arrayContaining([expect.stringMatching(/^\[\d\/\d\] COPY \. \/context$/), words]));
    write('Dockerfile', 'FROM labctl/base\nRUN echo "server.c:3: what is this" >&2; exit 7\n');
    await expect(buildKit.build(test.lab)).rejects.toMatchObject({
      kind: 'engine',
      message: expect.stringMatching(/exit code: 7[^]*server\.c:3: what is this/),
    });
  });

  it('names the Dockerfile or the image that is not there', async () => {
    await using other = testLab(engine, 'build-none');
    for (const spec of other.lab.hosts) spec.build = { context: other.folder, dockerfile: 'none/Dockerfile' };
    await expect(engine.build(other.lab)).rejects.toMatchObject({
      kind: 'usage',
      message: `there is no Dockerfile ${other.folder}/none/Dockerfile`,
    });
    for (const spec of other.lab.hosts)
      Object.assign(spec, { image: 'localhost:1/labctl-test/none', build: undefined });
    await expect(engine.build(other.lab)).rejects.toMatchObject({
      kind: 'engine',
      message: expect.stringContaining('the image localhost:1/labctl-test/none is not there and cannot be pulled'),
    });
    await expect(engine.up(other.lab)).rejects.toMatchObject({
      message: 'its image localhost:1/labctl-test/none is not there',
      where: expect.stringMatching(/^host /),
    });
  });

  it('makes hosts anew when their image changed', async () => {
    await build();
    await engine.up(test.lab);
    write('server.c', 'int main(void) { return 2; }\n');
    await build();
    expect((await engine.up(test.lab)).changed).toBe(true);
    const host = await engine.host(test.lab.name, 'server');
    expect((await host.exec(['cat', '/context/server.c'])).stdout).toContain('return 2');
    expect((await engine.up(test.lab)).changed).toBe(false);
    await engine.down(test.lab.name);
  });

  it('leaves no nameless image behind, but one that somebody still uses', async () => {
    const exists = (id: string) => inspected('image', id) !== '';
    const change = async (value: number) => {
      write('server.c', `int main(void) { return ${value}; }\n`);
      await build();
      return inspected('image', image);
    };
    const [first, second] = [await change(3), await change(4)];
    expect([first, second].map(exists)).toEqual([false, true]);
    await engine.up(test.lab);
    const third = await change(5);
    expect([second, third].map(exists)).toEqual([true, true]);
    await engine.up(test.lab);
    expect([second, third].map(exists)).toEqual([false, true]);
    execFileSync('docker', ['tag', third, `${image}:mine`]);
    await change(6);
    await engine.down(test.lab.name);
    expect(exists(third)).toBe(true);
    execFileSync('docker', ['rmi', `${image}:mine`]);
  });
});

describe('an archive of images', () => {
  it('carries them to an engine that has lost them', async () => {
    await build();
    const chunks: Buffer[] = [];
    for await (const chunk of await engine.saveImages(test.lab)) chunks.push(chunk as Buffer);
    execFileSync('docker', ['rmi', '--force', image]);
    await expect(engine.saveImages(test.lab)).rejects.toMatchObject({ hint: '`labctl up` builds what is missing' });
    expect(await engine.loadImages(Readable.from(chunks))).toContain(`${image}:latest`);
    expect(await build()).toEqual({ built: [], output: [] });
  });

  it('is refused when it is none', async () => {
    await expect(engine.loadImages(Readable.from([Buffer.from('no archive')]))).rejects.toMatchObject({
      kind: 'engine',
    });
  });
});
