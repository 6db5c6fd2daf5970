// Puts TCP passages together into conversations, as Wireshark's tcp.stream does, one passage at a time.

import { flagBits, flagText, type Tcp } from '../model/packet.ts';
import type { Conversation, Passage, SegmentPassage } from '../model/report.ts';
import { carry, type Direction, newDirection, relative } from './direction.ts';
import { flowKeys } from './flow-key.ts';
import { isLoopback } from './hosts.ts';
import { isKeepAlive, meaningOf, type SegmentInContext } from './meaning.ts';

/** A conversation while passages are still added to it. */
interface Live {
  conversation: Conversation;
  initiator: Direction;
  responder: Direction;
  reset: boolean;
  refused: boolean;
  /** When the latest SYN left, by the initiator's capture. */
  synLeft?: number;
}

/** Every combination written once: there is one to be named for every segment. */
const flagNames = Array.from({ length: 256 }, (_, flags) => flagText(flags));

const has = ({ flags }: Tcp, bit: number): boolean => (flags & bit) !== 0;
const isBareSyn = (header: Tcp): boolean => has(header, flagBits.syn) && !has(header, flagBits.ack);

/** The initiator is who sent the SYN; without one, who is seen first, unless that is a SYN-ACK (Wireshark's guess). */
function begin(passage: Passage, header: Tcp, index: number): Live {
  const source = { endpoint: endpointOf(passage, 'source', header.sourcePort), host: passage.from };
  const destination = { endpoint: endpointOf(passage, 'destination', header.destinationPort), host: passage.to };
  const answered = has(header, flagBits.syn) && has(header, flagBits.ack);
  const conversation: Conversation = {
    index,
    initiator: answered ? destination : source,
    responder: answered ? source : destination,
    start: passage.at,
    end: passage.at,
    bytes: { fromInitiator: 0, fromResponder: 0 },
    passages: [],
    handshake: {},
    closing: 'open',
  };
  return { conversation, initiator: newDirection(), responder: newDirection(), reset: false, refused: false };
}

const endpointOf = ({ packet }: Passage, end: 'source' | 'destination', port: number) => ({
  address: packet.ip?.[end] ?? '',
  port,
});

/** Wireshark's rule: bases come from the SYNs, else one before what is seen first, so that numbers begin at 1. */
function setBases(own: Direction, other: Direction, header: Tcp): void {
  own.base ??= has(header, flagBits.syn) ? header.seq : (header.seq - 1) >>> 0;
  if (has(header, flagBits.ack)) other.base ??= (header.ack - 1) >>> 0;
}

/** The same segment without its place: a segment's own numbers, relative ones added. */
function inContext(live: Live, header: Tcp, fromInitiator: boolean): SegmentInContext {
  const own = fromInitiator ? live.initiator : live.responder;
  const other = fromInitiator ? live.responder : live.initiator;
  setBases(own, other, header);
  const { handshake } = live.conversation;
  return {
    header,
    relativeSeq: relative(header.seq, own.base ?? 0, own.next),
    relativeAck: has(header, flagBits.ack) ? relative(header.ack, other.base ?? 0, other.next) : undefined,
    fromInitiator,
    own,
    other,
    accepted: handshake.synAck !== undefined,
    handshaken: handshake.ack !== undefined || (handshake.syn === undefined && handshake.synAck === undefined),
  };
}

/** Notes the sequence numbers that a segment occupies; gives what it repeats. */
function occupy(segment: SegmentInContext, passage: Passage): SegmentPassage['repeats'] {
  const { header, own, relativeSeq } = segment;
  const syn = has(header, flagBits.syn) ? 1 : 0;
  const fin = has(header, flagBits.fin) ? 1 : 0;
  const end = relativeSeq + header.length + syn + fin;
  if (has(header, flagBits.rst) || end === relativeSeq || isKeepAlive(segment)) return undefined;
  if (fin) own.fin ??= end - 1;
  const fresh = Math.max(0, end - fin - Math.max(relativeSeq, own.next));
  const before = carry(own, { start: relativeSeq, end, passage: passage.number, at: passage.at });
  own.bytes += before ? fresh : header.length;
  return before && { passage: before.passage, after: passage.at - before.at };
}

function noteAck({ own, other, relativeAck, header }: SegmentInContext, lost: boolean): void {
  if (relativeAck === undefined) return;
  own.lastAck = relativeAck;
  own.lastWindow = header.window;
  if (!lost) other.acked = Math.max(other.acked, relativeAck);
}

