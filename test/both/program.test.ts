import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine, Host, RunningProgram } from '../../labctl/engine/engine.ts';
import { type TestLab, testLab } from '../engine-lab.ts';
import { byEngine, labName, openEngine } from '../engine-under-test.ts';

const megabytes = 5;

let engine: Engine;
let test: TestLab;
let host: Host;
beforeAll(async () => {
  engine = await openEngine();
  test = testLab(engine, 'program');
  await engine.build(test.lab);
  await engine.up(test.lab);
  host = await engine.host(test.lab.name, 'server');
});
afterAll(() => test[Symbol.asyncDispose]());

/** Collects output until it contains `text`, or all of it. */
async function read({ output }: RunningProgram, text?: string): Promise<string> {
  let seen = '';
  const chunks = output[Symbol.asyncIterator]();
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
    seen += Buffer.from(next.value.bytes).toString();
    if (text !== undefined && seen.includes(text)) break;
  }
  return seen;
}

describe('exec', () => {
  it.each([
    ['exit 0', 0],
    ['exit 1', 1],
    ['no-such-program', 127],
    ['kill -KILL $$', 137],
    ['kill -TERM $$', 143],
  ])('tells how the program ended: %s', async (script, exitCode) => {
    expect(await host.exec(['sh', '-c', script])).toMatchObject({ exitCode });
  });

  it('says when there is no such program, as a shell does', async () => {
    const result = await host.exec(['no-such-program']);
    expect(result).toEqual({ exitCode: 127, stdout: '', stderr: 'no-such-program: there is no such program\n' });
    expect(await host.exec(['/etc/passwd'])).toMatchObject({ exitCode: 126 });
  });

  it('keeps the streams apart, and runs as the user, in the folder, with the environment asked for', async () => {
    const script = 'id -u; pwd; echo "$LESSON $EXTRA"; echo complaint >&2';
    expect(await host.exec(['sh', '-c', script], { workingDir: '/tmp', environment: { EXTRA: 'a b' } })).toEqual({
      exitCode: 0,
      stdout: '1000\n/tmp\ntcp a b\n',
      stderr: 'complaint\n',
    });
    expect((await host.exec(['id', '-u'], { user: '0' })).stdout).toBe(byEngine({ docker: '0\n', embedded: '1000\n' }));
  });

  it('is over soon after the program, though a child holds the output open and goes on', async () => {
    const result = await host.exec(['sh', '-c', '(sleep 61; echo late) & echo early']);
    expect(result).toMatchObject({ exitCode: 0, stdout: 'early\n' });
    expect(await host.exec(['pkill', '-f', 'sleep 61'])).toMatchObject({ exitCode: 0 });
  });

  it('gives input and ends it', async () => {
    const input = Buffer.alloc(megabytes * 1024 * 1024, 'labctl ');
    const hash = createHash('sha256').update(input).digest('hex');
    expect((await host.exec(['sha256sum'], { input })).stdout).toBe(`${hash}  -\n`);
    expect((await host.exec(['cat'], { input: '' })).stdout).toBe('');
  });

  it('does not mind a program that reads only the start of its input', async () => {
    const input = Buffer.alloc(megabytes * 1024 * 1024, 'x');
    expect(await host.exec(['head', '-c', '3'], { input })).toEqual({ exitCode: 0, stdout: 'xxx', stderr: '' });
  });

  it('ends when it is interrupted', async () => {
    const stop = new AbortController();
    const program = host.exec(['sleep', '1000'], { signal: stop.signal });
    await waitForProgram('sleep 1000');
    stop.abort(new Error('interrupted'));
    await expect(program).rejects.toThrow('interrupted');
    await host.exec(['pkill', '-f', 'sleep 1000']);
  });

  it('names the nearest host for one that does not exist, and a lab that is not up', async () => {
    await expect(engine.host(test.lab.name, 'servr')).rejects.toMatchObject({
      message: `the lab "${test.lab.name}" has no host "servr": did you mean "server"?`,
      hint: 'its hosts are client1, client2, server',
    });
    await expect(engine.host(labName('none'), 'server')).rejects.toMatchObject({
      message: `the lab "${labName('none')}" is not up`,
    });
  });
});

/** Awaits that a program runs in the host: its command line shows up. */
async function waitForProgram(commandLine: string): Promise<void> {
  const script = `until pgrep -fx '${commandLine}'; do sleep 0.02; done`;
  expect(await host.exec(['timeout', '10', 'sh', '-c', script])).toMatchObject({ exitCode: 0 });
}

