// Damaged capture files harm nothing: a short part of `npm run torture -- damaged-captures`.

import { expect, it } from 'vitest';
import { checkDamaged } from '../truth/damaged.ts';

it('gives rows or a clear complaint for every damaged file', async () => {
  const faults: string[] = [];
  for (let seed = 200_000; seed < 200_400; seed += 1) {
    const found = await checkDamaged(seed);
    if (found) faults.push(`seed ${seed}: ${found}`);
  }
  expect(faults).toEqual([]);
});
