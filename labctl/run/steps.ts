// Carries out one step of a scenario; each verb has its function.

import type { ProcSocket } from '../evidence/proc-net.ts';
import { expandArguments } from '../model/notation.ts';
import type { Step, StepOf, StepVerb } from '../model/scenario.ts';
import { now } from '../model/time.ts';
import { Program } from './program.ts';
import { awaitPrinted, rowKey, socketsSeen, startAndAwait } from './ready.ts';
import { student } from './recording.ts';
import { awaitOn, defaultDeadline, endText, hostOf, programOf, type Stage, StepFailure, watchFor } from './stage.ts';

type StepWork<Verb extends StepVerb> = (stage: Stage, step: StepOf<Verb>, number: number) => Promise<void>;

const works: { [Verb in StepVerb]: StepWork<Verb> } = {
  start,
  type: async (stage, step) => typeInto(stage, step),
  answer: async (stage, { answer, from, within }) => awaitPrinted(stage, programOf(stage, from), answer, within),
  silence,
  look: async (stage, { look, name }, number) => {
    await Promise.all(look.map((host) => stage.look(name ?? lookName(number), host)));
  },
  close: async (stage, { close }) => programOf(stage, close).closeInput(),
  'half-close': halfClose,
  signal: async (stage, { signal, send }) => {
    const program = programOf(stage, signal);
    if (program.ended) throw new StepFailure(`${signal} takes SIG${send}`, endText(program));
    await program.signal(send);
  },
  pause: async (stage, { pause: host }) => {
    await hostOf(stage, host).recording.pause();
    stage.event({ at: now(), kind: 'host-paused', host });
  },
  resume: async (stage, { resume: host }) => {
    stage.event({ at: now(), kind: 'host-resumed', host });
    await hostOf(stage, host).recording.resume();
  },
  stop: async (stage, { stop, signal = 'TERM', within }) => {
    const program = programOf(stage, stop);
    await program.signal(signal);
    if (program.spec.own) await insist(stage, program);
    else await awaitEnd(stage, program, within);
  },
  exit,
  children,
  wait,
  wire: async (stage, { wire }) => {
    for (const change of wire) await stage.wire?.change(change, stage.event);
  },
};

/** The name of a look whose step has none. */
export const lookName = (step: number): string => `look-${step}`;

/** Does what the step says. Throws StepFailure when what it awaits does not come true. */
export async function carryOut(stage: Stage, step: Step, number: number): Promise<void> {
  const work = works[step.verb] as (stage: Stage, step: Step, number: number) => Promise<void>;
  await work(stage, step, number);
}

async function start(stage: Stage, step: StepOf<'start'>): Promise<void> {
  const { host, recording } = hostOf(stage, step.on);
  const argv = expandArguments(step.run, stage.addressOf);
  const traced = stage.trace ? (step.trace ?? 'calls') : false;
  const spec = { name: step.start, argv, traced };
  stage.addProgram({ ...spec, host: step.on });
  const { own } = step;
  await startAndAwait(stage, step, recording, async () => {
    const program = await Program.start(host, recording, { ...spec, own }, stage.sinksOf(step.start));
    program.readsInput = step.until !== undefined && 'connected' in step.until;
    stage.programs.set(step.start, program);
    return program;
  });
}

function typeInto(stage: Stage, { type, into }: StepOf<'type'>): void {
  readingProgram(stage, into, 'reads what is typed').type(type);
}

/** A program whose input is open. Throws StepFailure when it cannot be what is awaited. */
function readingProgram(stage: Stage, name: string, awaited: string): Program {
  const program = programOf(stage, name);
  if (program.ended) throw new StepFailure(`${name} ${awaited}`, endText(program));
  if (!program.inputOpen) throw new StepFailure(`${name} ${awaited}`, 'its input was closed before');
  return program;
}

/** States in which this side has not said that it sends no more (RFC 9293, section 3.3.2). */
const sending = new Set<ProcSocket['state']>(['ESTABLISHED', 'CLOSE-WAIT']);

