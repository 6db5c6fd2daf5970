import { expect, it } from 'vitest';
import { clockText, countText, dateText, durationText } from './format.ts';

it('writes seconds in groups of three', () => {
  expect(clockText(83)).toBe('0.000 083');
  expect(clockText(61_203_400)).toBe('61.203 400');
  expect(clockText(-5)).toBe('0.000 000');
});

it('writes durations in the unit that reads best', () => {
  expect([97, 999.6, 203_712, 1_203_712, 61_000_000].map(durationText)).toEqual([
    '97 µs',
    '1000 µs',
    '203.7 ms',
    '1.204 s',
    '61 s',
  ]);
});

it('writes counts and dates', () => {
  expect(countText(1_234_567)).toBe('1 234 567');
  expect(dateText(1_772_359_200_000_000)).toBe('2026-03-01 10:00:00');
});
