// The history of every socket: its states (from segments, and from calls where no segment tells), owners, accept queue.

import type { Endpoint } from '../model/endpoint.ts';
import { endpointText } from '../model/endpoint.ts';
import type { Conversation, Passage, SocketHistory, TracedCall } from '../model/report.ts';
import type { RunRecord } from '../model/run.ts';
import type { Micros } from '../model/time.ts';
import { type AcceptQueues, acceptQueues } from './accept-queue.ts';
import { isNoise } from './call-moments.ts';
import type { TiedCalls } from './call-ties.ts';
import { returnSlack } from './call-times.ts';
import type { SocketView } from './sockets.ts';
import { expire, happen, type Machine, newMachine, type SocketEvent } from './state-machine.ts';

type Side = 'initiator' | 'responder';

/** What the fold over one conversation needs of the run. */
interface Context {
  passages: readonly Passage[];
  calls: readonly TracedCall[];
  queues: AcceptQueues;
  /** By conversation and side, the socket that calls show. */
  views: ReadonlyMap<string, SocketView>;
  /** When the next conversation of the same four-tuple began. */
  reused: ReadonlyMap<number, Micros>;
  record: Pick<RunRecord, 'ended' | 'hosts'>;
}

const viewKey = (conversation: number, side: Side): string => `${conversation} ${side}`;
const returnedAt = ({ at, took = 0 }: TracedCall): Micros => at + took;

/** What segments did to one end. */
function segmentEvents(conversation: Conversation, side: Side, passages: readonly Passage[]): SocketEvent[] {
  return conversation.passages.flatMap((number): SocketEvent[] => {
    const passage = passages[number - 1] as Passage;
    const own = passage.tcp?.fromInitiator === (side === 'initiator');
    const sighting = own ? passage.sent : passage.arrived;
    return sighting ? [{ at: sighting.at, kind: own ? 'left' : 'arrived', passage }] : [];
  });
}

/** A call's effect counts from its return; not at all where a segment with this flag shows it sooner or soon after. */
function unlessShown(event: SocketEvent, flags: RegExp, events: readonly SocketEvent[]): SocketEvent[] {
  const shown = events.some(
    (other) =>
      other.kind === 'left' && other.at <= event.at + returnSlack && flags.test(other.passage.tcp?.flags ?? ''),
  );
  return shown ? [] : [event];
}

const gaveUp = ({ errno, name }: TracedCall): boolean =>
  errno === 'ETIMEDOUT' || (errno === 'EHOSTUNREACH' && name === 'connect');

/** What the program did to one end, where the segments do not tell it. */
function callEvents(view: SocketView, calls: readonly TracedCall[], segments: readonly SocketEvent[]): SocketEvent[] {
  const events: SocketEvent[] = [];
  const add = (kind: 'connects' | 'half-closed' | 'failed', call: TracedCall, at: Micros): void => {
    events.push(...unlessShown({ at, kind, call: call.index }, kind === 'connects' ? /S/ : /[FR]/, segments));
  };
  for (const index of view.used ? view.calls : []) {
    const call = calls[index] as TracedCall;
    if (call.name === 'connect' && !/EINVAL|ECONNREFUSED|ENETUNREACH|EISCONN|EALREADY/.test(call.errno ?? ''))
      add('connects', call, call.at);
    if (gaveUp(call)) events.push({ at: returnedAt(call), kind: 'failed', call: index });
    if (call.name === 'shutdown' && call.args[1] !== 'SHUT_RD' && call.result === 0)
      add('half-closed', call, returnedAt(call));
  }
  const { released } = view;
  if (!released) return events;
  const call = calls[released.call ?? -1];
  const event = {
    at: call ? returnedAt(call) : released.at,
    kind: 'released' as const,
    ...(call ? { call: call.index } : {}),
  };
  return [...events, event];
}

/** A close that a FIN or RST shows moves nothing by itself, but tells that nobody has the socket any more. */
function inOrder(segments: readonly SocketEvent[], calls: readonly SocketEvent[]): SocketEvent[] {
  const later = calls.map((event): SocketEvent => {
    if (event.kind !== 'released') return event;
    const shown = segments.find(
      (other) =>
        other.kind === 'left' &&
        other.at > event.at &&
        other.at <= event.at + returnSlack &&
        /[FR]/.test(other.passage.tcp?.flags ?? ''),
    );
    return shown ? { ...event, at: shown.at + 1 } : event;
  });
  const rank = (event: SocketEvent): number => ('passage' in event ? event.passage.number : Infinity);
  return [...segments, ...later].sort((a, b) => a.at - b.at || rank(a) - rank(b));
}

const finTimeoutOf = (host: string, { hosts }: Context['record']): Micros =>
  Number(hosts.find(({ name }) => name === host)?.sysctls['net.ipv4.tcp_fin_timeout'] ?? 60) * 1_000_000;

/** What calls know of a socket beyond its states. */
const known = (view: SocketView | undefined): Pick<SocketHistory, 'inode' | 'owners'> =>
  view ? { inode: view.inode, owners: view.owners } : { owners: [] };

function endHistory(conversation: Conversation, side: Side, context: Context): SocketHistory {
  const { host, endpoint } = conversation[side];
  const view = context.views.get(viewKey(conversation.index, side));
  const completedBy = side === 'responder' ? context.queues.completedBy.get(conversation.index) : undefined;
  const machine = newMachine(completedBy);
  const segments = segmentEvents(conversation, side, context.passages);
  const calls = view ? callEvents(view, context.calls, segments) : [];
  for (const event of inOrder(segments, calls)) happen(machine, event);
  end(machine, host, conversation.index, context);
  const { index } = conversation;
  return { host, side, local: endpoint, conversation: index, changes: machine.changes, ...known(view) };
}

