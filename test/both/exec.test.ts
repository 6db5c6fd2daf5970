// `labctl exec` as a part of pipelines and scripts: exit codes, streams, and nothing that runs on when nobody listens.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { labName } from '../engine-under-test.ts';
import { cli, type LabctlOptions, labctl } from '../labctl.ts';
import { Terminal } from '../tmux.ts';

const lab = labName('exec');
const exec = (argv: string[], options: LabctlOptions = {}) =>
  labctl(['--lab', lab, 'exec', 'server', '--', ...argv], options);

/** The command lines of what runs in the server, but for ps itself. */
const running = async (): Promise<string> => (await exec(['ps', '-eo', 'args='])).stdout;

async function until(condition: (processes: string) => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  for (let seen = ''; ; seen = await running()) {
    if (seen !== '' && condition(seen)) return;
    if (Date.now() > deadline) throw new Error(`the server's processes stay at:\n${seen}`);
  }
}

beforeAll(async () => {
  expect(await labctl(['--lab', lab, 'up'])).toMatchObject({ code: 0 });
});
afterAll(async () => {
  expect(await labctl(['--lab', lab, 'down'])).toMatchObject({ code: 0 });
});

it('carries input, both outputs and the exit code', async () => {
  const outcome = await exec(['sh', '-c', 'cat; echo problem >&2; exit 9'], { input: 'one\ntwo\n' });
  expect(outcome).toEqual({ code: 9, stdout: 'one\ntwo\n', stderr: 'problem\n' });
});

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('ends the program and its children at %s', async (signal, code) => {
  const outcome = await exec(['sh', '-c', 'sleep 4711 & echo ready; wait'], {
    onChild: (child) => child.stdout?.once('data', () => child.kill(signal)),
  });
  expect(outcome.code).toBe(code);
  await until((processes) => !processes.includes('sleep 4711'));
});

it('ends the program when nobody reads its output any more', async () => {
  await exec(['yes'], { onChild: (child) => child.stdout?.once('data', () => child.stdout?.destroy()) });
  await until((processes) => !/^yes$/m.test(processes));
});

it('ends a shell and what was typed in it when its terminal is closed', async () => {
  {
    await using shell = await Terminal.open(
      `'${process.execPath}' '${cli}' --lab ${lab} shell server`,
      { columns: 80, rows: 24 },
      '/',
    );
    await shell.until((screen) => screen.includes('server:'), 'a prompt');
    await shell.type('server', 'Enter');
    await shell.until((screen) => screen.includes('listening'), 'the server');
    expect(await running()).toMatch(/^bash\nserver$/m);
  }
  await until((processes) => !/^(bash|server)$/m.test(processes));
});
