// The lessons with how far the student has come in each.

import type { Text } from '../../model/language.ts';
import { nextLines } from '../next.ts';
import type { TerminalStyle } from '../style.ts';
import { type Cell, tableLines } from '../table.ts';
import { visible } from '../visible.ts';
import { learnWordsOf } from './words.ts';

export interface LessonRow {
  name: string;
  title: Text;
  answered: number;
  of: number;
  begun: boolean;
  finished: boolean;
}

function progressCell({ answered, of, begun, finished }: LessonRow, style: TerminalStyle): Cell {
  const { list } = learnWordsOf(style.language);
  if (finished) return { text: `✓ ${list.finished}`, tone: 'good' };
  return begun ? { text: list.begun(answered, of), tone: 'warning' } : { text: list.fresh, tone: 'dim' };
}

/** One lesson a line, and the one to take next. `command`: how lessons are called here. */
export function lessonsText(rows: readonly LessonRow[], command: string, style: TerminalStyle): string {
  const { list } = learnWordsOf(style.language);
  if (rows.length === 0) return visible(list.none, style);
  const next = rows.find(({ begun, finished }) => begun && !finished) ?? rows.find(({ finished }) => !finished);
  const lines = tableLines(
    [{ title: list.lesson }, { title: list.progress }, { title: list.what, overflow: 'wrap' }],
    rows.map((row): Cell[] => [row.name, progressCell(row, style), row.title[style.language]]),
    style,
  );
  const go = next ? ['', ...nextLines([{ command: `${command} ${next.name}`, why: list.begin }], style)] : [];
  return [...lines, ...go].join('\n');
}
