// `labctl grade`: a class at once, each submission in a fresh lab of its own, and a table with the reasons.

import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { type Grade, worstOf } from '../model/grade.ts';
import { exitCodes, LabError } from '../model/lab-error.ts';
import type { Role } from '../model/own-program.ts';
import type { VerdictWord } from '../model/report.ts';
import { type Declare, examples } from './declare.ts';
import { engineNotes } from './engine-notes.ts';
import { checkRoles, contract } from './own-programs.ts';
import { type Opened, openScenario } from './scenarios.ts';
import type { Session } from './session.ts';

interface GradeFlags {
  submissions: string;
  role: Role;
  out: string;
  jobs?: number;
  mostSeconds: number;
  anyModel?: true;
  weakLimits?: true;
  again?: true;
}

const count = (text: string): number => {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('A number from 1 on is expected.');
  return Number(text);
};

export const grade: Declare = (program, act) => {
  program
    .command('grade')
    .description('run scenarios with every program of a class, and make a table of grades with reasons')
    .argument('<scenario...>', 'names (labctl list) or files')
    .requiredOption('--submissions <folder>', 'each file and each folder in it is a submission')
    .addOption(
      new Option('--role <role>', 'what they are').choices(['server', 'client'] as const).default('server' as const),
    )
    .option('--out <folder>', 'where the tables and runs go', 'grades')
    .addOption(
      new Option('--jobs <number>', 'so many at a time (default: three times the processors)').argParser(count),
    )
    .addOption(
      new Option('--most-seconds <number>', 'how long one may take in one scenario').argParser(count).default(60),
    )
    .option('--any-model', 'judge what clients see; not whether it works with a process for each, or one at a time')
    .option('--weak-limits', 'grade even where a limit (memory, processor) does not hold for a host as a whole')
    .option('--again', 'grade anew what was graded before')
    .addHelpText(
      'after',
      `${contract}

Each submission gets a fresh lab with limits for every scenario: what it starts, prints, fills or never ends is stopped
with it, and is a reason in the table. The folder of --out gets grades.csv, .json, .html and .xml (JUnit), and the runs,
which labctl show shows. A grading that was stopped goes on where it was; what was handed in anew is graded anew.
${examples(
  ['labctl grade first-client many-clients --submissions class/', 'everybody’s server'],
  ['labctl grade first-client --submissions class/ --role client', 'everybody’s client'],
)}`,
    )
    .action(act(runGrade));
};

async function runGrade(asked: Session, names: string[], flags: GradeFlags): Promise<number> {
  const opened = await Promise.all(names.map((name) => openScenario(asked, name)));
  const [{ session, lab }] = opened as [Opened, ...Opened[]];
  const scenarios = opened.map(({ scenario }) => scenario);
  const other = opened.find((one) => one.lab.file !== lab.file);
  if (other)
    throw new LabError('usage', `${other.scenario.name} and ${names[0]} are of different labs: grade them one by one`);
  for (const scenario of scenarios) await checkRoles(session, scenario, [flags.role]);
  const [{ gradeAll }, { endStaleLabs }, { GradeBook }, { gradeLine }] = await Promise.all([
    import('../run/grade.ts'),
    import('../run/grade-lab.ts'),
    import('../folder/grade-book.ts'),
    import('../views/grades/text.ts'),
  ]);
  const [out, submissions] = [resolve(session.io.cwd, flags.out), resolve(session.io.cwd, flags.submissions)];
  const book = await GradeBook.open(out);
  const engine = await session.engine();
  await endStaleLabs(engine);
  await engine.build(lab, { on: await engineNotes(session), signal: session.io.signal });
  let before = 0;
  const grades = await gradeAll({
    engine,
    lab,
    scenarios,
    submissions,
    except: out,
    book,
    role: flags.role,
    anyModel: flags.anyModel === true,
    language: session.language,
    weakLimits: flags.weakLimits === true,
    again: flags.again === true,
    jobs: flags.jobs ?? 3 * availableParallelism(),
    most: flags.mostSeconds,
    signal: session.io.signal,
    onGrade: (one, progress) => {
      if (progress.before) before += 1;
      else session.note(gradeLine(one, progress, session.errorStyle()));
    },
  });
  await tell(session, grades, { out, before });
  return exitCodeOf[worstOf(grades)];
}

const exitCodeOf: Record<VerdictWord, number> = {
  met: exitCodes.met,
  unmet: exitCodes.unmet,
  'not-observable': exitCodes.notObservable,
};

/** Writes every form of the table, and shows one. */
async function tell(session: Session, grades: readonly Grade[], { out, before }: { out: string; before: number }) {
  const [{ gradesText }, { wordsOf }] = await Promise.all([
    import('../views/grades/text.ts'),
    import('../views/words.ts'),
  ]);
  const forms = await formsOf(grades, session);
  const write = ([name, text]: [string, string]) => writeFile(join(out, name), text);
  await Promise.all(Object.entries(forms).map(write)).catch((error: Error) => {
    throw new LabError('usage', `the tables cannot be written: ${error.message}`, { where: out });
  });
  const { check } = wordsOf(session.language);
  if (session.json) session.out(forms['grades.json']);
  else session.out(gradesText(grades, session.style()));
  if (before > 0) session.note(check.resumed(before));
  session.note(check.tables(session.shown(out)));
}

async function formsOf(grades: readonly Grade[], { language }: Session) {
  const [{ gradesCsv }, { gradesJson }, { gradesJunit }, { gradesHtml }, { palette }] = await Promise.all([
    import('../views/grades/csv.ts'),
    import('../views/grades/json.ts'),
    import('../views/grades/junit.ts'),
    import('../views/grades/html.ts'),
    import('./page-files.ts'),
  ]);
  return {
    'grades.csv': gradesCsv(grades, language),
    'grades.json': gradesJson(grades, language),
    'grades.xml': gradesJunit(grades, language),
    'grades.html': gradesHtml(grades, language, await palette()),
  };
}