/** Its FIN left when a connection of its host is in no such state any more; that a program's end does too is its affair. */
async function halfClose(stage: Stage, { 'half-close': name, within }: StepOf<'half-close'>): Promise<void> {
  const awaited = 'half-closes its connection';
  const program = readingProgram(stage, name, awaited);
  await program.recording.withSockets(async (rows) => {
    const before = await awaitOn(stage, rows, { what: 'the socket table', seen: () => 'nothing' });
    const open = (table: readonly ProcSocket[]) =>
      table.filter(({ protocol, state }) => protocol === 'tcp' && sending.has(state)).map(rowKey);
    const keys = open(before);
    program.closeInput();
    const test = () => {
      const still = new Set(open(rows() ?? before));
      return keys.some((key) => !still.has(key)) || undefined;
    };
    const seen = () =>
      `${keys.length === 0 ? 'it had none' : 'its FIN did not leave'}; it printed ${program.output.seen}`;
    await awaitOn(stage, test, { ms: within, what: `${name} ${awaited}`, seen });
  });
}

/** The one wait that cannot be cut short by success: nothing must happen for so long. */
async function silence(stage: Stage, { silence: ms, from }: StepOf<'silence'>): Promise<void> {
  const { output } = programOf(stage, from);
  const [before, already] = [output.total, output.all.length];
  const broken = await watchFor(stage, () => output.total > before || undefined, ms);
  if (broken) throw new StepFailure(`${from} prints nothing for ${ms} ms`, JSON.stringify(output.all.slice(already)));
}

async function awaitEnd(stage: Stage, program: Program, ms?: number): Promise<number> {
  const what = `${program.spec.name} ends`;
  return awaitOn(stage, () => program.exitCode, {
    ms,
    what,
    seen: () => `it still runs; it printed ${program.output.seen}`,
  });
}

/** How a student's program takes a signal is its own affair: it is ended. */
async function insist(stage: Stage, program: Program): Promise<void> {
  if (await watchFor(stage, () => program.ended || undefined, patience)) return;
  await program.signal('KILL');
  await watchFor(stage, () => program.ended || undefined, patience);
}
const patience = 1000;

async function exit(stage: Stage, { exit: name, code, within }: StepOf<'exit'>): Promise<void> {
  const program = programOf(stage, name);
  const seen = await awaitEnd(stage, program, within);
  if (code !== undefined && seen !== code) throw new StepFailure(`${name} ends with code ${code}`, endText(program));
}

/** Asked of `ps` again and again: nothing tells labctl of the end of a process that it did not start. */
async function children(stage: Stage, { children: name, reaped, within = defaultDeadline }: StepOf<'children'>) {
  const { recording, pid } = programOf(stage, name);
  const deadline = performance.now() + within;
  for (;;) {
    const { stdout } = await recording.tool(student, ['ps', '-o', 'stat=', '--ppid', String(pid)]);
    const left = stdout.split('\n').filter((state) => (reaped ? state !== '' : /^[^Z]/.test(state)));
    if (left.length === 0) return;
    if (performance.now() > deadline)
      throw new StepFailure(`the children of ${name} have ended within ${within / 1000} s`, `${left.length} are left`);
    await watchFor(stage, () => undefined, 20);
  }
}

async function wait(stage: Stage, { wait: wanted, on, within }: StepOf<'wait'>): Promise<void> {
  const { port, state, count = 1, queued = 0, unread = 0 } = wanted;
  const fits = (row: ProcSocket) =>
    (row.local.port === port || row.peer.port === port) &&
    (state === undefined || row.state === state) &&
    (queued === 0 || (row.state === 'LISTEN' && row.receiveQueue >= queued)) &&
    (unread === 0 || (row.state !== 'LISTEN' && row.receiveQueue >= unread));
  const queue = (queued > 0 ? ` with ${queued} queued` : '') + (unread > 0 ? ` with ${unread} bytes unread` : '');
  const what = `${on} has ${count} ${state ? `${state} ` : ''}socket${count === 1 ? '' : 's'} on port ${port}${queue}`;
  await hostOf(stage, on).recording.withSockets(async (rows) => {
    const test = () => {
      const there = rows()?.filter(fits).length ?? -1;
      return (count === 0 ? there === 0 : there >= count) || undefined;
    };
    await awaitOn(stage, test, { ms: within, what, seen: () => socketsSeen(rows(), port) });
  });
}
