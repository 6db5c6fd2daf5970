// `labctl check`: a student's own program in a scenario: verdicts, the reason, what to look at next; never the answers.

import type { Checked } from '../model/checked.ts';
import { exitCodes } from '../model/lab-error.ts';
import type { VerdictWord } from '../model/report.ts';
import { type Declare, examples } from './declare.ts';
import { contract, handedBy, isOwn, type OwnFlags, ownOptions } from './own-programs.ts';
import { type ResultFlags, resultOptions, writeResults } from './results.ts';
import { openScenario } from './scenarios.ts';
import type { Session } from './session.ts';
import { ensureUp } from './up.ts';

export const check: Declare = (program, act) => {
  const command = program
    .command('check')
    .description('run a scenario with your own program, and say what is right and where to look next')
    .argument('<scenario>', 'its name (labctl list) or a file')
    .addHelpText(
      'after',
      `${contract}
${examples(
  ['labctl check first-client --server my.c', 'a server in C'],
  ['labctl check many-clients --server my.py --any-model', 'threads or poll() do as well as processes'],
  ["labctl check first-client --server-cmd 'socat TCP-LISTEN:{port},fork EXEC:cat'", 'any program of the host'],
)}`,
    );
  for (const option of [...ownOptions(), ...resultOptions()]) command.addOption(option);
  command.action(act(runCheck));
};

async function runCheck(asked: Session, name: string, flags: OwnFlags & ResultFlags): Promise<number> {
  const { session, lab, scenario } = await openScenario(asked, name);
  if (!isOwn(flags)) {
    const { LabError } = await import('../model/lab-error.ts');
    throw new LabError('usage', 'no program to check was named', { hint: '--server my.c, or --client my.py' });
  }
  const handed = await handedBy(session, flags, scenario);
  const engine = await session.engine();
  await ensureUp(session, engine, lab, scenario);
  const [{ checkPrograms }, { runProgress }] = await Promise.all([
    import('../run/check.ts'),
    import('../views/progress.ts'),
  ]);
  const style = session.errorStyle();
  const checked = await checkPrograms(
    {
      engine,
      lab,
      scenario,
      runsFolder: await session.runsFolder(),
      onEvent: (event) => session.note(runProgress(event, style)),
      signal: session.io.signal,
    },
    handed,
    { anyModel: flags.anyModel === true, language: session.language },
  );
  const said = await writeResults(session, flags, async () => {
    const { pointsOfCheck } = await import('../views/results/points.ts');
    return pointsOfCheck(checked, session.language);
  });
  if (!said) await showChecked(session, checked);
  return exitCodeOf[checked.verdict];
}

const exitCodeOf: Record<VerdictWord, number> = {
  met: exitCodes.met,
  unmet: exitCodes.unmet,
  'not-observable': exitCodes.notObservable,
};

async function showChecked(session: Session, checked: Checked): Promise<void> {
  const { checkedJson, checkedText } = await import('../views/checked.ts');
  if (session.json) session.out(checkedJson(checked, session.language));
  else
    session.out(
      checkedText(checked, session.style(), {
        command: await session.command(),
        ...(checked.folder ? { folder: session.shown(checked.folder) } : {}),
      }),
    );
}
