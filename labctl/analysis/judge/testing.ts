// For tests of the judges: one expectation, judged over a run that was written by hand.

import type { Verdict } from '../../model/report.ts';
import type { RunEvent } from '../../model/run.ts';
import { analyse } from '../analyse.ts';
import { type RunParts, recordedRun } from '../testing.ts';

/** The verdict on one expectation. Throws when there is none. */
export function verdictOn(expectation: object, parts: RunParts): Verdict {
  const [first] = analyse(recordedRun({ ...parts, expect: [expectation] })).verdicts;
  if (!first) throw new Error('no verdict');
  return first;
}

/** The verdict's word and what was seen, in English: what most tests ask for. */
export function told(expectation: object, parts: RunParts): string {
  const { verdict, seen } = verdictOn(expectation, parts);
  return `${verdict}: ${seen.en}`;
}

/** A step that began, so many microseconds after the start. */
export const began = (name: string, at: number): RunEvent => ({
  kind: 'step-began',
  at,
  step: 0,
  verb: 'type',
  name,
  summary: { en: '', fr: '' },
});
