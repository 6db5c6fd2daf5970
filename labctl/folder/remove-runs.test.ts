import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { chosenRuns, keepVerdict, keptVerdict, removeRuns, sizeOf } from './remove-runs.ts';
import { listRuns } from './runs.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'labctl-runs-'));
  for (const [path, ended] of [
    ['a/20260101T100000-x', 1000],
    ['a/20260102T100000-y', 2000],
    ['b/20260102T100000-y', 2001],
    ['a/20260103T100000-z', 3000],
    ['a/20260104T100000-open.part', 4000],
  ] as const) {
    await mkdir(join(folder, path, 'calls'), { recursive: true });
    await writeFile(join(folder, path, 'run.json'), JSON.stringify({ started: ended - 10, ended }));
    await writeFile(join(folder, path, 'calls', 'c.strace'), 'x'.repeat(100));
  }
  await mkdir(join(folder, 'a', 'notes'));
  await symlink(join(folder, 'a', 'notes'), join(folder, 'a', '20260105T100000-link'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const chosen = async (choice: Parameters<typeof chosenRuns>[1]): Promise<string[]> =>
  chosenRuns(await listRuns(folder), choice).map(({ lab, name }) => `${lab}/${name}`);

it('chooses by name, age and number, and never what may still be written unless it is named', async () => {
  expect(await chosen({ names: [], before: 2001 })).toEqual(['a/20260101T100000-x', 'a/20260102T100000-y']);
  expect(await chosen({ names: [], keep: 2 })).toEqual(['a/20260101T100000-x', 'a/20260102T100000-y']);
  expect(await chosen({ names: [], keep: 0 })).toHaveLength(4);
  expect(await chosen({ names: ['20260104T100000-open.part', 'b/20260102T100000-y'], keep: 9 })).toEqual([
    'b/20260102T100000-y',
    'a/20260104T100000-open',
  ]);
});

it.each([
  ['20260102T100000-y', 'two labs have a run'],
  ['20260101', 'there is no run "20260101"'],
  ['../outside', 'there is no run'],
  ['x', 'there is no run'],
])('guesses nothing: %s', async (name, complaint) => {
  await expect(chosen({ names: [name] })).rejects.toThrow(complaint);
});

it('removes those folders whole, and nothing beside them', async () => {
  await removeRuns(chosenRuns(await listRuns(folder), { names: [], keep: 0 }));
  expect((await listRuns(folder)).map(({ name }) => name)).toEqual(['20260104T100000-open']);
  for (const kept of ['a/notes', 'a/20260105T100000-link']) expect(existsSync(join(folder, kept))).toBe(true);
});

it('weighs a run, and keeps its verdict', async () => {
  const run = join(folder, 'a/20260101T100000-x');
  expect(await keptVerdict(run)).toBeUndefined();
  expect(await sizeOf(run)).toBe(128);
  await keepVerdict(run, { verdict: 'unmet' });
  expect(await keptVerdict(run)).toBe('unmet');
});
