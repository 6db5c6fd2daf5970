// When a program that was started is ready: read from the socket table and its output, never tried by connecting.

import type { ProcSocket } from '../evidence/proc-net.ts';
import { endpointText } from '../model/endpoint.ts';
import type { StepOf } from '../model/scenario.ts';
import type { Printed } from '../model/scenario-words.ts';
import { printedTest } from './printed.ts';
import type { Program } from './program.ts';
import type { Recording } from './recording.ts';
import { awaitOn, endText, type Stage, StepFailure } from './stage.ts';

type Until = NonNullable<StepOf<'start'>['until']>;
type Rows = () => ProcSocket[] | undefined;

/** States in which a connection has not been established yet. */
const before = new Set<ProcSocket['state']>(['LISTEN', 'SYN-SENT', 'SYN-RECEIVED', 'CLOSED', 'UNCONN']);

const rowText = ({ protocol, state, local, peer, receiveQueue }: ProcSocket): string =>
  `${protocol} ${state} ${endpointText(local)} ${peer.port === 0 ? `(${receiveQueue} queued)` : endpointText(peer)}`;

/** The sockets that touch this port, for a message. */
export function socketsSeen(rows: readonly ProcSocket[] | undefined, port: number): string {
  const touching = (rows ?? []).filter(({ local, peer }) => local.port === port || peer.port === port);
  return touching.length === 0 ? `no socket on port ${port}` : touching.map(rowText).join(', ');
}

/** Whether this row is what the program had to do. Rows that were there before it started do not count. */
function fits(until: Until, row: ProcSocket, own: boolean): boolean {
  if ('listens' in until)
    return (
      row.local.port === until.listens &&
      // A student's server that has a UDP socket there listens to nobody.
      (row.state === 'LISTEN' || (!own && row.protocol === 'udp' && row.peer.port === 0))
    );
  if ('connected' in until)
    return row.peer.port === until.connected && row.protocol === 'tcp' && !before.has(row.state);
  return false;
}

/** The two ends of a connection. */
export const rowKey = ({ protocol, local, peer }: ProcSocket) =>
  `${protocol} ${endpointText(local)} ${endpointText(peer)}`;
const keyOf = (until: Until, row: ProcSocket) => ('listens' in until ? String(row.inode) : rowKey(row));

/** Starts the program by `start` and waits until it is what its step says. Throws StepFailure when it ends before. */
export async function startAndAwait(
  stage: Stage,
  { until, within, own }: Pick<StepOf<'start'>, 'until' | 'within' | 'own'>,
  recording: Recording,
  start: () => Promise<Program>,
): Promise<void> {
  if (until === undefined) return awaitStart(await start());
  if ('prints' in until) return awaitPrinted(stage, await start(), until.prints, within);
  await recording.withSockets(async (rows) => {
    const first = await awaitOn(stage, rows, { what: 'the socket table', seen: () => 'nothing' });
    const known = new Set(first.map((row) => keyOf(until, row)));
    const isNew = (row: ProcSocket) => fits(until, row, own !== undefined) && !known.has(keyOf(until, row));
    await awaitRow(stage, await start(), { until, within, rows, isNew });
  });
}

/** Without a condition only a program that could not start at all is a failure; 127 is how shells say that. */
function awaitStart(program: Program): void {
  if (program.exitCode === 126 || program.exitCode === 127)
    throw new StepFailure(`${program.spec.name} starts`, endText(program));
}

async function awaitRow(
  stage: Stage,
  program: Program,
  { until, within, rows, isNew }: { until: Until; within?: number; rows: Rows; isNew: (row: ProcSocket) => boolean },
): Promise<void> {
  const { name } = program.spec;
  const [port, what] =
    'listens' in until ? [until.listens, `${name} listens on port ${until.listens}`] : portAwaited(name, until);
  const seen = () => `${socketsSeen(rows(), port)}; ${name} printed ${program.output.seen}`;
  const test = () => {
    if (rows()?.some(isNew)) return true;
    // A student's program may go on in the background; whoever fails says so by the exit code.
    if (program.ended && !(program.spec.own && program.exitCode === 0)) throw new StepFailure(what, endText(program));
    return undefined;
  };
  await awaitOn(stage, test, { ms: within, what, seen });
}

const portAwaited = (name: string, until: Until): [number, string] => {
  const port = 'connected' in until ? until.connected : 0;
  return [port, `${name} is connected to port ${port}`];
};

export async function awaitPrinted(stage: Stage, program: Program, printed: Printed, ms?: number): Promise<void> {
  const wanted = typeof printed === 'string' ? JSON.stringify(printed) : `a line like /${printed.matches}/`;
  const what = `${program.spec.name} prints ${wanted}`;
  const isIn = printedTest(printed);
  const test = () => {
    if (isIn(program.output.sinceMark)) return true;
    if (program.ended) throw new StepFailure(what, endText(program));
    return undefined;
  };
  await awaitOn(stage, test, { ms, what, seen: () => `it printed ${program.output.seen}` });
}
