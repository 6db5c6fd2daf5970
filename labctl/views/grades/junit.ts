// Grades as JUnit's XML: a suite for each submission, a case for each scenario.

import type { Grade } from '../../model/grade.ts';
import type { Language } from '../../model/language.ts';
import { markup, s } from '../element.ts';
import { visible } from '../visible.ts';

/** A name or a sentence is one line, whatever a student calls a file. */
const line = (text: string): string => visible(text, { unicode: true });

function testCase(grade: Grade, language: Language) {
  const { scenario, seconds, verdict, reason, submission } = grade;
  const message = { message: line(reason.text[language]), type: reason.fault ?? reason.kind };
  const wrong = grade.expectations.filter((one) => one.verdict !== 'met');
  const details = wrong.map(
    (one) => `${one.id}: ${one.verdict}\n  ${one.expected[language]}\n  ${one.seen[language]}\n`,
  );
  const child =
    verdict === 'met' ? [] : [s(verdict === 'unmet' ? 'failure' : 'error', message, details.join('') + grade.messages)];
  return s('testcase', { classname: line(submission), name: scenario, time: seconds }, ...child);
}

export function gradesJunit(grades: readonly Grade[], language: Language): string {
  const names = [...new Set(grades.map(({ submission }) => submission))];
  const suites = names.map((name) => {
    const own = grades.filter(({ submission }) => submission === name);
    const count = (verdict: Grade['verdict']) => own.filter((grade) => grade.verdict === verdict).length;
    const counts = { tests: own.length, failures: count('unmet'), errors: count('not-observable') };
    return s('testsuite', { name: line(name), ...counts }, ...own.map((grade) => testCase(grade, language)));
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n${markup(s('testsuites', { name: 'labctl grade' }, ...suites))}\n`;
}
