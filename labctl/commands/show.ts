// `labctl show`: a recorded run again, from its folder alone; no engine is needed.

import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { exitCodes } from '../model/lab-error.ts';
import type { VerdictWord } from '../model/report.ts';
import type { RunOutcome } from '../model/run.ts';
import { type Declare, examples } from './declare.ts';
import type { Session } from './session.ts';
import { type FormFlags, formOptions, formText, plainStyle } from './show-forms.ts';

export interface ShowFlags extends FormFlags {
  answers?: true;
  conversation?: number;
  all?: true;
  /** A run that has just ended gets its report page. */
  fresh?: true;
}

/** `--conversation N`, counted from 1 as the table of conversations does. */
export const conversationOption = () =>
  new Option('--conversation <number>', 'draw this conversation alone').argParser((text) => {
    if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('A number from 1 on is expected.');
    return Number(text);
  });

export const show: Declare = (program, act) => {
  const command = program
    .command('show')
    .description('show a recorded run again; works without an engine')
    .argument('[run]', 'a folder, or a name in the runs folder (default: the latest)')
    .option('--answers', 'show the answers to the questions')
    .addOption(conversationOption())
    .option('--all', 'draw every row, however many')
    .addHelpText(
      'after',
      examples(
        ['labctl show', 'the latest run'],
        ['labctl show --answers', 'with the answers'],
        ['labctl show --at 0.25', 'what everything was a quarter of a second after the first step'],
      ),
    );
  for (const option of formOptions()) command.addOption(option);
  command.action(act(runShow));
};

async function runShow(session: Session, name: string | undefined, flags: ShowFlags): Promise<number> {
  if (flags.schema) {
    const { reportJsonSchema } = await import('../model/report-schema.ts');
    session.out(JSON.stringify(reportJsonSchema(), null, 2));
    return exitCodes.met;
  }
  const { resolveRun, runsFolderFor } = await import('../folder/runs.ts');
  const runs = await runsFolderFor(session.composeFile(), session.io.env);
  return showRun(session, await resolveRun(runs, name, { cwd: session.io.cwd }), flags, name);
}

/** Reads, analyses and prints one run folder. Gives the verdict's exit code. */
export async function showRun(session: Session, folder: string, flags: ShowFlags, name?: string): Promise<number> {
  const [{ readRun }, { analyse }] = await Promise.all([
    import('../folder/read-run.ts'),
    import('../analysis/analyse.ts'),
  ]);
  const report = analyse(await readRun(folder));
  const style = plainStyle(session.style(), flags);
  const form = await formText(report, flags, { style, json: session.json, folder });
  if (form !== undefined) {
    session.out(form);
    return exitCodes.met;
  }
  const { pageIn, writeFreshPage } = await import('./report-page.ts');
  if (flags.fresh) await writeFreshPage(session, report, folder);
  if (session.json) {
    const { reportJson } = await import('../views/json.ts');
    session.out(reportJson(report));
  } else {
    const [{ renderReport }, { answerText }] = await Promise.all([
      import('../views/terminal/report.ts'),
      import('../lesson/answers.ts'),
    ]);
    session.out(
      renderReport(report, style, {
        folder: session.shown(folder),
        command: await session.command(),
        ...(name === undefined ? {} : { run: name }),
        answers: flags.answers ? (question) => answerText(question, report, session.language) : undefined,
        conversation: flags.conversation,
        all: flags.all === true,
        page: pageIn(folder),
      }),
    );
  }
  return verdictExitCode[report.verdict];
}

const verdictExitCode: Record<VerdictWord, number> = {
  met: exitCodes.met,
  unmet: exitCodes.unmet,
  'not-observable': exitCodes.notObservable,
};

/** What became of the run comes before what was judged: a failing engine is never an unmet expectation. */
export function runExitCode(outcome: RunOutcome, verdict: number): number {
  if (outcome === 'engine-failed') return exitCodes.engine;
  if (outcome === 'step-failed') return exitCodes.unmet;
  return verdict;
}
