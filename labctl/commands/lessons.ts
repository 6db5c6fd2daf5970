// What is known of a student's lessons: progress in each, what to call and to do next.

import { basename } from 'node:path';
import type { KeptProgress } from '../folder/progress-file.ts';
import type { LessonProgress } from '../model/progress.ts';
import type { Scenario } from '../model/scenario.ts';
import type { NextCommand } from '../views/next.ts';
import { readableScenarios, scenarioNames } from './scenarios.ts';
import type { Session } from './session.ts';

/** Every scenario that asks something, on the path that lessons are best taken, with the student's progress. */
export async function lessonStates(session: Session, folder: string) {
  const { inOrder } = await import('../lesson/path.ts');
  const scenarios = await readableScenarios(session);
  const lessons = scenarios.filter(({ lesson = [] }) => lesson.length > 0);
  return Promise.all(inOrder(lessons).map((scenario) => lessonState(session, folder, scenario)));
}

export async function lessonState(session: Session, folder: string, { name, title, lesson = [] }: Scenario) {
  const { tally } = await import('../lesson/course.ts');
  const { progress } = await lessonProgress(session, folder, name);
  const { answered, of } = tally(lesson, progress);
  return {
    ...{ name, title, answered, of },
    begun: Object.keys(progress.questions).length > 0 || progress.run !== undefined,
    finished: of > 0 && answered === of,
    ...(progress.run === undefined ? {} : { run: progress.run }),
  };
}

/** What is kept of a lesson; that it was damaged, and where it lies now, is told. */
export async function lessonProgress(session: Session, folder: string, name: string): Promise<KeptProgress> {
  const { readProgress } = await import('../folder/progress-file.ts');
  const kept = await readProgress(folder, name);
  if (kept.damaged !== undefined) {
    const { learnWordsOf } = await import('../views/learn/words.ts');
    session.note(learnWordsOf(session.language).damaged(kept.damaged));
  }
  return kept;
}

/** How to call `learn` for this student. */
export const learnCommand = async (session: Session, student: string | undefined): Promise<string> =>
  `${await session.command()} learn${student === undefined ? '' : ` --student ${student}`}`;

/** What a student may do after a lesson. */
export async function nextCommands(
  session: Session,
  { folder, student }: { folder: string; student?: string },
  { lesson, run }: LessonProgress,
): Promise<NextCommand[]> {
  const [{ learnWordsOf }, { nextLesson }, learning, command, known] = await Promise.all([
    import('../views/learn/words.ts'),
    import('../lesson/path.ts'),
    learnCommand(session, student),
    session.command(),
    knownLessons(session, folder),
  ]);
  const { done } = learnWordsOf(session.language);
  const next = nextLesson(known, lesson);
  return [
    ...(next === undefined ? [] : [{ command: `${learning} ${next.name}`, why: done.next }]),
    ...(run === undefined ? [] : [{ command: `${command} show ${basename(run)} --answers`, why: done.seeAgain }]),
    { command: `${learning} ${lesson} --again`, why: done.again },
  ];
}

/** Every lesson in reach by its name, and whether it was finished; no scenario is read for that. */
async function knownLessons(session: Session, folder: string): Promise<{ name: string; finished: boolean }[]> {
  return Promise.all(
    scenarioNames(session).map(async (name) => {
      const { progress } = await lessonProgress(session, folder, name);
      return { name, finished: progress.finished !== undefined };
    }),
  );
}
