// What a packet means, in words: the right margin of the ladder.

import type { Passage, SegmentMeaning, SegmentPassage } from '../model/report.ts';
import { analysisWords } from './analysis-words.ts';
import { durationText } from './format.ts';
import { frameList } from './frames.ts';
import type { Words } from './words.ts';

/** What the neighbours of a segment must tell, so that its words are right. */
export interface Surroundings {
  initialRtt?: number;
  /** The endpoint that is asked for, where the host's name does not say it. */
  asked?: string;
  /** It acknowledges the FIN of the other end. */
  acknowledgesFin: boolean;
  /** Its sender's socket was closed before. */
  gone: boolean;
}

const longestPayload = 26;
const decoder = new TextDecoder('utf-8');

/** The beginning of a payload as a quoted string; nothing where it is not text. */
function payloadText(payload: Uint8Array, length: number): string {
  const text = decoder.decode(payload.subarray(0, length));
  if (text === '' || text.includes('\ufffd')) return '';
  const short = text.length > longestPayload ? `${text.slice(0, longestPayload - 1)}…` : text;
  return `"${short.replace(/\r/g, '\\r').replace(/\n/g, '\\n').replace(/\t/g, '\\t')}"`;
}

function acknowledgment({ segment, passage: { from }, around, words }: SegmentContext): string {
  if (around.acknowledgesFin) return words.segment.finAck;
  return (segment.relativeAck ?? 0) > 1
    ? words.segment.ack(from, (segment.relativeAck ?? 0) - 1)
    : words.segment.bareAck;
}

const together = (texts: readonly string[], { segment }: Words): string =>
  texts.length === 0 ? '' : texts.reduce((first, second) => segment.and(first, second));

/**
 * What an acknowledgment says beside its number: SACK blocks, of which those below it came twice, and a first one within
 * the second (D-SACK, RFC 2883, section 4).
 */
function withDetails(text: string, { segment, words }: SegmentContext): string {
  const { sack = [], relativeAck = 0, header } = segment;
  const textOf = (blocks: typeof sack): string => blocks.map(({ left, right }) => `${left}:${right}`).join(' ');
  const [first, second] = sack;
  const within = first && second && first.left >= second.left && first.right <= second.right;
  const isTwice = (block: (typeof sack)[number]): boolean =>
    block.right <= relativeAck || (block === first && within === true);
  const [twice, beyond] = [sack.filter(isTwice), sack.filter((block) => !isTwice(block))];
  const texts = [
    beyond.length > 0 ? words.segment.has(text, textOf(beyond)) : text,
    ...(twice.length > 0 ? [words.segment.hadTwice(textOf(twice))] : []),
    ...(header.window === 0 ? [words.segment.noRoom] : []),
  ];
  return together(texts, words);
}

interface SegmentContext {
  segment: SegmentPassage;
  passage: Passage;
  around: Surroundings;
  words: Words;
}

const rttText = ({ initialRtt }: Surroundings): string | undefined =>
  initialRtt === undefined ? undefined : durationText(initialRtt);

const dataText = ({ words, segment, passage }: SegmentContext): string =>
  words.segment.data(segment.length, payloadText(passage.packet.payload, segment.length));

/** A FIN may come with the last bytes. */
const afterData = (context: SegmentContext, text: string): string =>
  context.segment.length === 0 ? text : context.words.segment.and(text, dataText(context));

const segmentComments: Record<SegmentMeaning, (context: SegmentContext) => string> = {
  syn: ({ words, passage, around }) => words.segment.syn(passage.from, around.asked),
  'syn-ack': ({ words, passage }) => words.segment.synAck(passage.from),
  'handshake-ack': ({ words, around }) => words.segment.handshakeAck(rttText(around)),
  data: dataText,
  ack: (context) => withDetails(acknowledgment(context), context),
  'duplicate-ack': (context) =>
    withDetails(context.words.segment.duplicateAck(context.segment.relativeAck ?? 0), context),
  fin: (context) => afterData(context, context.words.segment.fin(context.passage.from)),
  'fin-ack': (context) => afterData(context, context.words.segment.finBoth(context.passage.from)),
  'last-ack': ({ words }) => words.segment.lastAck,
  'rst-refused': ({ words }) => words.segment.refused,
  rst: ({ words, passage, around }) =>
    around.gone ? words.segment.gone(passage.from) : words.segment.reset(passage.from),
  'window-update': (context) =>
    context.segment.header.window === 0
      ? context.words.segment.noRoom
      : withDetails(context.words.segment.windowUpdate(context.passage.from), context),
  'window-probe': ({ words, passage }) => words.segment.windowProbe(passage.from),
  'keep-alive': ({ words, passage }) => words.segment.keepAlive(passage.to),
  other: () => '',
};

