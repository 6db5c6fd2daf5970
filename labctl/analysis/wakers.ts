// Which packet a waiting call waited for: connect the answer, accept the handshake's end, a read its last byte or its
// datagram.

import type { Conversation, Passage, TracedCall } from '../model/report.ts';
import type { TiedCalls } from './call-ties.ts';
import { firstAt } from './first-at.ts';
import { acceptCalls, bytesMoved, receives, type SocketView } from './sockets.ts';

/** From this passage's arrival on, a program can read up to this relative sequence number. */
interface Delivery {
  upTo: number;
  passage: Passage;
}

/** Where a segment's bytes begin and end; a FIN counts one, as it does for acknowledgments. */
function stretch({ tcp }: Passage): { start: number; end: number } {
  const start = tcp?.relativeSeq ?? 0;
  return { start, end: start + (tcp?.length ?? 0) + (tcp?.flags.includes('F') ? 1 : 0) };
}

/** What one direction delivered in order, whatever the order of arrival (RFC 9293, section 3.10.7.4). */
function deliveries(arrivals: readonly Passage[]): Delivery[] {
  const delivered: Delivery[] = [];
  let next = 1;
  let early: { start: number; end: number }[] = [];
  for (const passage of arrivals) {
    const before = next;
    early.push(stretch(passage));
    early.sort((a, b) => a.start - b.start);
    for (const { start, end } of early) if (start <= next) next = Math.max(next, end);
    early = early.filter(({ end }) => end > next);
    if (next > before) delivered.push({ upTo: next, passage });
  }
  return delivered;
}

function arrivalsOf(conversation: Conversation, passages: readonly Passage[], fromInitiator: boolean): Passage[] {
  const arrived = conversation.passages.flatMap((number) => {
    const passage = passages[number - 1];
    const counts = passage?.arrived && passage.tcp?.fromInitiator === fromInitiator;
    return passage && counts && stretch(passage).end > Math.max(1, stretch(passage).start) ? [passage] : [];
  });
  return arrived.sort((a, b) => (a.arrived?.at ?? 0) - (b.arrived?.at ?? 0));
}

/** Follows the reads of every socket through what its conversation delivered. */
function readings(passages: readonly Passage[]) {
  const followed = new Map<SocketView, { list: Delivery[]; read: number }>();
  return (call: TracedCall, socket: SocketView, conversation: Conversation): Passage | undefined => {
    const known = followed.get(socket) ?? {
      list: deliveries(arrivalsOf(conversation, passages, !socket.fromInitiator)),
      read: 1,
    };
    followed.set(socket, known);
    if (call.result === undefined || call.result < 0) return undefined;
    const end = known.read + bytesMoved(call);
    const wanted = call.result === 0 ? end + 1 : end;
    // Bytes that are only looked at are read once more.
    if (!call.args.some((text) => text.includes('MSG_PEEK'))) known.read = end;
    return known.list[firstAt(known.list, ({ upTo }) => upTo >= wanted)]?.passage;
  };
}

/** A datagram is read whole, and in order of arrival: the n-th read from a sender took the n-th that arrived from it. */
function datagramReadings(passages: readonly Passage[]) {
  const unread = new Map<string, Passage[]>();
  const arrived = passages.filter((passage) => passage.udp && passage.arrived);
  for (const passage of arrived.toSorted((a, b) => (a.arrived?.at ?? 0) - (b.arrived?.at ?? 0))) {
    const { packet, udp, to } = passage;
    const key = `${to} ${packet.ip?.source} ${udp?.sourcePort} ${udp?.destinationPort}`;
    unread.set(key, [...(unread.get(key) ?? []), passage]);
  }
  return (call: TracedCall, { peer, local }: SocketView): Passage | undefined => {
    const sender = call.address ?? peer;
    if (!sender || (call.result ?? -1) < 0 || !receives(call)) return undefined;
    const from = `${call.host} ${sender.address} ${sender.port} `;
    const key = local ? `${from}${local.port}` : [...unread.keys()].find((each) => each.startsWith(from));
    const waiting = unread.get(key ?? '') ?? [];
    if (call.args.some((text) => text.includes('MSG_PEEK'))) return waiting[0];
    // The first of many is what it waited for.
    const [first] = waiting.splice(0, call.name === 'recvmmsg' ? call.result : 1);
    return first;
  };
}

function answerTo({ passages: numbers, handshake }: Conversation, passages: readonly Passage[]): Passage | undefined {
  const refusal = numbers.find((number) => passages[number - 1]?.tcp?.meaning === 'rst-refused');
  return passages[(handshake.synAck ?? refusal ?? 0) - 1];
}

/** The passage that made each waiting call return, by the call's index, as far as it is known. */
export function findWakers(
  tied: TiedCalls,
  conversations: readonly Conversation[],
  passages: readonly Passage[],
): Map<number, Passage> {
  const wakers = new Map<number, Passage>();
  const readBy = readings(passages);
  const takenBy = datagramReadings(passages);
  const wakerOf = (call: TracedCall, socket: SocketView, conversation: Conversation): Passage | undefined => {
    if (call.name === 'connect') return answerTo(conversation, passages);
    if (acceptCalls.has(call.name)) return passages[(conversation.handshake.ack ?? 0) - 1];
    return receives(call) ? readBy(call, socket, conversation) : undefined;
  };
  for (const [index, socket] of tied.socketOf) {
    const conversation = conversations[socket.conversation ?? -1];
    const call = tied.calls[index] as TracedCall;
    const waker =
      socket.type === 'datagram' ? takenBy(call, socket) : conversation && wakerOf(call, socket, conversation);
    if (waker?.arrived) wakers.set(index, waker);
  }
  return wakers;
}
