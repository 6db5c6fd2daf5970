// Every scenario ships two recorded runs: one that meets all it expects, and one that fails as it says. No engine is needed.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { failing, judgedArchive, type Unmet } from '../../fixtures/judged.ts';
import { fixturesFolder } from '../../fixtures/packed-run.ts';
import { packageRoot } from '../root.ts';

const names = readdirSync(join(packageRoot, 'scenarios')).flatMap((file) => /^(.*)\.yml$/.exec(file)?.[1] ?? []);
const how = 'record it: npm run fixtures -- --help';

describe.each(names)('%s', (name) => {
  const file = (ending: string): string => join(fixturesFolder, name, ending);

  it('is met by the run that meets it', async () => {
    const report = await judgedArchive(name, file('met.tgz'));
    expect(report && failing(report), how).toEqual({ unmet: [], 'not-observable': [] });
    expect(report?.verdict).toBe('met');
  });

  it('is failed by the run that fails it, in what that run says', async () => {
    expect(existsSync(file('unmet.json')), how).toBe(true);
    const { wrong, ...told } = JSON.parse(readFileSync(file('unmet.json'), 'utf8')) as Unmet;
    const report = await judgedArchive(name, file('unmet.tgz'));
    expect(report && failing(report), how).toEqual(told);
    expect(wrong.length).toBeGreaterThan(0);
    expect(told.unmet.length).toBeGreaterThan(0);
  });
});

it('keeps them small, and none of a scenario that is gone', () => {
  const kept = readdirSync(fixturesFolder);
  expect(kept.filter((name) => !names.includes(name))).toEqual([]);
  const archives = kept.flatMap((name) => ['met', 'unmet'].map((one) => join(fixturesFolder, name, `${one}.tgz`)));
  expect(archives.filter((archive) => existsSync(archive) && statSync(archive).size > 262_144)).toEqual([]);
});
