// What every part of the page is made from.

import type { Tracks } from '../../model/instant.ts';
import type { Language } from '../../model/language.ts';
import type { Question } from '../../model/lesson.ts';
import type { Report } from '../../model/report.ts';
import type { PageWords } from './words.ts';

/** A capture that anyone made: nothing is known of it but its packets. */
export const isCapture = ({ run }: Report): boolean => run.engine.name === '';

export interface Sheet {
  report: Report;
  tracks: Tracks;
  /** Microseconds since the epoch: what the ladder counts from. */
  zero: number;
  language: Language;
  words: PageWords;
  /** The answer to a question, from the lesson. */
  answer: (question: Question) => string;
}
