import { expect, it } from 'vitest';
import { Clock } from './clock.ts';

it('tells each jump of the clock once, and no small corrections', () => {
  let offset = 7_000_000;
  const clock = new Clock(() => offset);
  const after = (by: number) => {
    offset += by;
    return clock.step();
  };
  expect([0, 900, -3_600_000_000, 0, 3_600_000_000, 49_000].map(after)).toEqual([
    undefined,
    undefined,
    -3_599_999_000,
    undefined,
    3_600_000_000,
    undefined,
  ]);
});

it('finds none in the clock of this machine, whose own readings are of whole milliseconds', () => {
  expect(new Clock().step()).toBeUndefined();
});
