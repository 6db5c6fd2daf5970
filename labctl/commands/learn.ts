// `labctl learn`: the lessons and how far the student has come; with a name, that lesson at the terminal.

import { userInfo } from 'node:os';
import { exitCodes, LabError } from '../model/lab-error.ts';
import { type Declare, examples } from './declare.ts';
import { learnCommand, lessonState, lessonStates } from './lessons.ts';
import { openScenario } from './scenarios.ts';
import type { Session } from './session.ts';

interface LearnFlags {
  student?: string;
  again?: true;
}

export const learn: Declare = (program, act) => {
  program
    .command('learn')
    .description('a lesson at the terminal: predict, see it happen, find out why; without a name, your progress')
    .argument('[scenario]', 'its name (labctl learn lists them) or a file')
    .option('--again', 'begin this lesson anew')
    .option('--student <name>', 'whose progress it is, where several share an account (default: yours)')
    .addHelpText(
      'after',
      `
One question at a time: what you think will happen, then the run, which tells whether you were right, then hints as you
ask for them, and the answer with the rows of the run that prove it. Answers may come from a pipe, a line each. What you
have done is kept in $XDG_STATE_HOME/labctl/learn (else ~/.local/state), and the lesson goes on there the next time.
${examples(
  ['labctl learn', 'the lessons, and how far you have come'],
  ['labctl learn first-client', 'begin, or go on'],
  ['labctl learn first-client --lang fr', 'in French'],
)}`,
    )
    .action(act(runLearn));
};

async function runLearn(asked: Session, name: string | undefined, flags: LearnFlags): Promise<number> {
  const { progressFolder } = await import('../folder/progress-file.ts');
  const folder = progressFolder(asked.io.env, flags.student ?? userName(asked));
  if (name === undefined) return listLessons(asked, folder, flags.student);
  const { session, lab, scenario } = await openScenario(asked, name);
  if ((scenario.lesson ?? []).length === 0)
    throw new LabError('usage', `the scenario ${scenario.name} asks no questions`, {
      where: session.shown(scenario.file),
      hint: `${await session.command()} run ${scenario.name}`,
    });
  if (session.json) {
    session.outJson({ lesson: await lessonState(session, folder, scenario) });
    return exitCodes.met;
  }
  const { Lesson } = await import('./lesson.ts');
  const lesson = await Lesson.open(session, {
    asked,
    lab,
    scenario,
    folder,
    student: flags.student,
    again: flags.again === true,
  });
  return lesson.take();
}

async function listLessons(session: Session, folder: string, student: string | undefined): Promise<number> {
  const lessons = await lessonStates(session, folder);
  if (session.json) session.outJson({ lessons });
  else {
    const { lessonsText } = await import('../views/learn/list.ts');
    session.out(lessonsText(lessons, await learnCommand(session, student), session.style()));
  }
  return exitCodes.met;
}

/** A user number without a name is somebody, too. */
function userName({ io }: Session): string {
  try {
    return userInfo().username;
  } catch {
    return io.env.USER || 'student';
  }
}
