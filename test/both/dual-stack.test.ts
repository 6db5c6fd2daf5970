// The scenario that brings its own lab, with IPv6: met on each engine by the command line alone, and its answers whole.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { engineUnderTest, labName } from '../engine-under-test.ts';
import { labctl } from '../labctl.ts';

const engine = ['--engine', engineUnderTest ?? 'embedded', '--lab', labName('dual')];
let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'labctl-dual-'));
});
afterAll(async () => {
  await labctl([...engine, 'down'], { cwd });
  rmSync(cwd, { recursive: true, force: true });
});

it('makes its lab, meets every expectation, and answers its questions in both languages', async () => {
  const { code, stdout, stderr } = await labctl([...engine, '--json', 'run', 'dual-stack'], { cwd });
  expect(code, stderr).toBe(0);
  const { verdicts, conversations } = JSON.parse(stdout) as {
    verdicts: { verdict: string }[];
    conversations: { responder: { endpoint: { address: string } } }[];
  };
  expect(verdicts.map(({ verdict }) => verdict)).toEqual(verdicts.map(() => 'met'));
  const six = conversations.filter(({ responder }) => responder.endpoint.address.startsWith('fd'));
  expect([six.length, conversations.length]).toEqual([2, 5]);
  for (const language of ['en', 'fr']) {
    const shown = await labctl(['--lang', language, 'show', '--answers', 'dual-stack'], { cwd });
    expect(shown.stdout).toMatch(/RFC\s+4291/);
    expect(shown.stdout).not.toContain('⟨');
  }
});
