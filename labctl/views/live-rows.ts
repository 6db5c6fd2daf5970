// Rows of a ladder while the run still goes on: the report grows, and each moment becomes a row when it comes.

import type { Language } from '../model/language.ts';
import type { Moment, Report } from '../model/report.ts';
import { surroundings } from './around.ts';
import type { LadderColumn } from './ladder-columns.ts';
import { noteContext } from './ladder-notes.ts';
import { type Drawing, type LadderRow, rowOf } from './ladder-rows.ts';
import { wordsOf } from './words.ts';

export interface LiveRows {
  /** The row of a moment of the report, `zero` being the moment that clocks count from. */
  rowOf: (moment: Moment, zero: number) => LadderRow | undefined;
}

/** `report` may be changed between two rows: passages, conversations and programs are looked up when a row is drawn. */
export function liveRows(report: Report, columns: readonly LadderColumn[], language: Language): LiveRows {
  const words = wordsOf(language);
  const around = surroundings(report);
  let notes = { programs: -1, context: noteContext(report, words, language) };
  const contextNow = (): Drawing['notes'] => {
    const programs = report.run.programs.length;
    if (notes.programs !== programs) notes = { programs, context: noteContext(report, words, language) };
    return { ...notes.context, columns: columns.length };
  };
  // States are known when the whole conversation is.
  const states = { byPassage: new Map(), byCall: new Map() };
  return {
    rowOf: (moment, zero) => rowOf(moment, { report, words, columns, around, notes: contextNow(), states, zero }),
  };
}
