// One instant of a run as short texts, the same in the terminal and on the page: who owns a socket, what waits in it.

import type { Flight, ProcessNow, SocketNow } from '../model/instant.ts';
import { durationText } from './format.ts';
import type { InstantWords } from './instant-words.ts';

/** Left to the kernel by close(): nobody needs to hold these open. */
const kernelStates = new Set(['SYN-RECEIVED', 'FIN-WAIT-1', 'FIN-WAIT-2', 'CLOSING', 'LAST-ACK', 'TIME-WAIT']);

/** Who has it open: processes, the kernel, nobody, or not observable. */
export function ownersText({ owners, state }: SocketNow, words: InstantWords): string {
  if (owners === undefined) return state === 'CLOSED' ? '' : words.unknown;
  if (owners.length > 0) return owners.join(', ');
  if (state === 'CLOSED') return '';
  return kernelStates.has(state) ? words.kernel : words.nobody;
}

/** What lies in its queues; nothing where they are empty. */
export function queuesText(socket: SocketNow, words: InstantWords, queueText = words.queue): string {
  const { queue, backlog, unread, unacknowledged } = socket;
  return [
    ...(queue === undefined ? [] : [queueText(queue, backlog)]),
    ...(unread ? [words.unread(unread)] : []),
    ...(unacknowledged ? [words.unacknowledged(unacknowledged)] : []),
  ].join(', ');
}

/** What it does: runs, waits in a call, is a zombie. */
export function processText({ state, call = '' }: ProcessNow, words: InstantWords): string {
  if (state === 'waits') return words.waits(call);
  return state === 'zombie' ? words.zombie : words.runs;
}

/** For how long it is under way, or lost. */
export function flightText({ left, lost, awaited }: Flight, at: number, words: InstantWords): string {
  const say = awaited ? words.lostAwaited : lost ? words.lost : words.flying;
  return say(durationText(at - left));
}
