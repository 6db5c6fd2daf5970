// Which socket states changed with which packet or call: what the ladder writes beside its lifelines.

import type { QueueChange, Report, SocketHistory } from '../model/report.ts';
import type { Words } from './words.ts';

export interface StateAtHost {
  host: string;
  state: string;
}

export interface StateIndex {
  byPassage: Map<number, StateAtHost[]>;
  byCall: Map<number, StateAtHost[]>;
}

function add(index: Map<number, StateAtHost[]>, key: number | undefined, change: StateAtHost): void {
  if (key !== undefined) index.set(key, [...(index.get(key) ?? []), change]);
}

/** Programs that poll first call accept() a little after a connection came: no queue worth a word. */
const shortWait = 5000;

/**
 * The queue's changes for connections that had to wait in it, because accept() was not called for a while: the one that
 * came, and the one that was taken. A process that waits in accept() already may only be slow to wake up.
 */
export function waitsInQueue(queue: readonly QueueChange[], calls: Report['calls']): QueueChange[] {
  const came = new Map(queue.filter(({ call }) => call === undefined).map((one) => [one.conversation, one.at]));
  const asked = new Map(
    queue.flatMap(({ call, conversation }) =>
      call === undefined ? [] : [[conversation, calls[call]?.at ?? Number.NEGATIVE_INFINITY] as const],
    ),
  );
  return queue.filter(({ conversation }) => {
    const since = came.get(conversation) ?? Number.POSITIVE_INFINITY;
    return (asked.get(conversation) ?? Number.POSITIVE_INFINITY) > since + shortWait;
  });
}

/** Adds the queue's length to what the packet or call has brought about at that host already. */
function addQueue(found: StateIndex, { host, queue = [] }: SocketHistory, calls: Report['calls'], words: Words): void {
  for (const { passage, call, length } of waitsInQueue(queue, calls)) {
    const state = words.ladder.acceptQueue(length);
    if (passage === undefined) add(found.byCall, call, { host, state });
    else add(found.byPassage, passage, { host, state });
  }
}

/** Every change of every socket, by what caused it; a change with a packet is the packet's. Listeners tell of their queue. */
export function stateIndex({ states, calls }: Report, words: Words): StateIndex {
  const found: StateIndex = { byPassage: new Map(), byCall: new Map() };
  for (const { host, changes } of states)
    for (const { state, passage, call } of changes) {
      add(found.byPassage, passage, { host, state });
      if (passage === undefined) add(found.byCall, call, { host, state });
    }
  for (const history of states) addQueue(found, history, calls, words);
  return found;
}
