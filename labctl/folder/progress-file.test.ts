import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { freshProgress } from '../model/progress.ts';
import { keepProgress, progressFolder, readProgress } from './progress-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'labctl-progress-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));
const now = new Date('2026-03-01T10:00:00.123Z');

it('lies in the state folder, one folder a student, and nowhere else whatever the name', () => {
  expect(progressFolder({ XDG_STATE_HOME: '/state' }, 'anna')).toBe('/state/labctl/learn/anna');
  expect(progressFolder({ HOME: '/home/a' }, '../../etc')).toBe('/home/a/.local/state/labctl/learn/__.._etc');
});

it('is fresh at first, then what was kept, with nothing left aside', async () => {
  const kept = await readProgress(join(folder, 'anna'), 'first-client', now);
  expect(kept.progress).toEqual(freshProgress('first-client', '2026-03-01T10:00:00.123Z'));
  await keepProgress(kept.file, { ...kept.progress, run: '/runs/x', questions: { 'what?': { predicted: null } } });
  expect(await readdir(join(folder, 'anna'))).toEqual(['first-client.json']);
  expect((await readProgress(join(folder, 'anna'), 'first-client')).progress).toEqual({
    ...kept.progress,
    run: '/runs/x',
    questions: { 'what?': { predicted: null } },
  });
});

it.each([
  '{"version":1,"lesson":"a","beg',
  '[]',
  'null',
  '{"version":1}',
  '{"version":1,"lesson":"a","begun":"b","questions":{"q":3}}',
  '{"version":"1"}',
])('that is damaged (%j) is set aside, not lost', async (text) => {
  const file = join(folder, 'a.json');
  await writeFile(file, text);
  const { progress, damaged } = await readProgress(folder, 'a', now);
  expect(progress.questions).toEqual({});
  expect(damaged).toBe(`${file}.damaged-20260301T100000Z`);
  expect(await readFile(damaged ?? '', 'utf8')).toBe(text);
});

it('of a newer labctl is left alone', async () => {
  const text = '{"version":2}';
  await writeFile(join(folder, 'a.json'), text);
  await expect(readProgress(folder, 'a')).rejects.toThrow('your progress was kept by a newer labctl (form 2)');
  expect(await readFile(join(folder, 'a.json'), 'utf8')).toBe(text);
});

it('that cannot be kept says so', async () => {
  await writeFile(join(folder, 'file'), '');
  await expect(keepProgress(join(folder, 'file', 'a.json'), freshProgress('a', ''))).rejects.toThrow(
    'your progress cannot be kept',
  );
});
