// What is told about a student's program: a verdict, the reason, the expectations it was judged by, and where to look next.

import type { Text } from './language.ts';
import type { Verdict, VerdictWord } from './report.ts';

/** Version of the JSON forms of a check and of a table of grades. */
export const checkedVersion = 1;

/** What went wrong with a program, and what to look at, without saying how to mend it. */
export interface Fault {
  /** `accepts-once`: the same fault has the same name everywhere. */
  id: string;
  reason: Text;
  hint: Text;
}

export type ReasonKind =
  | 'met'
  | 'does-not-compile'
  | 'does-not-start'
  | 'unmet'
  | 'not-observable'
  /** Grading only: it took more time or room than there was. */
  | 'limit'
  /** Grading only: it was not taken, a link for instance. */
  | 'refused';

export interface Reason {
  kind: ReasonKind;
  /** The fault's name, where one was found. */
  fault?: string;
  text: Text;
}

export interface Checked {
  scenario: string;
  verdict: VerdictWord;
  reason: Reason;
  expectations: Verdict[];
  hints: Text[];
  /** The compiler's own words, warnings included. */
  messages: string;
  /** The run folder, where it came to a run. */
  folder?: string;
}
