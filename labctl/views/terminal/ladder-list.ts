// The ladder as a list, for terminals too narrow for lifelines: `0.000083 client1 > server S seq 0 (SYN: …)`.

import { countText } from '../format.ts';
import type { Ladder, LadderRow } from '../ladder-rows.ts';
import { paint, type TerminalStyle, type Tone } from '../style.ts';
import { visible } from '../visible.ts';
import { wrap } from '../width.ts';
import { wordsOf } from '../words.ts';

interface Entry {
  text: string;
  tone: Tone;
}

const inParentheses = (...texts: (string | undefined)[]): string => {
  const present = texts.filter(Boolean);
  return present.length === 0 ? '' : ` (${present.join('; ')})`;
};

function entryOf(row: LadderRow, ladder: Ladder, style: TerminalStyle): Entry {
  const { omitted } = wordsOf(style.language).ladder;
  const host = (index: number): string => ladder.columns[index]?.host ?? '?';
  const clock = (row.at / 1_000_000).toFixed(6);
  switch (row.kind) {
    case 'arrow':
      return {
        text: `${clock} #${row.number} ${host(row.from)} > ${host(row.to)} ${row.label}${inParentheses(row.transit, row.comment)}`,
        tone: row.tone,
      };
    case 'note':
      return {
        text: `${clock} ${host(row.column)} ${row.text.replaceAll('\n', ' ')}${inParentheses(row.comment)}`,
        tone: row.role === 'call' ? 'call' : 'plain',
      };
    case 'step':
      return { text: `▸ ${row.text}`, tone: 'step' };
    case 'failed':
      return { text: `✗ ${row.text}`, tone: 'bad' };
    case 'gap':
      return { text: `⋮ ${row.duration}`, tone: 'dim' };
    case 'omitted':
      return { text: `⋮ ${omitted(countText(row.rows))}`, tone: 'dim' };
  }
}

/** The rows one below the other, long ones wrapped and indented; no line is wider than the terminal. */
export function ladderList(ladder: Ladder, style: TerminalStyle): string[] {
  return ladder.rows.flatMap((row) => {
    const { text, tone } = entryOf(row, ladder, style);
    return wrap(visible(text, style), style.width, 2).map((line) => paint(style, tone, line));
  });
}
