// Packets as scenarios write them, in the notation of tcpdump and packetdrill. This file is where that notation is defined:
//
//   client1 > server.5000 S                      a TCP segment; flags as tcpdump prints them: S S. . P. F. R R.
//   server.5000 > client1 P. length >0           with so many bytes of payload: length 6, length >0
//   client1@lab > server@lab.5000 .              by the host's address on that network; * is any host or port
//   client1 > server S lost                      it left its sender and never arrived
//   client1 > server S again after 1s ±20%       it carries again what was sent so long before (a quarter off unless told)
//   server > client1 . zero_window               what Wireshark calls it: tcp.analysis.zero_window, …
//   +200ms ±50ms server > client1 P. length >0   so long after the packet above it; also +<1s and +>1s
//   client1 > server.5000 UDP, length 5          a UDP datagram
//   server > client1 ICMP udp port 5000 unreachable
//   ARP, Request who-has server tell client1     and: ARP, Reply server is-at
//
// tcpdump(8), "OUTPUT FORMAT", has all but the networks, `lost`, `again` and the times.

import { type EndPattern, type Parsed, parseEnd, present } from './notation.ts';
import { type AnalysisName, analysisNames } from './tcp-analysis.ts';
import { parseTimeRange, type TimeRange } from './time-range.ts';

/** Bytes of payload: exactly `value`, or more than it. */
export interface LengthPattern {
  relation: '=' | '>';
  value: number;
}

interface EveryPattern {
  source: EndPattern;
  destination: EndPattern;
  /** Microseconds since the packet before it in the list. */
  since?: TimeRange;
  length?: LengthPattern;
  /** It never arrived; it carries again what was sent before. */
  fate?: 'lost' | 'again';
}

/** `client1 > server.5000 S`: who sends to whom, with which flags. */
export interface SegmentPattern extends EveryPattern {
  protocol: 'tcp';
  /** As tcpdump prints them: `S`, `S.`, `.`, `P.`, `F.`, `R.`. */
  flags: string;
  /** All that Wireshark's analysis must call it. */
  names?: AnalysisName[];
  /** Microseconds since what it repeats. */
  after?: TimeRange;
}

/** `client1 > server.5000 UDP, length 5`. */
export interface DatagramPattern extends EveryPattern {
  protocol: 'udp';
}

/** `server > client1 ICMP udp port 5000 unreachable`; no message: any. */
export interface IcmpPattern extends EveryPattern {
  protocol: 'icmp';
  message?: string;
}

/** `ARP, Request who-has server tell client1`: from whom asks to whom is asked for; a reply the other way. */
export interface ArpPattern extends EveryPattern {
  protocol: 'arp';
  operation: 'request' | 'reply';
}

export type PacketPattern = SegmentPattern | DatagramPattern | IcmpPattern | ArpPattern;

const flagOrder = ['F', 'S', 'R', 'P', '.', 'U', 'E', 'W'];

function wrongFlags(flags: string): string | undefined {
  if (flags === 'none') return undefined;
  const unknown = Array.from(flags).find((letter) => !flagOrder.includes(letter));
  if (unknown !== undefined) return `unknown flag "${unknown}" in "${flags}": tcpdump writes S S. . P. F. R R.`;
  const ordered = flagOrder.filter((letter) => flags.includes(letter)).join('');
  return ordered === flags ? undefined : `flags "${flags}" are written "${ordered}" by tcpdump`;
}

const packetForm =
  'a packet is written like "client1 > server.5000 S", "server.5000 > client1 P. length >0" or "client1 > server.5000 UDP"';

/** The time before a packet, its two ends, and the words behind. */
const line = /^\s*(?:\+\s*([^\s±+]+(?:\s*(?:±|\+\/-)\s*\S+)?)\s+)?(\S+)\s+>\s+(\S+)\s+(\S.*?)\s*$/;
const lengthText = String.raw`(?:,?\s+length\s+(>?)\s*(\d{1,9}))?`;
const segmentText = new RegExp(
  String.raw`^(\S+?)${lengthText}((?:\s+[a-z]+(?:_[a-z]+)+|\s+retransmission)*)(?:\s+(lost|again)(?:\s+after\s+(\S.*))?)?$`,
);
const datagramText = new RegExp(`^UDP${lengthText}(?:\\s+(lost))?$`);
const icmpText = /^ICMP(?:,?\s+(\S.*?))?(?:\s+(lost))?$/;
const arpText = /^\s*ARP,?\s+(?:(Request)\s+who-has\s+(\S+)\s+tell\s+(\S+)|(Reply)\s+(\S+)\s+is-at)\s*$/;

