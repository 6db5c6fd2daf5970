import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { didYouMean, editDistance, nearest, scenarioHint } from './suggest.ts';

describe('edit distance', () => {
  it.each([
    ['', 'abc', 3],
    ['server', 'server', 0],
    ['sever', 'server', 1],
    ['strat', 'start', 1],
    ['first-client', 'second-client', 6],
  ])('%j to %j is %i', (a, b, distance) => expect(editDistance(a, b)).toBe(distance));

  it('is the same both ways and never more than the longer word', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });
});

describe('nearest names', () => {
  const scenarios = ['first-client', 'second-client', 'many-clients', 'any-address'];

  it('finds slips, beginnings and swapped letters, nearest first', () => {
    expect(nearest('frist-client', scenarios)).toEqual(['first-client']);
    expect(nearest('second', scenarios)).toEqual(['second-client']);
    expect(nearest('client2', ['client1', 'client3', 'server'])).toEqual(['client1', 'client3']);
  });

  it('offers nothing for what nobody can have meant', () => {
    expect(nearest('zzz', scenarios)).toEqual([]);
    expect(nearest('x'.repeat(10_000), scenarios)).toEqual([]);
    expect(didYouMean('zzz', scenarios)).toBe('');
  });

  it('makes hints', () => {
    expect(didYouMean('strat', ['start', 'stop'])).toBe(': did you mean "start"?');
    expect(scenarioHint('any-adress', scenarios)).toBe('did you mean "any-address"?');
    expect(scenarioHint('zzz', ['a', 'b'])).toBe('scenarios: a, b');
    expect(scenarioHint('zzz', [])).toBe('there are no scenarios here');
  });
});
