// What labctl is for other programs: results on standard output and nothing else, plain in a pipe, JSON where asked for.

import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli, labctl, type Outcome } from './labctl.ts';

let state: string;
beforeAll(async () => {
  state = await mkdtemp(join(tmpdir(), 'labctl-pipes-'));
});
afterAll(() => rm(state, { recursive: true, force: true }));

/** `environment` says NO_COLOR; an empty value is as good as none (no-color.org). */
const typed = (line: string, env: Record<string, string> = {}): Promise<Outcome> =>
  labctl(line.split(' '), { env: { NO_COLOR: '', XDG_STATE_HOME: state, ...env } });
const escape = String.fromCodePoint(0x1b);
const widest = (text: string): number => Math.max(...text.split('\n').map((line) => line.length));

describe('in a pipe', () => {
  it('is plain, and 80 columns wide', async () => {
    const { stdout } = await typed('list');
    expect(stdout).not.toContain(escape);
    expect(widest(stdout)).toBeLessThanOrEqual(80);
  });
  it('has colours where they are forced, and the letters of the locale', async () => {
    const { stdout } = await typed('list --lang fr', { FORCE_COLOR: '1', LC_ALL: 'fr_FR.UTF-8' });
    expect(stdout).toContain(escape);
    expect(stdout).toMatch(/[éè]/);
  });
  it('obeys NO_COLOR above all, COLUMNS, and a locale of ASCII', async () => {
    const { stdout } = await typed('list --lang fr', { FORCE_COLOR: '1', NO_COLOR: '1', COLUMNS: '44', LC_ALL: 'C' });
    expect(stdout).toMatch(/^[\x20-\x7e\n]+$/);
    expect(widest(stdout)).toBeLessThanOrEqual(44);
  });
});

it('says so where the current folder was removed', async () => {
  const gone = await mkdtemp(join(tmpdir(), 'labctl-gone-'));
  const script = 'rmdir "$PWD"; exec "$0" "$1" list';
  const { status, stderr } = spawnSync('sh', ['-c', script, process.execPath, cli], { cwd: gone, encoding: 'utf8' });
  expect([status, stderr]).toEqual([2, 'the folder that you are in was removed\n  → change to another one: cd ~\n']);
});

it.each(['list --json', '--json learn', '--json runs', 'runs --json', 'man --json', '--json completion zsh'])(
  '%s prints one document of a version',
  async (line) => {
    const { code, stdout, stderr } = await typed(line);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ version: 1 });
  },
);

it('an error is on standard error alone, as JSON where that was asked for', async () => {
  for (const line of ['run no-such-lesson', 'no-such-command', 'show --at never', 'runs rm', 'completion tcsh']) {
    const [plain, json] = await Promise.all([typed(line), typed(`--json ${line}`)]);
    expect({ line, code: plain.code, stdout: plain.stdout }).toEqual({ line, code: 2, stdout: '' });
    expect(plain.stderr).toMatch(/\S/);
    expect({ line, code: json.code, stdout: json.stdout }).toEqual({ line, code: 2, stdout: '' });
    expect(JSON.parse(json.stderr)).toMatchObject({ version: 1, error: { kind: 'usage' } });
  }
});
