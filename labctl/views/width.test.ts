import { describe, expect, it } from 'vitest';
import { cut, padEnd, padStart, textWidth, wrap } from './width.ts';

describe('textWidth', () => {
  it('counts what a terminal shows', () => {
    expect(textWidth('abc')).toBe(3);
    expect(textWidth('日本')).toBe(4);
    expect(textWidth('e\u0301')).toBe(1);
    expect(textWidth('👩‍👩‍👧')).toBe(2);
    expect(textWidth('🇫🇷')).toBe(2);
    expect(textWidth('├─►│ µs')).toBe(7);
  });
});

describe('cut and pad', () => {
  it('never splits a wide character or its marks', () => {
    expect(cut('日本語', 4)).toBe('日…');
    expect(cut('日本語', 5)).toBe('日本…');
    expect(cut('e\u0301e\u0301e\u0301', 2)).toBe('e\u0301…');
    expect(cut('abc', 3)).toBe('abc');
    expect(cut('abc', 1)).toBe('…');
    expect(cut('abc', 0)).toBe('');
  });
  it('fills up to a width', () => {
    expect(padEnd('日', 4)).toBe('日  ');
    expect(padStart('日', 4)).toBe('  日');
  });
});

describe('wrap', () => {
  it('breaks at spaces and hangs later lines', () => {
    expect(wrap('one two three', 8, 2)).toEqual(['one two', '  three']);
  });
  it('breaks words that are longer than the line', () => {
    expect(wrap('abcdefgh', 3)).toEqual(['abc', 'def', 'gh']);
    expect(wrap('日本語', 3)).toEqual(['日', '本', '語']);
  });
  it('keeps a number with its unit, and French punctuation with its word', () => {
    expect(wrap('initial RTT 97 µs', 15)).toEqual(['initial RTT', '97 µs']);
    expect(wrap('qui a cela ? moi', 10)).toEqual(['qui a', 'cela ? moi']);
    expect(wrap('le mot « oui »', 10)).toEqual(['le mot', '« oui »']);
  });
});
