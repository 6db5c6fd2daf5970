// Grades as JSON, submission by submission.

import { checkedVersion } from '../../model/checked.ts';
import type { Grade } from '../../model/grade.ts';
import type { Language } from '../../model/language.ts';

const value = (grade: Grade, language: Language) => ({
  scenario: grade.scenario,
  verdict: grade.verdict,
  reason: { ...grade.reason, text: grade.reason.text[language] },
  expectations: grade.expectations.map((one) => ({
    ...one,
    expected: one.expected[language],
    seen: one.seen[language],
  })),
  hints: grade.hints.map((hint) => hint[language]),
  messages: grade.messages,
  seconds: grade.seconds,
  ...(grade.run === undefined ? {} : { run: grade.run }),
});

export function gradesJson(grades: readonly Grade[], language: Language): string {
  const names = [...new Set(grades.map(({ submission }) => submission))];
  const submissions = names.map((submission) => ({
    submission,
    grades: grades.filter((grade) => grade.submission === submission).map((grade) => value(grade, language)),
  }));
  return `${JSON.stringify({ version: checkedVersion, submissions }, null, 2)}\n`;
}
