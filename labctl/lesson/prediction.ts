// Holds what a student predicted against what the run showed; the run decides, nobody else.

import type { Choice, Compared, Question } from '../model/lesson.ts';
import type { Report, VerdictWord } from '../model/report.ts';

/** Whether the run shows the choice to be right: met when all that it names is. */
function verdictOf(choice: Choice, { verdicts }: Report): VerdictWord | undefined {
  if (choice.if === undefined) return undefined;
  const words = choice.if.map((id) => verdicts.find(({ expectation }) => expectation.id === id)?.verdict);
  if (words.some((word) => word === 'unmet')) return 'unmet';
  return words.every((word) => word === 'met') ? 'met' : 'not-observable';
}

/** `predicted`: the chosen sentence in English, as progress keeps it. */
export function compare({ predict = [] }: Question, predicted: string | null | undefined, report: Report): Compared {
  const holds = predict.filter((choice) => verdictOf(choice, report) === 'met');
  const said = predict.find(({ say }) => say.en === predicted);
  if (said === undefined) return { outcome: 'none', holds };
  if (holds.includes(said)) return { outcome: 'right', said, holds };
  const unknown = holds.length === 0 || verdictOf(said, report) === 'not-observable';
  return { outcome: unknown ? 'undecided' : 'wrong', said, holds };
}

/** Expectations whose proof belongs to the answer: those the question names, else those that decide its prediction. */
export const evidenceOf = ({ evidence, predict = [] }: Question): string[] =>
  evidence ?? [...new Set(predict.flatMap((choice) => choice.if ?? []))];
