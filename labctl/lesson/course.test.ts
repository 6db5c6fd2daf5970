import { describe, expect, it } from 'vitest';
import { same } from '../model/language.ts';
import type { Question } from '../model/lesson.ts';
import { freshProgress, type LessonProgress } from '../model/progress.ts';
import { stageOf, tally, withQuestion } from './course.ts';
import { inOrder, nextLesson } from './path.ts';

const question = (ask: string, guessed = true): Question => ({
  ask: same(ask),
  answer: same(''),
  ...(guessed ? { predict: [{ say: same('yes'), if: ['it'] }, { say: same('no') }] } : {}),
});
const questions = [question('one'), question('two', false), question('three')];
const fresh = freshProgress('x', '2026-01-01T00:00:00Z');
const stage = (progress: LessonProgress): string => {
  const found = stageOf(questions, progress);
  return 'number' in found ? `${found.kind} ${found.number}` : found.kind;
};

describe('a lesson', () => {
  it('asks for every prediction, has the run made, then asks one question after the other', () => {
    let progress = fresh;
    const seen = [stage(progress)];
    const go = (next: LessonProgress): void => {
      progress = next;
      seen.push(stage(progress));
    };
    go(withQuestion(progress, question('one'), { predicted: 'yes' }));
    go(withQuestion(progress, question('three'), { predicted: null }));
    go({ ...progress, run: '/runs/x' });
    go(withQuestion(progress, question('one'), { hints: 2 }));
    for (const ask of ['one', 'two', 'three']) go(withQuestion(progress, question(ask), { answered: true }));
    expect(seen).toEqual([
      'predict 1',
      'predict 3',
      'turn',
      'question 1',
      'question 1',
      'question 2',
      'question 3',
      'done',
    ]);
    expect(progress.questions['one']).toEqual({ predicted: 'yes', hints: 2, answered: true });
    expect(tally(questions, progress)).toEqual({ answered: 3, of: 3 });
  });

  it('whose run is gone has it made anew, and asks for no prediction of what was answered', () => {
    const progress = withQuestion(fresh, question('one'), { answered: true });
    expect(stage(progress)).toBe('predict 3');
    expect(stage(withQuestion(progress, question('three'), { predicted: 'no' }))).toBe('turn');
  });

  it('that got another question since goes on with that one', () => {
    const before = [question('one', false)];
    const progress = { ...withQuestion(fresh, question('one'), { answered: true }), run: '/runs/x' };
    expect(stageOf(before, progress).kind).toBe('done');
    expect(stageOf([question('zero', false), ...before], progress)).toMatchObject({ kind: 'question', number: 1 });
  });
});

describe('the path of lessons', () => {
  const lesson = (name: string, finished = false): { name: string; finished: boolean } => ({ name, finished });
  it('begins with the handout and puts what nobody placed last', () => {
    const names = ['zebra', 'cut-link', 'ant', 'second-client', 'first-client'].map((name) => lesson(name));
    expect(inOrder(names).map(({ name }) => name)).toEqual([
      'first-client',
      'second-client',
      'cut-link',
      'ant',
      'zebra',
    ]);
  });
  it('goes on with the next that is open, else with one left behind', () => {
    const lessons = [lesson('first-client'), lesson('second-client', true), lesson('many-clients', true)];
    expect(nextLesson([...lessons, lesson('lost-syn')], 'second-client')?.name).toBe('lost-syn');
    expect(nextLesson(lessons, 'many-clients')?.name).toBe('first-client');
    expect(nextLesson([lesson('a', true)], 'a')).toBeUndefined();
  });
});
