// The one time line: packets, calls, events, ends of processes, signals and looks, causes before what they cause.

import type { Call, CallEvent } from '../model/call.ts';
import type { Look } from '../model/look.ts';
import type { Moment, Passage } from '../model/report.ts';
import type { RunEvent } from '../model/run.ts';
import type { Micros } from '../model/time.ts';
import { callMoments, isDrawn } from './call-moments.ts';
import type { TiedCalls } from './call-ties.ts';
import { eventTimes } from './event-times.ts';
import { forkCalls, isThread } from './sockets.ts';

const drawnEvents = new Set<RunEvent['kind']>([
  'step-began',
  'step-failed',
  'program-started',
  'typed',
  'output',
  'output-cut',
  'input-closed',
  'signalled',
  'program-ended',
  'host-tuned',
  'host-paused',
  'host-resumed',
  'rule-added',
  'rule-removed',
  'stopped',
]);

/** When each process called exit: strace says `+++ exited +++` only after others may have noticed. */
function exitCalls(calls: readonly Call[]): Map<string, Micros> {
  return new Map(
    calls.filter(({ name }) => name === 'exit_group').map(({ host, pid, at }) => [`${host} ${pid}`, at] as const),
  );
}

function processMoment(event: Exclude<CallEvent, { kind: 'call' }>, exits: ReadonlyMap<string, Micros>): Moment {
  const { host, program, pid } = event;
  const at = event.kind === 'exit' ? (exits.get(`${host} ${pid}`) ?? event.at) : event.at;
  if (event.kind === 'signal') return { kind: 'signal', at, host, program, pid, signal: event.signal };
  const { code, signal } = event;
  return {
    kind: 'exit',
    at,
    host,
    program,
    pid,
    ...(code === undefined ? {} : { code }),
    ...(signal ? { signal } : {}),
  };
}

/** Where moments of one microsecond stand to each other: what is done before what comes of it. */
function rank(moment: Moment): number {
  if (moment.kind === 'event') return moment.event.kind === 'step-began' ? 0 : moment.event.kind === 'output' ? 7 : 1;
  if (moment.kind === 'call') return moment.part === 'returned' ? 4 : 2;
  return { passage: 3, arrival: 3, signal: 5, exit: 6, look: 8 }[moment.kind];
}

/** Arrivals that cannot stand on the row of their sending: another packet came between, or this one did once more. */
function arrivals({ number, arrived, overtakenBy, copies = [] }: Passage): Moment[] {
  const late = arrived && overtakenBy !== undefined ? [{ at: arrived.at, copy: false }] : [];
  const again = copies.map(({ at }) => ({ at, copy: true }));
  return [...late, ...again].map((one): Moment => ({ kind: 'arrival', passage: number, ...one }));
}

/** Threads, by host and pid: their ends are not those of a process. */
const threads = (calls: readonly Call[]): Set<string> =>
  new Set(
    calls.filter((call) => forkCalls.has(call.name) && isThread(call)).map(({ host, result }) => `${host} ${result}`),
  );

export interface TimelineParts {
  tied: TiedCalls;
  passages: readonly Passage[];
  /** The packet that each waiting call waited for, by the call's index. */
  wakers: ReadonlyMap<number, Passage>;
  processEvents: readonly Exclude<CallEvent, { kind: 'call' }>[];
  events: readonly RunEvent[];
  looks: readonly Look[];
}

/** All moments worth drawing in order of time; of two in one microsecond the cause comes first. */
export function timeline({ tied, passages, wakers, processEvents, events, looks }: TimelineParts): Moment[] {
  const calls = tied.calls.filter((call) => isDrawn(call, tied.socketOf.get(call.index)));
  const eventsOf = eventTimes(tied.calls);
  const exits = exitCalls(tied.calls);
  const parts = threads(tied.calls);
  const moments: Moment[] = [
    ...passages.map(({ at, number }): Moment => ({ kind: 'passage', at, passage: number })),
    ...passages.flatMap(arrivals),
    ...calls.flatMap((call) => callMoments(call, wakers.get(call.index))),
    ...processEvents
      .filter(({ kind, host, pid }) => kind !== 'exit' || !parts.has(`${host} ${pid}`))
      .map((event) => processMoment(event, exits)),
    ...events
      .filter(({ kind }) => drawnEvents.has(kind))
      .flatMap(eventsOf)
      .map((event): Moment => ({ kind: 'event', at: event.at, event })),
    ...looks.map(({ at }, look): Moment => ({ kind: 'look', at, look })),
  ];
  return moments.sort((a, b) => a.at - b.at || rank(a) - rank(b));
}
