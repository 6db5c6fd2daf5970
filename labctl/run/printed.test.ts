import { expect, it } from 'vitest';
import { printedTest } from './printed.ts';

it('finds a piece of text anywhere', () => {
  expect(printedTest('connected')('a -> b connected\n')).toBe(true);
  expect(printedTest('a.b')('a-b')).toBe(false);
});

it('holds a pattern against every line', () => {
  const test = printedTest({ matches: String.raw`^\d+ letters came back$` });
  expect(test('sent\n12 letters came back\n')).toBe(true);
  expect(test('sent\nno letters came back\n')).toBe(false);
  expect(test('12 letters came back')).toBe(true);
});
