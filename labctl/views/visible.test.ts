import { describe, expect, it } from 'vitest';
import { visible } from './visible.ts';

const unicode = { unicode: true };
const ascii = { unicode: false };

describe('visible', () => {
  it('shows control characters instead of obeying them', () => {
    expect(visible('\x1b[2Jgone\r\n\x07', unicode)).toBe('␛[2Jgone␍␊␇');
    expect(visible('\x7f\x9b31m', unicode)).toBe('␡\\u{9b}31m');
    expect(visible('\x1b[2J', ascii)).toBe('^[[2J');
  });
  it('shows what would turn or hide text', () => {
    expect(visible('a\u202eb\u2066c\u200bd\ufeff', unicode)).toBe('a\\u{202e}b\\u{2066}c\\u{200b}d\\u{feff}');
    expect(visible('\u2028\ud800', unicode)).toBe('\\u{2028}\\u{d800}');
  });
  it('leaves letters, marks and emoji alone', () => {
    expect(visible('déjà 日本 e\u0301 👩‍👩‍👧', unicode)).toBe('déjà 日本 e\u0301 👩‍👩‍👧');
  });
  it('becomes readable ASCII where nothing else can be printed', () => {
    expect(visible('« déjà » → 97 µs … l’œuf', ascii)).toBe('" deja " -> 97 us ... l\'oeuf');
    expect(visible('日', ascii)).toBe('\\u{65e5}');
  });
});
