// What comes next in a lesson: predictions first, then the run, then one question after the other. Progress is a value.

import type { Question } from '../model/lesson.ts';
import type { LessonProgress, QuestionProgress } from '../model/progress.ts';

/** `number` counts from 1, as the student does. */
export type Stage =
  | { kind: 'predict'; question: Question; number: number }
  | { kind: 'turn' }
  | { kind: 'question'; question: Question; number: number }
  | { kind: 'done' };

/** The progress of one question, empty where nothing was done. */
export const progressOf = ({ questions }: LessonProgress, { ask }: Question): QuestionProgress =>
  questions[ask.en] ?? {};

/** The progress with more known of one question. */
export const withQuestion = (progress: LessonProgress, question: Question, more: QuestionProgress): LessonProgress => ({
  ...progress,
  questions: { ...progress.questions, [question.ask.en]: { ...progressOf(progress, question), ...more } },
});

/**
 * The first thing that has not been done. A question that was answered asks for no prediction any more: one that is
 * made after the fact is none.
 */
export function stageOf(questions: readonly Question[], progress: LessonProgress): Stage {
  const numbered = questions.map((question, index) => ({
    question,
    number: index + 1,
    ...progressOf(progress, question),
  }));
  const open = numbered.find(({ answered }) => !answered);
  if (open === undefined) return { kind: 'done' };
  const unsaid = numbered.find(
    ({ question, predicted, answered }) => question.predict && predicted === undefined && !answered,
  );
  if (progress.run === undefined)
    return unsaid ? { kind: 'predict', question: unsaid.question, number: unsaid.number } : { kind: 'turn' };
  return { kind: 'question', question: open.question, number: open.number };
}

/** How many questions there are, and how many have been answered. */
export const tally = (questions: readonly Question[], progress: LessonProgress): { answered: number; of: number } => ({
  answered: questions.filter((question) => progressOf(progress, question).answered).length,
  of: questions.length,
});
