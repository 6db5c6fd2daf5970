// The accept queue of each listener: which segment completed whose handshake, how many connections waited, who took them.

import type { Conversation, Passage, QueueChange, TracedCall } from '../model/report.ts';
import type { Micros } from '../model/time.ts';
import { makesRing } from './blind-spots.ts';
import type { TiedCalls } from './call-ties.ts';
import { acceptCalls, type SocketView, socketArgument } from './sockets.ts';

export interface AcceptQueues {
  /** Of each listener that calls show. */
  ofListener: Map<SocketView, { backlog?: number; queue: QueueChange[] }>;
  /** By conversation, the passage that completed its handshake at the responder. */
  completedBy: Map<number, number>;
}

/** What may complete a handshake, and whether a connection was taken, in order of time. */
type Step =
  | { at: Micros; kind: 'acknowledged'; conversation: number; passage: number }
  | { at: Micros; kind: 'taken'; conversation: number; call: number };

interface Listener {
  socket: SocketView;
  backlog?: number;
  /** TCP_DEFER_ACCEPT (tcp(7)): a handshake is complete only with the first bytes. */
  defers: boolean;
  from: Micros;
  until: Micros;
}

const anywhere = new Set(['0.0.0.0', '::']);

function listenersOf({ calls, socketOf }: TiedCalls): Listener[] {
  const found = new Map<SocketView, Listener>();
  for (const [index, socket] of socketOf) {
    const call = calls[index] as TracedCall;
    const defers = call.name === 'setsockopt' && call.args[2] === 'TCP_DEFER_ACCEPT' && call.args[3] !== '[0]';
    const listener = found.get(socket) ?? { socket, defers, from: Infinity, until: socket.released?.at ?? Infinity };
    if (defers) listener.defers = true;
    if (call.name === 'listen' && call.result === 0) {
      listener.from = Math.min(listener.from, call.at);
      listener.backlog = Number(call.args[1]);
    }
    found.set(socket, listener);
  }
  // What takes connections through an io_uring is not seen to take them.
  const unseen = new Set(calls.filter(makesRing).map(({ host, program }) => `${host} ${program}`));
  return [...found.values()].filter(
    ({ from, socket: { host, program } }) => from < Infinity && !unseen.has(`${host} ${program}`),
  );
}

/** Whose queue a connection nobody took waited in. */
function listenerFor({ responder, start }: Conversation, listeners: readonly Listener[]): Listener | undefined {
  return listeners.find(({ socket: { host, local }, from, until }) => {
    const here = host === responder.host && local?.port === responder.endpoint.port && from <= start && start <= until;
    return here && (anywhere.has(local.address) || local.address === responder.endpoint.address);
  });
}

/** Acknowledgments that reached the responder after its last SYN-ACK: one sent again means that none before had counted. */
function acknowledgments({ passages: numbers }: Conversation, passages: readonly Passage[]): Passage[] {
  const all = numbers.map((number) => passages[number - 1] as Passage);
  const answered = all.findLast(({ tcp }) => tcp && !tcp.fromInitiator && tcp.flags.includes('S'));
  const since = answered ? (answered.sent?.at ?? answered.at) : -Infinity;
  return all
    .filter(({ tcp, arrived }) => tcp?.fromInitiator && /^[^SR]*\.$/.test(tcp.flags) && arrived && arrived.at >= since)
    .sort((a, b) => (a.arrived?.at ?? 0) - (b.arrived?.at ?? 0));
}

/** strace measures from a little after entry, so a connection may seem to be taken before its handshake was complete. */
const takenAt = ({ at, took = 0 }: TracedCall): Micros => at + took;

/** How a conversation's handshake could have been completed, and when it was taken. */
function stepsOf(conversation: Conversation, passages: readonly Passage[], accepts: ReadonlyMap<number, TracedCall>) {
  const steps = acknowledgments(conversation, passages).map(
    ({ arrived, number }): Step => ({
      at: arrived?.at ?? 0,
      kind: 'acknowledged',
      conversation: conversation.index,
      passage: number,
    }),
  );
  const call = accepts.get(conversation.index);
  const [first] = steps;
  if (!call || !first) return steps;
  const at = Math.max(takenAt(call), first.at);
  return [...steps, { at, kind: 'taken' as const, conversation: conversation.index, call: call.index }];
}

/** One listener's queue: full, it lets no handshake complete (Linux: when more wait than the backlog says). */
function follow(
  steps: readonly Step[],
  { backlog = Infinity, defers }: Partial<Listener>,
  passages: readonly Passage[],
) {
  const completedBy = new Map<number, number>();
  const queue: QueueChange[] = [];
  let length = 0;
  for (const step of steps.toSorted((a, b) => a.at - b.at || Number(a.kind === 'taken') - Number(b.kind === 'taken'))) {
    const { at, conversation } = step;
    const complete = completedBy.has(conversation);
    if (step.kind === 'acknowledged') {
      const bytes = passages[step.passage - 1]?.tcp?.length ?? 0;
      if (complete || length > backlog || (defers && bytes === 0)) continue;
      completedBy.set(conversation, step.passage);
      length += 1;
      queue.push({ at, length, conversation, passage: step.passage });
    } else if (complete) {
      length -= 1;
      queue.push({ at, length, conversation, call: step.call });
    }
  }
  return { completedBy, queue };
}

/** The queues of all listeners; of conversations whose listener no call shows, only what completed them. */
export function acceptQueues(
  conversations: readonly Conversation[],
  passages: readonly Passage[],
  tied: TiedCalls,
): AcceptQueues {
  const listeners = listenersOf(tied);
  const accepts = new Map<number, TracedCall>();
  for (const call of tied.calls)
    if (acceptCalls.has(call.name) && call.conversation !== undefined) accepts.set(call.conversation, call);
  const byListener = new Map<Listener | undefined, Step[]>(listeners.map((listener) => [listener, []]));
  const found: AcceptQueues = { ofListener: new Map(), completedBy: new Map() };
  for (const conversation of conversations) {
    const accept = accepts.get(conversation.index);
    const inode = socketArgument(accept?.args[0])?.inode;
    const listener =
      listeners.find(({ socket }) => socket.inode === inode && socket.host === accept?.host) ??
      listenerFor(conversation, listeners);
    const steps = stepsOf(conversation, passages, accepts);
    if (listener) byListener.get(listener)?.push(...steps);
    else for (const [index, passage] of follow(steps, {}, passages).completedBy) found.completedBy.set(index, passage);
  }
  for (const listener of listeners) {
    const { completedBy, queue } = follow(byListener.get(listener) ?? [], listener, passages);
    for (const [index, passage] of completedBy) found.completedBy.set(index, passage);
    const { backlog } = listener;
    found.ofListener.set(listener.socket, { queue, ...(backlog === undefined ? {} : { backlog }) });
  }
  return found;
}
