import { describe, expect, it } from 'vitest';
import { same } from '../model/language.ts';
import type { Question } from '../model/lesson.ts';
import type { Report, VerdictWord } from '../model/report.ts';
import { compare, evidenceOf } from './prediction.ts';

const question: Question = {
  ask: same('what?'),
  answer: same(''),
  predict: [
    { say: same('refused') },
    { say: same('waits'), if: ['connects', 'waits'] },
    { say: same('served'), if: ['served'] },
  ],
};
const after = (verdicts: Record<string, VerdictWord>): Report =>
  ({
    verdicts: Object.entries(verdicts).map(([id, verdict]) => ({ expectation: { id }, verdict })),
  }) as unknown as Report;
const outcome = (said: string | null | undefined, verdicts: Record<string, VerdictWord>): string => {
  const { outcome: word, holds } = compare(question, said, after(verdicts));
  return [word, ...holds.map(({ say }) => say.en)].join(' ');
};
const waits = { connects: 'met', waits: 'met', served: 'unmet' } as const;

describe('a prediction', () => {
  it('is right when the run met all that it names, else wrong, and the run tells what holds', () => {
    expect(outcome('waits', waits)).toBe('right waits');
    expect(outcome('refused', waits)).toBe('wrong waits');
    expect(outcome('served', waits)).toBe('wrong waits');
    expect(outcome('served', { connects: 'met', waits: 'unmet', served: 'met' })).toBe('right served');
  });
  it('that nothing is known of is undecided, never right or wrong', () => {
    const blind = { connects: 'met', waits: 'not-observable', served: 'unmet' } as const;
    expect(outcome('waits', blind)).toBe('undecided');
    expect(outcome('refused', blind)).toBe('undecided');
    expect(outcome('waits', {})).toBe('undecided');
  });
  it('that was not made is none, nor is one that the question offers no longer', () => {
    expect(outcome(null, waits)).toBe('none waits');
    expect(outcome(undefined, waits)).toBe('none waits');
    expect(outcome('melts', waits)).toBe('none waits');
  });
  it('names the evidence of its answer, unless the question names other', () => {
    expect(evidenceOf(question)).toEqual(['connects', 'waits', 'served']);
    expect(evidenceOf({ ...question, evidence: ['queue'] })).toEqual(['queue']);
    expect(evidenceOf({ ask: same(''), answer: same('') })).toEqual([]);
  });
});
