// Short forms of the scripts in torture/: the same code with small numbers.

import { expect, it } from 'vitest';
import { crowd } from '../../torture/crowd.ts';
import { inARow } from '../../torture/in-a-row.ts';
import { killOften } from '../../torture/kills.ts';
import { tryPairs } from '../../torture/two-at-once.ts';

const engine = 'embedded';

it('labctl may be killed while it brings a lab up, and while it runs a lesson', async () => {
  expect(await killOften({ engine, times: 2, seed: 7, ways: ['KILL'], verbs: ['up', 'run'] })).toEqual([]);
});

it('two commands at once end well, and leave a lab that works', async () => {
  const pairs = [
    ['up', 'down'],
    ['run', 'run'],
  ] as const;
  expect(await tryPairs({ engine, pairs, seed: 1 })).toEqual([]);
});

it('some labs come up at the same moment, on subnets of their own, and go without a trace', async () => {
  expect(await crowd(['4', engine])).toBe(true);
});

it('a run is whole at both hosts', async () => {
  expect(await inARow(['1', 'second-client', engine])).toBe(true);
});