const lengthOf = (relation: string | undefined, size: string | undefined): LengthPattern | undefined =>
  size === undefined ? undefined : { relation: relation === '>' ? '>' : '=', value: Number(size) };

/** ICMP messages of RFC 792 and RFC 4443 that hosts send, in tcpdump's words without the addresses. */
const icmpMessage =
  /^(?:(?:udp|tcp) port \d{1,5} unreachable|(?:net|host|protocol) unreachable|admin prohibited|fragmentation needed|time exceeded|echo request|echo reply)$/;

type Ends = Pick<EveryPattern, 'source' | 'destination' | 'since'>;

function parseSegment(ends: Ends, text: string): Parsed<PacketPattern> {
  const match = segmentText.exec(text);
  if (match === null) return { wrong: packetForm };
  const [, flags = '', relation, size, said = '', fate, time] = match;
  const wrong = wrongFlags(flags);
  if (wrong !== undefined) return { wrong };
  const words = said.split(/\s+/).filter(Boolean);
  const unknown = words.find((word) => !analysisNames.some((name) => name === word));
  if (unknown !== undefined) return { wrong: `unknown name "${unknown}"; names: ${analysisNames.join(', ')}` };
  const names = words.length === 0 ? undefined : (words as AnalysisName[]);
  const after = time === undefined ? undefined : parseTimeRange(time);
  if (after && 'wrong' in after) return { wrong: `a repetition is written like "again after 200ms": ${after.wrong}` };
  if (after && fate !== 'again')
    return { wrong: `a repetition is written like "again after ${time}", and not "lost after ${time}"` };
  const parts = {
    flags,
    length: lengthOf(relation, size),
    names,
    fate: fate as EveryPattern['fate'],
    after: after?.value,
  };
  return { value: present({ protocol: 'tcp' as const, ...ends, ...parts }) };
}

function parseDatagram(ends: Ends, text: string): Parsed<PacketPattern> {
  const match = datagramText.exec(text);
  if (match === null) return { wrong: 'a datagram is written like "client1 > server.5000 UDP, length 5"' };
  const [, relation, size, fate] = match;
  const parts = { length: lengthOf(relation, size), fate: fate as EveryPattern['fate'] };
  return { value: present({ protocol: 'udp' as const, ...ends, ...parts }) };
}

function parseIcmp(ends: Ends, text: string): Parsed<PacketPattern> {
  const [, message, fate] = icmpText.exec(text) ?? [];
  if (message !== undefined && !icmpMessage.test(message))
    return {
      wrong: `"${message}" is no ICMP message: "udp port 5000 unreachable", "host unreachable", "echo request", …`,
    };
  return { value: present({ protocol: 'icmp' as const, ...ends, message, fate: fate as EveryPattern['fate'] }) };
}

function parseArp(text: string, since: TimeRange | undefined): Parsed<PacketPattern> {
  const [, request, wanted = '', teller = '', , replier = ''] = arpText.exec(text) ?? [];
  if (request === undefined && replier === '')
    return { wrong: 'ARP is written like "ARP, Request who-has server tell client1" or "ARP, Reply server is-at"' };
  const source = parseEnd(request ? teller : replier);
  const destination = parseEnd(request ? wanted : '*');
  if ('wrong' in source) return source;
  if ('wrong' in destination) return destination;
  const operation = request ? ('request' as const) : ('reply' as const);
  return {
    value: present({
      protocol: 'arp' as const,
      source: source.value,
      destination: destination.value,
      since,
      operation,
    }),
  };
}

/** Reads one line of the notation that is defined above. Never throws. */
export function parsePacketPattern(text: string): Parsed<PacketPattern> {
  const [, arpTime, arp] = /^\s*(?:\+\s*(.*?)\s+)?(ARP\b.*)$/.exec(text) ?? [];
  const [, packetTime, from = '', to = '', what = ''] = line.exec(text) ?? [];
  if (arp === undefined && what === '') return { wrong: packetForm };
  const time = arp === undefined ? packetTime : arpTime;
  const since = time === undefined ? undefined : parseTimeRange(time);
  if (since && 'wrong' in since)
    return { wrong: `a time is written like "+200ms ±50ms client1 > server S": ${since.wrong}` };
  if (arp !== undefined) return parseArp(arp, since?.value);
  const source = parseEnd(from);
  if ('wrong' in source) return source;
  const destination = parseEnd(to);
  if ('wrong' in destination) return destination;
  const ends = present({ source: source.value, destination: destination.value, since: since?.value });
  if (/^UDP\b/.test(what)) return parseDatagram(ends, what);
  return /^ICMP\b/.test(what) ? parseIcmp(ends, what) : parseSegment(ends, what);
}
