// The ladder as a list, for terminals too narrow for lifelines: `0.000083 client1 > server S seq 0 (SYN: …)`.

import { type ByKind, byKind } from '../by-kind.ts';
import { countText } from '../format.ts';
import type { ArrowRow, Ladder, LadderRow } from '../ladder-rows.ts';
import { paint, type TerminalStyle, type Tone } from '../style.ts';
import { visible } from '../visible.ts';
import { wrap } from '../width.ts';
import { wordsOf } from '../words.ts';
import { glyphsOf, noteMark } from './glyphs.ts';

interface Entry {
  text: string;
  tone: Tone;
}

const inParentheses = (...texts: (string | undefined)[]): string => {
  const present = texts.filter(Boolean);
  return present.length === 0 ? '' : ` (${present.join('; ')})`;
};

interface Context {
  ladder: Ladder;
  style: TerminalStyle;
}

const hostAt = ({ columns }: Ladder, index: number): string => columns[index]?.host ?? '?';
const clockOf = ({ at }: LadderRow): string => (at / 1_000_000).toFixed(6);

const statesText = ({ states }: ArrowRow, ladder: Ladder): string =>
  states.map(({ column, state }) => `${hostAt(ladder, column)} ${state}`).join(', ');

const entries: ByKind<LadderRow, Context, Entry> = {
  arrow: (row, { ladder }) => ({
    text: `${clockOf(row)} #${row.number} ${hostAt(ladder, row.from)} > ${hostAt(ladder, row.to)} ${row.label}${inParentheses(row.transit, row.comment, statesText(row, ladder))}`,
    tone: row.tone,
  }),
  note: (row, { ladder, style }) => ({
    text: `${clockOf(row)} ${hostAt(ladder, row.column)} ${noteMark(row.role, glyphsOf(style))}${row.text.replaceAll('\n', ' ')}${inParentheses(row.comment)}`,
    tone: row.role === 'call' ? 'call' : 'plain',
  }),
  step: ({ text }) => ({ text: `▸ ${text}`, tone: 'step' }),
  failed: ({ text }) => ({ text: `✗ ${text}`, tone: 'bad' }),
  gap: ({ duration }) => ({ text: `⋮ ${duration}`, tone: 'dim' }),
  omitted: ({ rows }, { style }) => ({
    text: `⋮ ${wordsOf(style.language).ladder.omitted(countText(rows))}`,
    tone: 'dim',
  }),
};

/** The rows one below the other, long ones wrapped and indented; no line is wider than the terminal. */
export function ladderList(ladder: Ladder, style: TerminalStyle): string[] {
  return ladder.rows.flatMap((row) => {
    const { text, tone } = byKind(entries, row, { ladder, style });
    return wrap(visible(text, style), style.width, 2).map((line) => paint(style, tone, line));
  });
}