/** ICMP and ICMPv6 types by RFC 792 and RFC 4443; nothing for the others. */
function icmpComment({ icmp }: Passage, words: Words): string {
  const key = `${icmp?.version}/${icmp?.type}`;
  if (key === '4/3' && icmp?.code === 3) return words.segment.portUnreachable;
  if (key === '6/1' && icmp?.code === 4) return words.segment.portUnreachable;
  if (key === '4/3' || key === '6/1') return words.segment.unreachable;
  if (key === '4/8' || key === '6/128') return words.segment.echo;
  return key === '4/0' || key === '6/129' ? words.segment.echoReply : '';
}

function otherComment(passage: Passage, words: Words): string {
  const { arp, udp, packet } = passage;
  if (packet.undecoded) return words.segment.undecoded(packet.undecoded.layer, packet.undecoded.why);
  if (udp) return words.segment.datagram(udp.length, payloadText(packet.payload, udp.length));
  if (arp?.operation === 'request') return words.segment.arp(arp.targetAddress);
  if (arp) return words.segment.arpReply(arp.senderAddress, packet.link?.source ?? '?');
  return icmpComment(passage, words);
}

/** `#4 again, after 203.7 ms: tail loss probe (TCPLossProbes +1)`: what is repeated, and why where that is proven. */
function repetition({ passage, after, why }: NonNullable<SegmentPassage['repeats']>, { segment }: Words): string {
  const again = segment.again(passage, durationText(after));
  if (!why) return again;
  const asked = why.duplicateAcks?.length ? `, ${segment.duplicateAcks(frameList(why.duplicateAcks))}` : '';
  const proof = `${why.counter.replace(/^TcpExt/, '')} +${why.rose}`;
  return segment.because(again, segment.cause[why.cause], proof) + asked;
}

/** The meaning of one packet: a repetition names its original first, a loss is said first. */
export function passageComment(passage: Passage, around: Surroundings, words: Words): string {
  const { tcp } = passage;
  const repeats = tcp?.repeats ? [repetition(tcp.repeats, words)] : [];
  const taken = passage.takenBy && words.segment.takenBy(passage.takenBy.rule, passage.takenBy.matched);
  const late = passage.overtakenBy === undefined ? [] : [words.segment.overtaken(passage.overtakenBy)];
  const lost = passage.lost ? [taken ?? words.segment.lost] : [];
  const meaning =
    repeats.length > 0
      ? []
      : [tcp ? segmentComments[tcp.meaning]({ segment: tcp, passage, around, words }) : otherComment(passage, words)];
  const own = together([...lost, ...repeats, ...meaning, ...late].filter(Boolean), words);
  const { finding } = passage.packet;
  return [...(finding ? analysisWords(finding) : []), own].filter(Boolean).join('; ');
}

const range = ({ relativeSeq, length }: SegmentPassage): string =>
  length > 0 ? `${relativeSeq}:${relativeSeq + length}` : `seq ${relativeSeq}`;

/** The segment as tcpdump would name it: `P. 1:9 ack 1`. A pure ACK's sequence number says nothing new and is left out. */
function segmentLabel(segment: SegmentPassage): string {
  const pureAck = segment.flags === '.' && segment.length === 0;
  const ack = segment.relativeAck === undefined ? [] : [`ack ${segment.relativeAck}`];
  return [segment.flags, ...(pureAck ? [] : [range(segment)]), ...ack].join(' ');
}

/** The text in the arrow of any packet. */
export function passageLabel({ tcp, udp, arp, icmp, packet }: Passage): string {
  if (tcp) return segmentLabel(tcp);
  if (udp) return `UDP :${udp.sourcePort} > :${udp.destinationPort}`;
  if (arp) return `ARP ${arp.operation}`;
  if (icmp) return `ICMP${icmp.version === 6 ? 'v6' : ''} ${icmp.type}/${icmp.code}`;
  return packet.undecoded?.layer ?? `IP ${packet.ip?.protocol ?? '?'}`;
}
