// `labctl check` and `run --server` as a student meets them: exit codes, the compiler's words, JSON; and no answers.

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../labctl/root.ts';
import { engineUnderTest, labName } from '../engine-under-test.ts';
import { labctl, type Outcome } from '../labctl.ts';

const lab = labName('check');
const run = (...argv: string[]): Promise<Outcome> =>
  labctl(['--engine', engineUnderTest ?? 'embedded', '--lab', lab, ...argv]);
const check = (program: string, ...more: string[]) =>
  run('check', 'first-client', '--server', join(packageRoot, 'test/submissions', program), ...more);

beforeAll(async () => {
  expect(await run('up')).toMatchObject({ code: 0 });
});
afterAll(async () => {
  expect(await run('down')).toMatchObject({ code: 0 });
});

/** The bytes of the server's capture in the latest run, as text: comments stand there as they are. */
async function latestCapture(): Promise<string> {
  const runs = join(packageRoot, 'runs', lab);
  const latest = (await readdir(runs)).sort().at(-1) ?? '';
  return readFile(join(runs, latest, 'server.pcapng'), 'latin1');
}

describe('a program of one’s own', () => {
  it.each(['right-one-at-a-time.c', 'right-asyncio.py', 'right-make'])('%s is right', async (program) => {
    const { code, stdout, stderr } = await check(program);
    expect(stdout, stderr).toContain('✓ Well done: all expectations met');
    expect(code).toBe(0);
  });

  it('may be a command line, as the help has it', async () => {
    const { code, stdout } = await run(
      'check',
      'first-client',
      '--server-cmd',
      'socat TCP-LISTEN:{port},reuseaddr,fork EXEC:cat',
    );
    expect([code, stdout]).toEqual([0, expect.stringContaining('✓ Well done')]);
  });

  it('shows what the compiler says of a program that works all the same', async () => {
    expect((await check('right-one-at-a-time.c')).stdout).toMatch(
      /right-one-at-a-time\.c:\d+:\d+: warning: unused variable/,
    );
  });

  it('does not compile: exit code 1, the compiler’s words, the reason', async () => {
    const { code, stdout } = await check('wrong-does-not-compile.c');
    expect(code).toBe(1);
    expect(stdout).toMatch(/wrong-does-not-compile\.c:1:\d+: error:/);
    expect(stdout).toContain('✗ It does not compile: it does not compile: cc ended with code 1');
  });

  it('is told as JSON, with a hint and without an answer', async () => {
    const { code, stdout } = await check('wrong-answers-before-reading.py', '--json');
    const told = JSON.parse(stdout) as Record<string, unknown>;
    expect([code, told]).toEqual([
      1,
      expect.objectContaining({
        version: 1,
        scenario: 'first-client',
        verdict: 'unmet',
        reason: { kind: 'unmet', fault: 'answers-too-early', text: expect.stringContaining('before it had read') },
        hints: [expect.stringContaining('must have been received first')],
      }),
    ]);
    expect(told['expectations']).toContainEqual({
      id: 'every-byte',
      verdict: 'unmet',
      at: expect.stringMatching(/^scenarios\/first-client\.yml:\d+$/),
      expected: 'every byte comes back: first, second, third',
      seen: expect.stringContaining('welcome'),
      proof: expect.arrayContaining([expect.stringMatching(/^server\/eth\d frame \d+$/)]),
    });
    expect(stdout).not.toContain('RFC 6056');
    expect(await latestCapture()).toContain('SYN: client1 asks to connect');
  });

  it('is run and shown like labctl’s own', async () => {
    const own = ['--server', join(packageRoot, 'test/submissions/right-fork.c')];
    const { code, stdout } = await run('run', 'first-client', ...own);
    expect(code).toBe(0);
    expect(stdout).toMatch(/accept\(\d\) = \d ← /);
    expect(stdout).toContain('8 of 8 expectations met');
  });

  it('leaves no port behind that would keep the next one from starting', async () => {
    expect((await check('wrong-one-line-then-closes.py')).stdout).toMatch(/its FIN\s+is the first/);
    expect((await check('right-fork.c')).code).toBe(0);
  });

  it('stays in a host that a scenario makes anew', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'labctl-check-'));
    const text = await readFile(join(packageRoot, 'scenarios/first-client.yml'), 'utf8');
    const tuned = text.replace('\nsteps:\n', '\nsysctls:\n  server:\n    net.ipv4.tcp_fin_timeout: 30\nsteps:\n');
    await writeFile(join(folder, 'tuned.yml'), tuned);
    const program = join(packageRoot, 'test/submissions/right-poll.c');
    expect(await run('check', join(folder, 'tuned.yml'), '--server', program)).toMatchObject({ code: 0 });
    await rm(folder, { recursive: true });
  });

  it('is a client that hears the server out, whoever hangs up first', async () => {
    const client = (file: string) => ['--client', join(packageRoot, 'test/clients', file)];
    expect(await run('check', 'who-closes-first', ...client('right-takes-turns.py'))).toMatchObject({ code: 0 });
    const hasty = await run('check', 'who-closes-first', ...client('wrong-hangs-up.py'));
    expect(hasty.code).toBe(1);
    expect(hasty.stdout.replace(/\s+/g, ' ')).toContain('it hung up before it had read all');
  });

  it.each([
    ['no program', ['check', 'first-client'], /no program to check/],
    ['a scenario without roles', ['check', 'lost-data', '--server', 'README.md'], /takes no server of your own/],
    ['a file that is not there', ['check', 'first-client', '--server', 'no.c'], /no such file/],
  ])('usage: %s', async (_, argv, said) => {
    const { code, stderr } = await run(...argv);
    expect([code, stderr]).toEqual([2, expect.stringMatching(said)]);
  });
});
