// The one time line: packets, calls, events, ends of processes, signals and looks, causes before what they cause.

import type { CallEvent } from '../model/call.ts';
import type { Look } from '../model/look.ts';
import type { Conversation, Moment, Passage, TracedCall } from '../model/report.ts';
import type { RunEvent } from '../model/run.ts';
import type { TiedCalls } from './call-ties.ts';
import { firstAt } from './first-at.ts';
import { acceptCalls, forkCalls, isThread, receiveCalls, type SocketView, sendCalls } from './sockets.ts';

/** Longer calls are drawn as entered and returned, in microseconds. */
const blockedFrom = 1000;

const waitCalls = new Set(['wait4', 'waitid']);
const socketCalls = new Set([
  'socket',
  'bind',
  'listen',
  'connect',
  'shutdown',
  'close',
  ...acceptCalls,
  ...sendCalls,
  ...receiveCalls,
]);

const dockerDns = '127.0.0.11';

/** Sockets that getaddrinfo opens on its way: to nscd, netlink, the engine's DNS, or only to learn a route. */
export const isNoise = ({ domain, peer, used }: SocketView): boolean =>
  domain === 'other' || peer?.address === dockerDns || !used;

function isDrawn(call: TracedCall, socket: SocketView | undefined): boolean {
  if (socket) return socketCalls.has(call.name) && !isNoise(socket);
  if (['bind', 'listen', 'connect', 'socket'].includes(call.name)) return call.args[0]?.startsWith('AF_INET') ?? false;
  if (forkCalls.has(call.name)) return !isThread(call);
  if (waitCalls.has(call.name)) return (call.result ?? 1) > 0 || (call.took ?? 0) > blockedFrom;
  return call.caused.length > 0;
}

/** Calls that wait for the other side: connect for the answer, accept for a connection, read for bytes. */
const waits = ({ name }: TracedCall): boolean =>
  name === 'connect' || acceptCalls.has(name) || receiveCalls.has(name) || waitCalls.has(name);

/** A passage of its own conversation reached the caller while the call ran. */
function sawArrival(
  call: TracedCall,
  until: number,
  conversation: Conversation | undefined,
  passages: readonly Passage[],
) {
  const numbers = conversation?.passages ?? [];
  const later = firstAt(numbers, (number) => (passages[number - 1]?.at ?? 0) >= call.at);
  // The one before may still have been on its way.
  for (let place = Math.max(0, later - 1); place < numbers.length; place++) {
    const passage = passages[(numbers[place] as number) - 1];
    if (!passage || passage.at >= until) return false;
    const arrived = passage.arrived?.at ?? Infinity;
    if (passage.to === call.host && arrived > call.at && arrived < until) return true;
  }
  return false;
}

function callMoments(call: TracedCall, conversations: readonly Conversation[], passages: readonly Passage[]): Moment[] {
  const moment = (at: number, part: 'whole' | 'entered' | 'returned'): Moment => ({
    kind: 'call',
    at,
    call: call.index,
    part,
  });
  if (call.took === undefined) return [moment(call.at, call.result === undefined ? 'entered' : 'whole')];
  const until = call.at + call.took;
  const own = call.conversation === undefined ? undefined : conversations[call.conversation];
  const blocked = call.took > blockedFrom || (waits(call) && sawArrival(call, until, own, passages));
  return blocked ? [moment(call.at, 'entered'), moment(until, 'returned')] : [moment(call.at, 'whole')];
}

const drawnEvents = new Set<RunEvent['kind']>([
  ...(['step-began', 'step-failed', 'program-started', 'typed', 'output', 'output-cut'] as const),
  ...(['input-closed', 'signalled', 'program-ended', 'stopped'] as const),
]);

function processMoment(event: Exclude<CallEvent, { kind: 'call' }>): Moment {
  const { at, host, program, pid } = event;
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
  return { passage: 3, signal: 5, exit: 6, look: 8 }[moment.kind];
}

export interface TimelineParts {
  tied: TiedCalls;
  passages: readonly Passage[];
  conversations: readonly Conversation[];
  processEvents: readonly Exclude<CallEvent, { kind: 'call' }>[];
  events: readonly RunEvent[];
  looks: readonly Look[];
}

/** All moments worth drawing in order of time; of two in one microsecond the cause comes first. */
export function timeline({ tied, passages, conversations, processEvents, events, looks }: TimelineParts): Moment[] {
  const calls = tied.calls.filter((call) => isDrawn(call, tied.socketOf.get(call.index)));
  const moments: Moment[] = [
    ...passages.map(({ at, number }): Moment => ({ kind: 'passage', at, passage: number })),
    ...calls.flatMap((call) => callMoments(call, conversations, passages)),
    ...processEvents.map(processMoment),
    ...events
      .filter(({ kind }) => drawnEvents.has(kind))
      .map((event): Moment => ({ kind: 'event', at: event.at, event })),
    ...looks.map(({ at }, look): Moment => ({ kind: 'look', at, look })),
  ];
  return moments.sort((a, b) => a.at - b.at || rank(a) - rank(b));
}
