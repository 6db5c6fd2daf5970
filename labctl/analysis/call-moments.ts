// How a system call stands on the time line: not at all, as one moment, or as entered and returned when it waited.

import type { Moment, Passage, TracedCall } from '../model/report.ts';
import type { Micros } from '../model/time.ts';
import { returnSlack } from './call-times.ts';
import { acceptCalls, forkCalls, isThread, pollCalls, receives, type SocketView, sends } from './sockets.ts';

/** Longer calls are drawn as entered and returned, in microseconds: those that wait for others, and those that need not. */
const waitedFrom = 1000;
// Tracing with source lines alone makes a send or close take a few milliseconds.
const blockedFrom = 10_000;

/** Programs that wait in poll or its kin do that all the time; only their long waits are told, and only at their end. */
const longWait = 100_000;

const waitCalls = new Set(['wait4', 'waitid']);
const socketCalls = new Set(['socket', 'bind', 'listen', 'connect', 'shutdown', 'close', ...acceptCalls]);
const isSocketCall = (call: TracedCall): boolean => socketCalls.has(call.name) || sends(call) || receives(call);

const dockerDns = '127.0.0.11';

/** Sockets that getaddrinfo opens on its way: to nscd, netlink, the engine's DNS, or only to learn a route. */
export const isNoise = ({ domain, peer, used }: SocketView): boolean =>
  domain === 'other' || peer?.address === dockerDns || !used;

/** A transfer that found nothing to do, which programs that wait elsewhere try again and again. */
const foundNothing = (call: TracedCall): boolean =>
  call.errno === 'EAGAIN' && (receives(call) || sends(call) || acceptCalls.has(call.name));

const isLongPoll = ({ name, args, result = 0, took = 0 }: TracedCall): boolean =>
  result > 0 && took >= longWait && (name.startsWith('epoll') || args.some((text) => text.includes('<socket:[')));

/** Calls on sockets, and what makes, awaits or ends processes; the rest of a program's calls are not drawn. */
export function isDrawn(call: TracedCall, socket: SocketView | undefined): boolean {
  if (socket) return isSocketCall(call) && !isNoise(socket) && !foundNothing(call);
  if (['bind', 'listen', 'connect', 'socket'].includes(call.name)) return call.args[0]?.startsWith('AF_INET') ?? false;
  if (forkCalls.has(call.name)) return !isThread(call);
  if (pollCalls.has(call.name)) return isLongPoll(call);
  if (waitCalls.has(call.name)) return (call.result ?? 1) > 0 || (call.took ?? 0) > waitedFrom;
  return call.caused.length > 0;
}

/** Calls that wait for the other side: connect for the answer, accept for a connection, read for bytes. */
const waits = (call: TracedCall): boolean =>
  call.name === 'connect' || acceptCalls.has(call.name) || receives(call) || waitCalls.has(call.name);

/** strace measures from a little after the entry that it prints, so a return may seem to lie before its own cause. */
function returnedAt(measured: number, waker: Passage | undefined): number {
  const arrived = waker?.arrived?.at ?? measured;
  return arrived > measured && arrived - measured < returnSlack ? arrived : measured;
}

/** The moments of one call; `waker` is the packet that it waited for, where that is known. */
export function callMoments(call: TracedCall, waker: Passage | undefined): Moment[] {
  const { at, took, result, index } = call;
  const moment = (when: number, part: 'whole' | 'entered' | 'returned'): Moment => ({
    kind: 'call',
    at: when,
    call: index,
    part,
  });
  // A connect that does not block returns while its SYN may have been answered already.
  if (call.errno === 'EINPROGRESS') return [moment(at, 'whole')];
  if (took === undefined) return [moment(at, result === undefined ? 'entered' : 'whole')];
  if (pollCalls.has(call.name)) return [moment(at + took, 'returned')];
  const arrived = waker?.arrived?.at ?? at;
  const woken = arrived > at && arrived < at + took + returnSlack;
  const served = waker !== undefined && !woken;
  const waited = woken || took > (waits(call) && !served ? waitedFrom : blockedFrom);
  return waited ? [moment(at, 'entered'), moment(returnedAt(at + took, waker), 'returned')] : [moment(at, 'whole')];
}

/** When the call gave its result, as the time line shows it. */
export const resultAt = (call: TracedCall, waker: Passage | undefined): Micros =>
  callMoments(call, waker).at(-1)?.at ?? call.at;
