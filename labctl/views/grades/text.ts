// Grades on a terminal: a table with the reasons.

import { type Grade, metOf } from '../../model/grade.ts';
import type { VerdictWord } from '../../model/report.ts';
import { type TerminalStyle, type Tone } from '../style.ts';
import { type Cell, tableLines } from '../table.ts';
import { visible } from '../visible.ts';
import { wordsOf } from '../words.ts';

const marks: Record<VerdictWord, string> = { met: '✓', unmet: '✗', 'not-observable': '?' };
const tones: Record<VerdictWord, Tone> = { met: 'good', unmet: 'bad', 'not-observable': 'warning' };

export function gradesText(grades: readonly Grade[], style: TerminalStyle): string {
  const { check, column } = wordsOf(style.language);
  const rows = grades.map((grade): Cell[] => [
    { text: grade.submission, tone: 'strong' },
    grade.scenario,
    { text: `${marks[grade.verdict]} ${metOf(grade)}/${grade.expectations.length}`, tone: tones[grade.verdict] },
    grade.reason.text[style.language],
  ]);
  const columns = [
    { title: check.submission },
    { title: column.scenario },
    { title: check.metColumn },
    { title: check.reason, overflow: 'wrap' as const },
  ];
  return tableLines(columns, rows, style).join('\n');
}

/** One line of progress. */
export function gradeLine(grade: Grade, { done, of }: { done: number; of: number }, style: TerminalStyle): string {
  const { check } = wordsOf(style.language);
  const { verdict, reason, submission, scenario } = grade;
  const why = verdict === 'met' ? '' : ` (${reason.fault ?? reason.kind})`;
  const text = check.graded(done, of, submission, scenario, check.verdict[verdict] + why);
  return visible(` ${marks[verdict]} ${text}`, style);
}
