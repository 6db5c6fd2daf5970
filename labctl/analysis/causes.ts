// Which packets a system call sent on their way: connect its SYN, write its bytes, close its FIN or RST.

import type { Conversation, Passage, TracedCall } from '../model/report.ts';
import type { TiedCalls } from './call-ties.ts';
import { latestReturn, returnSlack } from './call-times.ts';
import { firstAt } from './first-at.ts';
import { bytesMoved, type SocketView, sends } from './sockets.ts';

/** What left one end of a conversation, first copies only; all in order of time. */
interface Outgoing {
  syns: Passage[];
  segments: Passage[];
  fin?: Passage;
  rst?: Passage;
  /** How many of `segments` are wholly accounted for by earlier calls. */
  told: number;
}

/** Never, for a call that had not when the recording ended; exit returns to nobody, and is over soon. */
const returnedAt = ({ at, took, name }: TracedCall): number =>
  name === 'exit_group' || name === 'exit' ? at + returnSlack : took === undefined ? Infinity : at + took;

/** An RST leaves while the call runs; beyond that it answers a packet, not a call. */
const rstSlack = 200;

function outgoing(conversation: Conversation, passages: readonly Passage[]): [Outgoing, Outgoing] {
  const ends: [Outgoing, Outgoing] = [
    { syns: [], segments: [], told: 0 },
    { syns: [], segments: [], told: 0 },
  ];
  for (const number of conversation.passages) {
    const passage = passages[number - 1];
    if (!passage?.tcp) continue;
    const { fromInitiator, meaning, length, repeats, flags } = passage.tcp;
    const end = ends[fromInitiator ? 0 : 1];
    if (meaning === 'syn') end.syns.push(passage);
    if (length > 0 && !repeats && meaning !== 'keep-alive') end.segments.push(passage);
    if (flags.includes('F')) end.fin ??= passage;
    if (flags.includes('R')) end.rst ??= passage;
  }
  return ends;
}

/** Segments that carry some of the bytes `from` up to `to` (relative sequence numbers). */
function carrying(end: Outgoing, from: number, to: number): Passage[] {
  const found: Passage[] = [];
  for (let place = end.told; place < end.segments.length; place++) {
    const passage = end.segments[place] as Passage;
    const start = passage.tcp?.relativeSeq ?? 0;
    const stop = start + (passage.tcp?.length ?? 0);
    if (start >= to) break;
    if (stop <= to) end.told = place + 1;
    if (stop > from) found.push(passage);
  }
  return found;
}

function sent(call: TracedCall, socket: SocketView, end: Outgoing): Passage[] {
  const bytes = bytesMoved(call);
  if (bytes <= 0) return [];
  // The SYN took sequence number 0, so the first byte has number 1.
  const from = 1 + socket.written;
  socket.written += bytes;
  return carrying(end, from, from + bytes);
}

const synsDuring = (call: TracedCall, { syns }: Outgoing): Passage[] =>
  syns.filter(({ at }) => at <= latestReturn(call));

/** The last call before the FIN that could end the sending side; an RST only while such a call runs. */
function closing(socket: SocketView, calls: readonly TracedCall[], { fin, rst }: Outgoing): void {
  const last = fin && socket.closers.map((index) => calls[index] as TracedCall).findLast(({ at }) => at <= fin.at);
  if (fin) last?.caused.push(fin.number);
  if (!rst) return;
  const during = socket.closers
    .map((index) => calls[index] as TracedCall)
    .findLast((call) => call.at <= rst.at && rst.at <= returnedAt(call) + rstSlack);
  during?.caused.push(rst.number);
}

/** Passages of UDP by sending host, in order of time, and a view on those that left during a call. */
function datagrams(passages: readonly Passage[]) {
  const byHost = new Map<string, Passage[]>();
  for (const passage of passages)
    if (passage.udp) {
      const list = byHost.get(passage.from);
      if (list) list.push(passage);
      else byHost.set(passage.from, [passage]);
    }
  return (call: TracedCall, socket: SocketView): Passage[] => {
    const list = byHost.get(call.host) ?? [];
    const peer = call.address ?? socket.peer;
    const found: Passage[] = [];
    for (let place = firstAt(list, ({ at }) => at >= call.at); place < list.length; place++) {
      const passage = list[place] as Passage;
      if (passage.at > returnedAt(call)) break;
      const same = passage.packet.ip?.destination === peer?.address && passage.udp?.destinationPort === peer?.port;
      if (same) found.push(passage);
    }
    return found;
  };
}

/** A listener that closes resets what still waits in its queue. */
function refusedByClosing(listener: SocketView, calls: readonly TracedCall[], resets: readonly Passage[]): void {
  const closed = calls[listener.closers.at(-1) ?? -1];
  if (!closed) return;
  for (const { from, packet, at, number } of resets) {
    const mine = from === listener.host && packet.tcp?.sourcePort === listener.local?.port;
    if (mine && at >= closed.at && at <= returnedAt(closed) + rstSlack && !closed.caused.includes(number))
      closed.caused.push(number);
  }
}

/** Fills `caused` of every call. Repetitions are the kernel's own doing and belong to no call. */
export function findCauses(
  tied: TiedCalls,
  conversations: readonly Conversation[],
  passages: readonly Passage[],
): void {
  const ends = conversations.map((conversation) => outgoing(conversation, passages));
  const during = datagrams(passages);
  const endOf = ({ conversation, fromInitiator }: SocketView): Outgoing | undefined =>
    conversation === undefined ? undefined : ends[conversation]?.[fromInitiator ? 0 : 1];
  const causedBy = (call: TracedCall, socket: SocketView): Passage[] => {
    const end = endOf(socket);
    if (end && call.name === 'connect') return synsDuring(call, end);
    if (!sends(call)) return [];
    if (end) return sent(call, socket, end);
    return socket.type === 'datagram' ? during(call, socket) : [];
  };
  for (const [index, socket] of tied.socketOf) {
    const call = tied.calls[index] as TracedCall;
    call.caused.push(...causedBy(call, socket).map(({ number }) => number));
  }
  const resets = passages.filter(({ tcp }) => tcp?.flags.includes('R'));
  for (const socket of tied.sockets) {
    const end = endOf(socket);
    if (end) closing(socket, tied.calls, end);
    if (socket.listening && resets.length > 0) refusedByClosing(socket, tied.calls, resets);
  }
}
