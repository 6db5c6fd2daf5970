import { describe, expect, it } from 'vitest';
import { paint, terminalStyle } from './style.ts';

describe('terminalStyle', () => {
  it('has colours on a terminal, not in a pipe, and never against NO_COLOR', () => {
    expect(terminalStyle({ TERM: 'xterm' }, true).color).toBe(true);
    expect(terminalStyle({ TERM: 'xterm' }, false).color).toBe(false);
    expect(terminalStyle({ TERM: 'dumb' }, true).color).toBe(false);
    expect(terminalStyle({ NO_COLOR: '1', FORCE_COLOR: '1' }, true).color).toBe(false);
    expect(terminalStyle({ FORCE_COLOR: '1' }, false).color).toBe(true);
    expect(terminalStyle({ FORCE_COLOR: '0' }, true).color).toBe(false);
  });
  it('takes alphabet and language from the locale', () => {
    expect(terminalStyle({ LANG: 'fr_CH.UTF-8' }, true)).toMatchObject({ unicode: true, language: 'fr' });
    expect(terminalStyle({ LANG: 'en_US.UTF-8', LC_ALL: 'C' }, true)).toMatchObject({ unicode: false, language: 'en' });
    expect(terminalStyle({}, true)).toMatchObject({ unicode: true, language: 'en' });
  });
  it('takes the width from the terminal, then COLUMNS, then 80', () => {
    expect(terminalStyle({ COLUMNS: '100' }, true, 120).width).toBe(120);
    expect(terminalStyle({ COLUMNS: '100' }, false).width).toBe(100);
    expect(terminalStyle({ COLUMNS: 'x' }, false).width).toBe(80);
    expect(terminalStyle({}, true, 3).width).toBe(20);
  });
});

describe('paint', () => {
  it('adds colour and nothing else', () => {
    expect(paint({ color: true }, 'bad', 'no')).toBe('\x1b[31mno\x1b[39m');
    expect(paint({ color: true }, 'plain', 'no')).toBe('no');
    expect(paint({ color: false }, 'bad', 'no')).toBe('no');
  });
});
