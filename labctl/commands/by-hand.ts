// The student's own turn: what to type in which terminal, recorded meanwhile, then shown as a ladder.

import type { Engine } from '../engine/engine.ts';
import type { Lab } from '../model/lab.ts';
import { expandArguments } from '../model/notation.ts';
import type { Scenario, Step, StepVerb } from '../model/scenario.ts';
import { describeStep } from '../model/step-text.ts';
import { runningLab } from './hosts.ts';
import type { Lines } from './lines.ts';
import type { Session } from './session.ts';

/** What a person at terminals can do; rules on the wire, kernel settings and everything timed are labctl's. */
const byHandVerbs: ReadonlySet<StepVerb> = new Set<StepVerb>([
  'start',
  'type',
  'answer',
  'silence',
  'look',
  'close',
  'stop',
  'exit',
  'children',
  'wait',
]);

/** Looking and waiting come by themselves to a person. */
const doneVerbs: ReadonlySet<StepVerb> = new Set<StepVerb>(['start', 'type', 'close', 'stop']);

export const canBeDoneByHand = ({ steps, wire, sysctls }: Scenario): boolean =>
  wire === undefined && sysctls === undefined && steps.every(({ verb }) => byHandVerbs.has(verb));

/** Records until Enter, then draws what was done. False when the student has left. */
export async function byHand(
  session: Session,
  engine: Engine,
  lab: Lab,
  scenario: Scenario,
  lines: Lines,
): Promise<boolean> {
  const [{ recordLab }, { byHandLines }] = await Promise.all([
    import('../run/record.ts'),
    import('../views/learn/lesson-text.ts'),
  ]);
  const things = await thingsToDo(session, scenario);
  const ending = new AbortController();
  let listening: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => (listening = resolve));
  let hosts = scenario.hosts.length;
  const recording = recordLab({
    engine,
    lab,
    hosts: scenario.hosts,
    runsFolder: await session.runsFolder(),
    onEvent: ({ kind }) => {
      if (kind === 'recording-started' && --hosts === 0) listening();
    },
    signal: AbortSignal.any([ending.signal, session.io.signal]),
  });
  // A recording that cannot begin says why; one that has begun waits for the student.
  await Promise.race([ready, recording]);
  session.out(byHandLines(things, session.style()).join('\n'));
  const typed = await lines.next();
  ending.abort();
  const { folder } = await recording;
  if (typed === undefined) return false;
  session.out(await ladderOfRun(folder, session));
  return true;
}

/** Commands as they are typed; everything else in words. */
async function thingsToDo(session: Session, { steps }: Scenario): Promise<{ command?: string; say: string }[]> {
  const [running, { addressOf }, command] = await Promise.all([
    runningLab(session),
    import('../run/topology.ts'),
    session.command(),
  ]);
  const typed = ({ on, run }: Extract<Step, { verb: 'start' }>): string =>
    [command, 'exec', on, ...expandArguments(run, (wanted) => addressOf(running, wanted))].join(' ');
  return steps
    .filter(({ verb }) => doneVerbs.has(verb))
    .map((step) => ({
      say: describeStep(step)[session.language],
      ...(step.verb === 'start' ? { command: typed(step) } : {}),
    }));
}

async function ladderOfRun(folder: string, session: Session): Promise<string> {
  const [{ readRun }, { analyse }, { ladderOf }, { ladderLines, windowed }] = await Promise.all([
    import('../folder/read-run.ts'),
    import('../analysis/analyse.ts'),
    import('../views/ladder-rows.ts'),
    import('../views/terminal/ladder.ts'),
  ]);
  const report = analyse(await readRun(folder));
  const style = session.style();
  return ladderLines(windowed(ladderOf(report, { language: style.language }), 200), style).join('\n');
}
