// Presses Tab in real shells: bash, zsh and fish ask the built labctl what may stand there.

import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packageRoot } from '../labctl/root.ts';
import { cli, environment } from './labctl.ts';
import { Terminal } from './tmux.ts';

const execute = promisify(execFile);
let bin: string;
beforeAll(async () => {
  bin = await mkdtemp(join(tmpdir(), 'labctl-bin-'));
  await writeFile(join(bin, 'labctl'), `#!/bin/sh\nexec '${process.execPath}' '${cli}' "$@"\n`);
  await chmod(join(bin, 'labctl'), 0o755);
});
afterAll(() => rm(bin, { recursive: true, force: true }));

/** Runs a shell's script in the repository; gives what it printed, line by line. */
async function printed(shell: string, argv: string[]): Promise<string[]> {
  const env = { ...environment, PATH: `${bin}:${process.env['PATH'] ?? ''}`, HOME: bin };
  const { stdout } = await execute(shell, argv, { cwd: packageRoot, env });
  return stdout.trim().split('\n');
}

it('bash offers commands, options, scenarios, hosts, and files where a file will do', async () => {
  const script = `
    source <(labctl completion bash)
    try() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _labctl; echo "\${COMPREPLY[*]}"; }
    complete -p labctl
    try labctl ru
    try labctl show --json
    try labctl run first
    try labctl --lab nobody-has-this exec ser
    try labctl run ./packa 2> /dev/null
    try labctl --engine = em
    try labctl images sa`;
  expect(await printed('bash', ['--norc', '-c', script])).toEqual([
    'complete -F _labctl labctl',
    expect.stringMatching(/^run\b/),
    '--jsonl --json',
    'first-client',
    'server',
    './package-lock.json ./package.json',
    'embedded',
    'save',
  ]);
});

it('fish offers them with what they are', async () => {
  const asked = ['labctl gr', 'labctl run second', 'labctl --lab nobody-has-this logs client1'];
  const script = `labctl completion fish | source; ${asked.map((line) => `complete -C '${line}'`).join('; ')}`;
  const lines = await printed('fish', ['--no-config', '-c', script]);
  expect(lines[0]).toMatch(/^grade\t.*class/);
  expect(lines.slice(1)).toEqual(['second-client', 'client1']);
});

it('zsh completes on a line that is typed', async () => {
  const start = `cd '${packageRoot}'; PATH='${bin}':$PATH; PS1='ready> '; autoload -U compinit; compinit -D; source <(labctl completion zsh)`;
  await using shell = await Terminal.open('zsh -f -i', { columns: 100, rows: 30 }, packageRoot);
  await shell.type(start, 'Enter', 'C-l');
  await shell.until((screen) => screen.startsWith('ready>'), 'a prompt');
  await shell.type('labctl run second', 'Tab');
  await shell.until((screen) => screen.includes('labctl run second-client'), 'the name of the scenario');
  await shell.type(' --answ', 'Tab');
  await shell.until((screen) => screen.includes('--answers'), 'the option');
  await shell.type('C-u', 'labctl rec', 'Tab');
  await shell.until((screen) => screen.includes('ready> labctl record'), 'the command');
});
