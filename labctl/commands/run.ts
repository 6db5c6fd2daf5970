// `labctl run`: carries a scenario out on the lab, records it, and shows what happened.

import type { Engine } from '../engine/engine.ts';
import type { Lab } from '../model/lab.ts';
import { exitCodes, LabError } from '../model/lab-error.ts';
import type { Text } from '../model/language.ts';
import { type OwnPrograms, roles } from '../model/own-program.ts';
import type { RunOutcome } from '../model/run.ts';
import type { Scenario } from '../model/scenario.ts';
import type { AllHanded, Prepared } from '../run/check.ts';
import type { RunOptions, RunResult } from '../run/run.ts';
import { type Declare, examples } from './declare.ts';
import { handedBy, isOwn, type OwnFlags, ownOptions } from './own-programs.ts';
import { resultOptions } from './results.ts';
import { openScenario } from './scenarios.ts';
import type { Session } from './session.ts';
import { conversationOption, loadShow, runExitCode, type ShowFlags, showRun } from './show.ts';
import { ensureUp } from './up.ts';

export interface RunFlags extends ShowFlags, OwnFlags {
  step?: true;
  watch?: true;
  trace?: boolean;
  dryRun?: true;
}

export const run: Declare = (program, act) => {
  const command = program
    .command('run')
    .description('run a scenario, record it and show what happened')
    .argument('<scenario>', 'its name (labctl list) or a file')
    .option('--step', 'wait for Enter before each step, so that you can look around')
    .option('--dry-run', 'say what would be done, step by step, and start nothing')
    .option('--watch', 'draw the ladder while the run goes on')
    .option('--answers', 'show the answers to the questions')
    .option('--no-trace', 'run the programs without strace')
    .addOption(conversationOption())
    .option('--all', 'draw every row, however many')
    .addHelpText(
      'after',
      examples(
        ['labctl run first-client', 'the first lesson'],
        ['labctl run many-clients --step', 'step by step'],
        ['labctl run lost-data', 'the network loses a segment, on purpose'],
        ['labctl run first-client --server my.c', 'with your own server (labctl check --help tells what it must do)'],
      ),
    );
  for (const option of [...ownOptions(), ...resultOptions()]) command.addOption(option);
  command.action(act(runRun));
};

async function runRun(asked: Session, name: string, flags: RunFlags): Promise<number> {
  const { session, lab, scenario } = await openScenario(asked, name);
  const handed = isOwn(flags) ? await handedBy(session, flags, scenario) : undefined;
  if (flags.dryRun) return dryRun(session, lab, scenario, flags, handed);
  const engine = await session.engine();
  await ensureUp(session, engine, lab, scenario);
  const ready = handed ? await withOwn(session, engine, { lab, scenario, handed, flags }) : { scenario };
  return ready ? runAndShow(session, engine, lab, ready, flags) : exitCodes.unmet;
}

/** No engine is asked: what would be done is in the file. */
async function dryRun(
  session: Session,
  lab: Lab,
  scenario: Scenario,
  flags: OwnFlags,
  handed: AllHanded = {},
): Promise<number> {
  const { dryRunJson, dryRunText } = await import('../views/dry-run.ts');
  const own = roles.flatMap((role) => {
    const by = flags[role] ?? flags[`${role}Cmd`];
    return by === undefined ? [] : [{ role, by }];
  });
  const taken = Object.keys(handed).length > 0;
  const asPlayed = taken ? await plannedScenario(session, scenario, flags, handed) : scenario;
  const planned = { scenario: asPlayed, lab: { name: lab.name, file: session.shown(lab.file) }, own };
  if (session.json) session.outJson(dryRunJson(planned));
  else session.out(dryRunText(planned, session.style()));
  return exitCodes.met;
}

