// Grades as CSV (RFC 4180): one line a grade. A spreadsheet must not take a student's words for a formula.

import type { Grade } from '../../model/grade.ts';
import { metOf } from '../../model/grade.ts';
import type { Language } from '../../model/language.ts';
import { visible } from '../visible.ts';

const heads = ['submission', 'scenario', 'verdict', 'kind', 'fault', 'met', 'of', 'reason', 'hint', 'seconds', 'run'];

function cell(value: string | number): string {
  const text = visible(String(value), { unicode: true });
  const tame = /^[=+\-@]/.test(text) ? `'${text}` : text;
  return /[",\n]/.test(tame) || tame !== text ? `"${tame.replaceAll('"', '""')}"` : tame;
}

/** Lines end with CR LF, the last one too. */
export function gradesCsv(grades: readonly Grade[], language: Language): string {
  const rows = grades.map((grade) => [
    ...[grade.submission, grade.scenario, grade.verdict, grade.reason.kind, grade.reason.fault ?? ''],
    ...[metOf(grade), grade.expectations.length, grade.reason.text[language], grade.hints[0]?.[language] ?? ''],
    ...[grade.seconds, grade.run ?? ''],
  ]);
  return [heads, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}
