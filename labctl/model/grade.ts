// A class's grades: one for each submission in each scenario, with its reason; and what of it a table shows.

import type { Reason } from './checked.ts';
import type { Text } from './language.ts';
import type { VerdictWord } from './report.ts';

/** One expectation of a grade, as far as it is kept. */
export interface GradedExpectation {
  id: string;
  verdict: VerdictWord;
  at: string;
  expected: Text;
  seen: Text;
}

export interface Grade {
  /** The name of the file or folder that was handed in. */
  submission: string;
  scenario: string;
  verdict: VerdictWord;
  reason: Reason;
  expectations: GradedExpectation[];
  hints: Text[];
  /** The compiler's own words. */
  messages: string;
  seconds: number;
  /** The run folder, where there was a run. */
  run?: string;
}

/** How many of its expectations a grade met. */
export const metOf = ({ expectations }: Grade): number =>
  expectations.filter(({ verdict }) => verdict === 'met').length;

/** The worst that one of them says; a class without a single grade has nothing to show for. */
export function worstOf(grades: readonly Pick<Grade, 'verdict'>[]): VerdictWord {
  const all = new Set(grades.map(({ verdict }) => verdict));
  if (all.has('unmet')) return 'unmet';
  return all.has('not-observable') || all.size === 0 ? 'not-observable' : 'met';
}