function end(machine: Machine, host: string, conversation: number, { record, reused }: Context): void {
  expire(machine, {
    until: record.ended,
    reused: reused.get(conversation) ?? Infinity,
    finTimeout: finTimeoutOf(host, record),
  });
}

/** A listener is LISTEN from its listen call until nobody has it open; connections leave it there. */
function listenerHistory(socket: SocketView, listened: TracedCall, { calls, queues }: Context): SocketHistory {
  const changes: SocketHistory['changes'] = [{ at: listened.at, state: 'LISTEN', call: listened.index }];
  const stopped = socket.calls
    .map((index) => calls[index] as TracedCall)
    .find(({ name, args, result }) => name === 'shutdown' && args[1] !== 'SHUT_WR' && result === 0);
  const closed = stopped ? { at: stopped.at, call: stopped.index } : socket.released;
  if (closed) changes.push({ ...closed, state: 'CLOSED' });
  const local = socket.local ?? { address: '0.0.0.0', port: 0 };
  return { host: socket.host, side: 'listener', local, changes, ...known(socket), ...queues.ofListener.get(socket) };
}

/** A connect whose SYN never left, because nobody answered for the address (ARP): SYN-SENT until it gives up. */
function silentHistory(view: SocketView, local: Endpoint, { calls }: Context): SocketHistory {
  const machine = newMachine();
  for (const event of callEvents(view, calls, []).sort((a, b) => a.at - b.at)) happen(machine, event);
  return { host: view.host, side: 'initiator', local, changes: machine.changes, ...known(view) };
}

/** Where its datagrams came from, for a socket that was never bound by a call. */
function sourceOf(view: SocketView, { calls, passages }: Context): Endpoint | undefined {
  const sent = view.calls.flatMap((index) => calls[index]?.caused ?? []).map((number) => passages[number - 1]);
  const first = sent.find((passage) => passage?.udp);
  return first?.udp && { address: first.packet.ip?.source ?? '', port: first.udp.sourcePort };
}

/** A socket for datagrams has a peer or none; nothing that arrives changes that. */
function datagramHistory(view: SocketView, context: Context): SocketHistory {
  const own = view.calls.map((index) => context.calls[index] as TracedCall);
  const [first] = own;
  const connected = own.find(({ name, result }) => name === 'connect' && result === 0);
  const changes: SocketHistory['changes'] = [];
  if (first) changes.push({ at: first.at, state: 'UNCONN', call: first.index });
  if (connected) changes.push({ at: connected.at, state: 'ESTABLISHED', call: connected.index });
  if (view.released) changes.push({ ...view.released, state: 'CLOSED' });
  const local = view.local ?? sourceOf(view, context) ?? { address: '0.0.0.0', port: 0 };
  return { host: view.host, side: 'datagram', local, changes, ...known(view) };
}

const isSilent = (view: SocketView, calls: readonly TracedCall[]): boolean =>
  view.type === 'stream' &&
  view.conversation === undefined &&
  view.calls.some((index) => {
    const { name, errno, result } = calls[index] as TracedCall;
    return name === 'connect' && (errno === 'EHOSTUNREACH' || errno === 'ETIMEDOUT' || result === undefined);
  });

/** When each conversation's four-tuple was taken by the next one. */
function reuses(conversations: readonly Conversation[]): Map<number, Micros> {
  const latest = new Map<string, number>();
  const found = new Map<number, Micros>();
  for (const { initiator, responder, index, start } of conversations) {
    const key = [initiator, responder]
      .map(({ endpoint }) => endpointText(endpoint))
      .sort()
      .join(' ');
    const before = latest.get(key);
    if (before !== undefined) found.set(before, start);
    latest.set(key, index);
  }
  return found;
}

function viewsOf({ sockets }: TiedCalls): Map<string, SocketView> {
  const tiedTo = sockets.filter(({ conversation }) => conversation !== undefined);
  return new Map(
    tiedTo.map((view) => [viewKey(view.conversation ?? -1, view.fromInitiator ? 'initiator' : 'responder'), view]),
  );
}

/**
 * Histories of the listeners and datagram sockets that calls show, and of both ends of every conversation; ends that
 * moved nowhere, such as those of hosts that are not recorded, are left out.
 */
export function socketStates(
  conversations: readonly Conversation[],
  passages: readonly Passage[],
  tied: TiedCalls,
  record: Context['record'],
): SocketHistory[] {
  const queues = acceptQueues(conversations, passages, tied);
  const { calls } = tied;
  const context: Context = { passages, calls, queues, views: viewsOf(tied), reused: reuses(conversations), record };
  // A second listen() only sets another backlog (nginx does that).
  const listened = new Map<SocketView, TracedCall>();
  for (const [index, socket] of tied.socketOf) {
    const call = calls[index] as TracedCall;
    if (call.name === 'listen' && call.result === 0 && !listened.has(socket)) listened.set(socket, call);
  }
  const listeners = [...listened].map(([socket, call]) => listenerHistory(socket, call, context));
  const ends = conversations.flatMap((conversation) => [
    endHistory(conversation, 'initiator', context),
    endHistory(conversation, 'responder', context),
  ]);
  const silent = tied.sockets
    .filter((view) => isSilent(view, calls))
    .map((view) => silentHistory(view, view.local ?? { address: '0.0.0.0', port: 0 }, context));
  const datagrams = tied.sockets
    .filter((view) => view.type === 'datagram' && !isNoise(view))
    .map((view) => datagramHistory(view, context));
  return [...listeners, ...[...ends, ...silent, ...datagrams].filter(({ changes }) => changes.length > 0)];
}
