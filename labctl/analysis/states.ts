// The states of every socket over time: RFC 9293, figure 5, as a fold over segments and calls.

import type { SocketState } from '../model/look.ts';
import type { Conversation, Passage, SocketHistory, StateChange, TracedCall } from '../model/report.ts';
import type { SocketView } from './sockets.ts';

/** One end of a conversation while its segments are followed. */
interface End {
  history: SocketHistory;
  state: SocketState;
  /** Relative acknowledgment number that covers this end's FIN. */
  finAcked?: number;
  /** The SYN that came in; the responder's socket exists only once it is answered. */
  synArrived?: { at: number; passage: number };
}

/** What a segment does to the end that it leaves or reaches. */
interface Event {
  at: number;
  passage: Passage;
  way: 'left' | 'arrived';
}

const has = ({ passage }: Event, letter: string): boolean => passage.tcp?.flags.includes(letter) ?? false;

function enter(end: End, state: SocketState, { at, passage }: { at: number; passage: number }): void {
  end.state = state;
  end.history.changes.push({ at, state, passage });
}

/** Sending moves a socket with SYN (active open) and FIN (close call); all other segments leave it where it is. */
function afterSending(end: End, event: Event): SocketState | undefined {
  if (has(event, 'S')) return has(event, '.') ? undefined : 'SYN-SENT';
  if (!has(event, 'F')) return undefined;
  if (end.state === 'CLOSE-WAIT') return 'LAST-ACK';
  return end.state === 'ESTABLISHED' || end.state === 'SYN-RECEIVED' ? 'FIN-WAIT-1' : undefined;
}

/** What an acknowledgment does before the FIN bit of the same segment is looked at (RFC 9293, section 3.10.7.4). */
function acknowledged(end: End, event: Event): SocketState {
  const ack = event.passage.tcp?.relativeAck;
  if (ack === undefined) return end.state;
  if (end.state === 'SYN-SENT' && has(event, 'S')) return 'ESTABLISHED';
  if (end.state === 'SYN-RECEIVED' && !has(event, 'S')) return 'ESTABLISHED';
  const covers = end.finAcked !== undefined && ack >= end.finAcked;
  if (!covers) return end.state;
  const next: Partial<Record<SocketState, SocketState>> = {
    'FIN-WAIT-1': 'FIN-WAIT-2',
    CLOSING: 'TIME-WAIT',
    'LAST-ACK': 'CLOSED',
  };
  return next[end.state] ?? end.state;
}

const afterFin: Partial<Record<SocketState, SocketState>> = {
  ESTABLISHED: 'CLOSE-WAIT',
  'SYN-RECEIVED': 'CLOSE-WAIT',
  'FIN-WAIT-1': 'CLOSING',
  'FIN-WAIT-2': 'TIME-WAIT',
};

function left(end: End, event: Event): void {
  const { at, passage } = event;
  if (has(event, 'R')) {
    if (end.history.changes.length > 0 && end.state !== 'CLOSED') enter(end, 'CLOSED', { at, passage: passage.number });
    return;
  }
  if (has(event, 'S') && has(event, '.') && end.state === 'CLOSED' && end.synArrived)
    enter(end, 'SYN-RECEIVED', end.synArrived);
  const { relativeSeq = 0, length = 0 } = passage.tcp ?? {};
  if (has(event, 'F')) end.finAcked ??= relativeSeq + length + 1;
  const state = afterSending(end, event);
  if (state && state !== end.state) enter(end, state, { at, passage: passage.number });
}

function arrived(end: End, event: Event): void {
  const { at, passage } = event;
  const cause = { at, passage: passage.number };
  if (has(event, 'S') && !has(event, '.') && end.state === 'CLOSED') end.synArrived ??= cause;
  const crossing = has(event, 'S') && !has(event, '.') && end.state === 'SYN-SENT';
  if (end.state === 'CLOSED') return;
  let state = crossing ? 'SYN-RECEIVED' : acknowledged(end, event);
  if (has(event, 'F')) state = afterFin[state] ?? state;
  if (has(event, 'R')) state = 'CLOSED';
  if (state !== end.state) enter(end, state, cause);
}

function endOf(conversation: Conversation, side: 'initiator' | 'responder'): End {
  const { host, endpoint } = conversation[side];
  const history: SocketHistory = {
    host,
    side,
    local: endpoint,
    conversation: conversation.index,
    changes: [],
    owners: [],
  };
  return { history, state: 'CLOSED' };
}

function conversationStates(conversation: Conversation, passages: readonly Passage[]): SocketHistory[] {
  const ends = { initiator: endOf(conversation, 'initiator'), responder: endOf(conversation, 'responder') };
  const events: Event[] = [];
  for (const number of conversation.passages) {
    const passage = passages[number - 1];
    if (passage?.sent) events.push({ at: passage.sent.at, passage, way: 'left' });
    if (passage?.arrived) events.push({ at: passage.arrived.at, passage, way: 'arrived' });
  }
  events.sort((a, b) => a.at - b.at || a.passage.number - b.passage.number);
  for (const event of events) {
    const fromInitiator = event.passage.tcp?.fromInitiator ?? true;
    const end = fromInitiator === (event.way === 'left') ? ends.initiator : ends.responder;
    if (event.way === 'left') left(end, event);
    else arrived(end, event);
  }
  return [ends.initiator.history, ends.responder.history];
}

/** A listener is LISTEN from its listen call until its last closer; connections leave it there. */
function listenerStates(socket: SocketView, calls: readonly TracedCall[], listened: TracedCall): SocketHistory {
  const changes: StateChange[] = [{ at: listened.at, state: 'LISTEN', call: listened.index }];
  const closed = calls[socket.closers.at(-1) ?? -1];
  if (closed) changes.push({ at: closed.at, state: 'CLOSED', call: closed.index });
  const local = socket.local ?? { address: '0.0.0.0', port: 0 };
  return { host: socket.host, side: 'listener', local, changes, owners: [] };
}

/**
 * Histories of the listeners that calls show and of both ends of every conversation; ends that moved nowhere, such as
 * those of hosts that are not recorded, are left out. TIME-WAIT's own end (2 MSL) leaves no evidence and is not told.
 */
export function socketStates(
  conversations: readonly Conversation[],
  passages: readonly Passage[],
  tied: { calls: readonly TracedCall[]; socketOf: ReadonlyMap<number, SocketView> },
): SocketHistory[] {
  const listeners: SocketHistory[] = [];
  for (const [index, socket] of tied.socketOf) {
    const call = tied.calls[index];
    if (call?.name === 'listen' && call.result === 0) listeners.push(listenerStates(socket, tied.calls, call));
  }
  const ends = conversations.flatMap((conversation) => conversationStates(conversation, passages));
  return [...listeners, ...ends.filter(({ changes }) => changes.length > 0)];
}