describe('spawn', () => {
  it('carries megabytes of any bytes unharmed', async () => {
    const script = `head -c ${megabytes}M /dev/urandom | tee /dev/stderr | sha256sum | cut -c1-64 > /work/hash`;
    const program = await host.spawn(['sh', '-c', script]);
    const hash = createHash('sha256');
    for await (const { stream, bytes } of program.output) if (stream === 'stderr') hash.update(bytes);
    expect(await program.exitCode).toBe(0);
    expect((await host.exec(['cat', '/work/hash'])).stdout.trim()).toBe(hash.digest('hex'));
  });

  it('talks with a program, whose input ends when ours does', async () => {
    const program = await host.spawn(['cat']);
    program.stdin.write('one\n');
    expect(await read(program, 'one\n')).toBe('one\n');
    program.stdin.write('two\n');
    program.stdin.end('three\n');
    expect(await read(program)).toBe('two\nthree\n');
    expect(await program.exitCode).toBe(0);
  });

  it('waits while nobody reads', async () => {
    const program = await host.spawn(['sh', '-c', 'head -c 100M /dev/zero; touch /work/through']);
    const [first] = [await program.output[Symbol.asyncIterator]().next()];
    expect(first.done).toBe(false);
    expect(await host.exec(['test', '-e', '/work/through'])).toMatchObject({ exitCode: 1 });
    program.disconnect();
    await host.exec(['pkill', 'head']);
  });

  it('ends what reads its input when the connection is dropped', async () => {
    const program = await host.spawn(['sh', '-c', 'cat; exit 3']);
    await waitForProgram('cat');
    program.disconnect();
    expect(await program.exitCode).toBe(3);
    expect(await read(program)).toBe('');
  });

  it('gives a terminal that can be resized', async () => {
    const script = 'while read -r line; do echo "$line: $(stty size)"; done';
    const program = await host.spawn(['sh', '-c', script], { terminal: { columns: 100, rows: 30 } });
    program.stdin.write('first\n');
    expect(await read(program, 'first: 30 100')).toContain('first: 30 100');
    await program.resize(81, 25);
    program.stdin.write('second\n');
    expect(await read(program, 'second: 25 81')).toContain('second: 25 81');
    program.stdin.write('\x04');
    await read(program);
    expect(await program.exitCode).toBe(0);
  });

  it('lets a stopped program hear once that it may go on', async () => {
    const counting = [
      'import os, signal, time',
      'heard = []',
      'signal.signal(signal.SIGCONT, lambda *_: heard.append(1))',
      'print(os.getpid(), flush=True)',
      'while not heard: time.sleep(0.01)',
      'time.sleep(0.1)',
      'print(f"heard {len(heard)}")',
    ].join('\n');
    const running = await host.spawn(['python3', '-c', counting]);
    const chunks = running.output[Symbol.asyncIterator]();
    const line = async () =>
      Buffer.from((await chunks.next()).value?.bytes ?? '')
        .toString()
        .trim();
    const [pid, state] = [await line(), async () => (await host.exec(['ps', '-o', 'stat=', '-p', pid])).stdout];
    await host.exec(['kill', '-STOP', pid]);
    await expect.poll(state).toMatch(/^T/);
    await host.exec(['kill', '-CONT', pid]);
    expect(await line()).toBe('heard 1');
    expect(await running.exitCode).toBe(0);
  });

  it('is over for the caller when interrupted', async () => {
    const stop = new AbortController();
    const program = await host.spawn(['cat'], { signal: stop.signal });
    stop.abort(new Error('interrupted'));
    await expect(program.exitCode).rejects.toThrow('interrupted');
    expect(await read(program)).toBe('');
  });
});

describe('logs', () => {
  const loud = (purpose: string, script: string): TestLab => {
    const noisy = testLab(engine, purpose);
    for (const spec of noisy.lab.hosts) spec.command = ['sh', '-c', script];
    return noisy;
  };

  it('gives the output of the first process, from the end where asked', async () => {
    // The two streams reach an engine's log on ways of their own: what is said at once may come in any order.
    const script = 'echo out; while [ ! -e /work/heard ]; do sleep 0.05; done; echo err >&2; exec sleep infinity';
    await using noisy = loud('logs', script);
    await engine.up(noisy.lab);
    const client = await engine.host(noisy.lab.name, 'client1');
    const log = await client.logs({ follow: true });
    let seen = '';
    for await (const bytes of log) {
      seen += String(bytes);
      if (seen === 'out\n') await client.exec(['touch', '/work/heard']);
      if (seen.includes('err\n')) break;
    }
    expect(seen).toBe('out\nerr\n');
    let last = '';
    for await (const bytes of await client.logs({ follow: false, tail: 1 })) last += String(bytes);
    expect(last).toBe('err\n');
  });

  it('ends with the host, after its last words', async () => {
    await using noisy = loud('lastlog', 'trap "echo farewell; exit" TERM; echo ready; while :; do sleep 0.05; done');
    await engine.up(noisy.lab);
    const client = await engine.host(noisy.lab.name, 'client1');
    let seen = '';
    for await (const bytes of await client.logs({ follow: true })) {
      if (!seen.includes('ready') && (seen += String(bytes)).includes('ready'))
        await client.exec(['sh', '-c', 'kill -TERM $(pgrep -P 1 | head -1)'], { user: '0' });
      else seen += String(bytes);
    }
    expect(seen).toBe('ready\nfarewell\n');
  });
});
