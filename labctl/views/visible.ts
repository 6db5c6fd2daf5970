// Makes foreign text safe to print: what would move the cursor or hide is shown instead; on an ASCII terminal all is ASCII.

import type { TerminalStyle } from './style.ts';

// Joiners belong to letters and emoji; every other control or format character could lie about what is printed.
const unprintable = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]|(?![\u200c\u200d])\p{Cf}/gu;

const codeText = (code: number): string => `\\u{${code.toString(16)}}`;

/** `␛` for an escape (Unicode's control pictures), `^[` in ASCII. */
function shown(character: string, unicode: boolean): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return unicode ? String.fromCodePoint(0x2400 + code) : `^${String.fromCodePoint(0x40 + code)}`;
  if (code === 0x7f) return unicode ? '␡' : '^?';
  return codeText(code);
}

const asciiFor: Record<string, string> = {
  '→': '->',
  '←': '<-',
  '…': '...',
  µ: 'u',
  μ: 'u',
  '·': '-',
  '—': '-',
  '–': '-',
  '×': 'x',
  '≥': '>=',
  '≤': '<=',
  '’': "'",
  '‘': "'",
  '“': '"',
  '”': '"',
  '«': '"',
  '»': '"',
  œ: 'oe',
  Œ: 'OE',
  '\u00a0': ' ',
  '\u202f': ' ',
  '✓': '+',
  '✗': 'x',
  '⋮': ':',
  '▸': '>',
  '›': '>',
  '◆': '*',
}; // prettier-ignore

/** One character in ASCII: a stand-in, its letter without accents, or its code. */
function asciiOf(character: string): string {
  const letter = asciiFor[character] ?? character.normalize('NFD').replace(/\p{M}/gu, '');
  return /^[\x20-\x7e]*$/.test(letter) ? letter : codeText(character.codePointAt(0) ?? 0);
}

/** The text in plain ASCII, readable rather than faithful. */
const toAscii = (text: string): string => text.normalize('NFC').replace(/[^\x20-\x7e]/gu, asciiOf);

/** The text as one line that does nothing but stand there. */
export function visible(text: string, style: Pick<TerminalStyle, 'unicode'>): string {
  const safe = text.replace(unprintable, (character) => shown(character, style.unicode));
  return style.unicode ? safe : toAscii(safe);
}