/** The scenario as it will be with the student's programs in it. Throws LabError `usage` when one is none. */
async function plannedScenario(
  session: Session,
  scenario: Scenario,
  flags: OwnFlags,
  handed: AllHanded,
): Promise<Scenario> {
  const { withOwnPrograms } = await import('../plan/own-program.ts');
  const { plannedProgram } = await import('../model/submission.ts');
  const programs: OwnPrograms = {};
  for (const role of roles) {
    const one = handed[role];
    if (one === undefined) continue;
    const program = 'program' in one ? one.program : plannedProgram(one.submission.files, role);
    if ('wrong' in program)
      throw new LabError('usage', program.wrong[session.language], { where: flags[role] ?? `--${role}` });
    programs[role] = program;
  }
  return withOwnPrograms(scenario, programs, { anyModel: flags.anyModel === true });
}

/** The scenario with the student's programs, built in their hosts; undefined when one was not, and that was said. */
async function withOwn(
  session: Session,
  engine: Engine,
  { lab, scenario, handed, flags }: { lab: Lab; scenario: Scenario; handed: AllHanded; flags: OwnFlags },
): Promise<Prepared['ready']> {
  const [{ prepareOwn }, { messagesText, notBuiltText }] = await Promise.all([
    import('../run/check.ts'),
    import('../views/checked.ts'),
  ]);
  const { signal } = session.io;
  const prepared = await prepareOwn({ engine, lab, scenario, signal }, handed, { anyModel: flags.anyModel === true });
  const style = session.errorStyle();
  session.note(messagesText(prepared.messages, style));
  if (prepared.why) session.note(notBuiltText(prepared.why, style));
  return prepared.ready;
}

/** What is to run, and what was done for it before. */
export type Ready = Pick<RunOptions, 'scenario' | 'tuning'>;

/** Runs the scenario on the lab that is up, then shows the run; the exit code is the verdict's. */
export async function runAndShow(
  session: Session,
  engine: Engine,
  lab: Lab,
  ready: Ready,
  flags: RunFlags,
): Promise<number> {
  const { folder, record } = await runToFolder(session, engine, lab, ready, flags, loadShow);
  const exitCode = await showRun(session, folder, { ...flags, fresh: true });
  return runExitCode(record.outcome satisfies RunOutcome, exitCode);
}

/**
 * Runs the scenario on the lab that is up, with its progress on standard error. `whileWaiting`: see RunOptions; cheap
 * but for the first time.
 */
export async function runToFolder(
  session: Session,
  engine: Engine,
  lab: Lab,
  ready: Ready,
  flags: Pick<RunFlags, 'watch' | 'trace' | 'step'>,
  whileWaiting: () => unknown = () => undefined,
): Promise<RunResult> {
  const [{ runScenario }, { runProgress }] = await Promise.all([
    import('../run/run.ts'),
    import('../views/progress.ts'),
  ]);
  const { scenario } = ready;
  const style = session.errorStyle();
  const watch = flags.watch ? (await import('./watch.ts')).watchOn(session, scenario) : undefined;
  const result = await runScenario({
    engine,
    lab,
    ...ready,
    runsFolder: await session.runsFolder(),
    onEvent: (event) => (watch ? watch.event(event) : session.note(runProgress(event, style))),
    whileWaiting: () => void whileWaiting(),
    ...(watch ? { watcher: watch } : {}),
    signal: session.io.signal,
    ...(flags.trace === false ? { trace: false as const } : {}),
    ...(flags.step ? { pauseBeforeStep: enterPressed(session, scenario.steps.length) } : {}),
  });
  watch?.end();
  return result;
}

/** Resolves at each Enter on standard input, or at its end, or when the user stops the run. */
function enterPressed(session: Session, steps: number): (summary: Text, step: number) => Promise<void> {
  return async (summary, step) => {
    const { stepPrompt } = await import('../views/progress.ts');
    session.note(stepPrompt({ summary, step, steps }, session.errorStyle()));
    await lineOf(session.io);
  };
}

/** Settles at the end of a line, of the input, or of the user's patience. */
async function lineOf({ stdin, signal }: Session['io']): Promise<void> {
  if (stdin.readableEnded || signal.aborted) return;
  const { createInterface } = await import('node:readline');
  const lines = createInterface({ input: stdin, terminal: false });
  await new Promise<void>((resolve) => {
    const done = () => {
      signal.removeEventListener('abort', done);
      resolve();
    };
    lines.once('line', done);
    lines.once('close', done);
    signal.addEventListener('abort', done);
  });
  lines.close();
}