/** Wireshark's initial RTT: from the latest SYN to the ACK of the SYN-ACK, both at the initiator's own capture. */
function noteHandshake(live: Live, segment: SegmentInContext, passage: Passage): void {
  const { handshake } = live.conversation;
  const { header, fromInitiator } = segment;
  if (isBareSyn(header) && fromInitiator) {
    handshake.syn ??= passage.number;
    if (passage.sent) live.synLeft = passage.sent.at;
  } else if (has(header, flagBits.syn)) {
    handshake.synAck ??= passage.number;
  } else if (fromInitiator && segment.accepted && !segment.handshaken && has(header, flagBits.ack)) {
    if (has(header, flagBits.rst)) return;
    handshake.ack = passage.number;
    if (passage.sent && live.synLeft !== undefined) live.conversation.initialRtt = passage.sent.at - live.synLeft;
  }
}

function closingOf({ reset, refused, initiator, responder, conversation }: Live): Conversation['closing'] {
  const fins = [initiator.fin !== undefined, responder.fin !== undefined];
  if (refused) return 'refused';
  if (fins[0] && fins[1]) return 'fin-both';
  if (reset) return 'reset';
  if (fins[0]) return 'fin-initiator';
  if (fins[1]) return 'fin-responder';
  const silent = responder.base === undefined && conversation.handshake.syn !== undefined;
  return silent ? 'no-answer' : 'open';
}

const isFromInitiator = ({ conversation: { initiator } }: Live, { packet }: Passage, header: Tcp): boolean =>
  header.sourcePort === initiator.endpoint.port && packet.ip?.source === initiator.endpoint.address;

function sackOf(
  { options }: Tcp,
  { initiator, responder }: Live,
  fromInitiator: boolean,
): Pick<SegmentPassage, 'sack'> {
  const other = fromInitiator ? responder : initiator;
  const place = (edge: number): number => relative(edge, other.base ?? 0, other.next);
  const blocks = options.sack?.map(({ left, right }) => ({ left: place(left), right: place(right) }));
  return blocks ? { sack: blocks } : {};
}

function add(live: Live, passage: Passage, header: Tcp): void {
  const { conversation } = live;
  const fromInitiator = isFromInitiator(live, passage, header);
  const segment = inContext(live, header, fromInitiator);
  const meaning = meaningOf(segment);
  const repeats = occupy(segment, passage);
  passage.tcp = {
    header,
    conversation: conversation.index,
    fromInitiator,
    relativeSeq: segment.relativeSeq,
    ...(segment.relativeAck === undefined ? {} : { relativeAck: segment.relativeAck }),
    flags: flagNames[header.flags & 0xff] ?? '',
    length: header.length,
    ...sackOf(header, live, fromInitiator),
    meaning,
    ...(repeats ? { repeats } : {}),
  };
  noteHandshake(live, segment, passage);
  noteAck(segment, passage.lost);
  live.refused ||= meaning === 'rst-refused';
  live.reset ||= meaning === 'rst';
  conversation.passages.push(passage.number);
  conversation.end = Math.max(conversation.end, passage.arrived?.at ?? passage.at);
}

/** A SYN with an initial sequence number of its own is a new conversation on an old four-tuple. */
function beginsAnew(live: Live, passage: Passage, header: Tcp): boolean {
  const { base } = isFromInitiator(live, passage, header) ? live.initiator : live.responder;
  return isBareSyn(header) && base !== undefined && base !== header.seq;
}

export interface ConversationFollower {
  /** Passages in order of time; a TCP one gets its `tcp`: relative numbers, meaning, what it repeats. */
  add(passage: Passage): void;
  /** The conversations so far, in order of their first packet. */
  conversations(): Conversation[];
}

/** Follows the conversations of a run while it goes on. */
export function conversationFollower(): ConversationFollower {
  const current = new Map<number, Live>();
  const all: Live[] = [];
  const keyOf = flowKeys();
  const follow = (passage: Passage): void => {
    const { tcp: header, ip } = passage.packet;
    if (!header || !ip) return;
    const scope = isLoopback(ip.source) ? passage.from : '';
    const source = { address: ip.source, port: header.sourcePort };
    const destination = { address: ip.destination, port: header.destinationPort };
    const key = Math.min(keyOf(scope, source, destination), keyOf(scope, destination, source));
    let live = current.get(key);
    if (!live || beginsAnew(live, passage, header)) {
      live = begin(passage, header, all.length);
      current.set(key, live);
      all.push(live);
    }
    add(live, passage, header);
  };
  return { add: follow, conversations: () => all.map(finish) };
}

/** The conversations of a whole run in order of their first packet; see `ConversationFollower.add`. */
export function followConversations(passages: readonly Passage[]): Conversation[] {
  const follower = conversationFollower();
  for (const passage of passages) follower.add(passage);
  return follower.conversations();
}

function finish(live: Live): Conversation {
  const { conversation, initiator, responder } = live;
  conversation.bytes = { fromInitiator: initiator.bytes, fromResponder: responder.bytes };
  conversation.closing = closingOf(live);
  return conversation;
}
