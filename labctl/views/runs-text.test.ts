import { expect, it } from 'vitest';
import { runsText } from './runs-text.ts';
import { plainStyle, storyStart } from './testing.ts';

it('lists runs by age, size and verdict; what is not known stays empty', () => {
  const row = { lab: 'tcp', scenario: 'first-client', size: 340_200, outcome: 'complete' as const };
  const hours = (number: number): number => storyStart - number * 3_600_000_000;
  const rows = [
    { ...row, name: '20260101T100000-first-client', started: hours(24 * 59), verdict: 'met' as const },
    { ...row, name: '20260228T100000-lost-data', started: hours(24), verdict: 'unmet' as const, size: 1_240_000 },
    { ...row, name: '20260301T095500-record', started: hours(0.09) },
    { ...row, name: '20260301T095900-record', outcome: 'unfinished' as const, size: 0 },
  ];
  expect(`\n${runsText(rows, storyStart, plainStyle)}\n`).toMatchInlineSnapshot(`
    "
    run                           lab    age    size  verdict
    20260101T100000-first-client  tcp   59 d  341 kB  met
    20260228T100000-lost-data     tcp   24 h  1.2 MB  unmet
    20260301T095500-record        tcp  5 min  341 kB
    20260301T095900-record        tcp           0 kB  unfinished

    4 runs, 1.9 MB
    "
  `);
  expect(runsText(rows.slice(0, 1), storyStart, { ...plainStyle, language: 'fr' })).toContain('1 exécution, 341 kB');
});
