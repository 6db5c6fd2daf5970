// The ladder of a foreign capture: one capture point, so one time a row; the analysis in Wireshark's own words beside it.

import type { CaptureReport, CaptureRow, RowSegment } from '../model/capture-report.ts';
import { endpointText } from '../model/endpoint.ts';
import { flagText } from '../model/packet.ts';
import type { Passage } from '../model/report.ts';
import { namesOf } from '../model/tcp-analysis.ts';
import { analysisWords } from './analysis-words.ts';
import { passageComment, passageLabel } from './comments.ts';
import type { Ladder, LadderRow } from './ladder-rows.ts';
import type { Tone } from './style.ts';
import type { Words } from './words.ts';

/** Which lifelines a row connects; undefined for a frame without addresses. */
interface Ends {
  from: string;
  to: string;
}

/** Link addresses stand in only where `byLink`: hosts are told by their IP addresses. */
function endsOf({ packet, segment }: CaptureRow, byLink: boolean): Ends | undefined {
  const { ip, arp, link } = packet;
  if (ip) return { from: ip.source, to: ip.destination };
  if (arp) return { from: arp.senderAddress, to: arp.targetAddress };
  return segment === undefined && byLink && link ? { from: link.source, to: link.destination } : undefined;
}

const isByLink = ({ rows }: CaptureReport): boolean => rows.every(({ packet }) => !packet.ip && !packet.arp);

/** The packet as the one who saw it pass: it left when it was captured, and nobody knows more. */
const passageOf = ({ packet }: CaptureRow, { from, to }: Ends): Passage => ({
  number: packet.frame,
  at: packet.at,
  from,
  to,
  lost: false,
  packet,
  ...(packet.udp ? { udp: packet.udp } : {}),
  ...(packet.arp ? { arp: packet.arp } : {}),
  ...(packet.icmp ? { icmp: packet.icmp } : {}),
});

function segmentLabel({ bits, relativeSeq, relativeAck, length }: RowSegment, ports: string): string {
  const flags = flagText(bits & 0xff);
  const range = length > 0 ? `${relativeSeq}:${relativeSeq + length}` : `seq ${relativeSeq}`;
  const parts = [flags, ...(flags === '.' && length <= 0 ? [] : [range]), ...(bits & 16 ? [`ack ${relativeAck}`] : [])];
  return ports + parts.join(' ');
}

function segmentComment(row: CaptureRow, segment: RowSegment, words: Words): string {
  const bytes = segment.length > 0 ? [words.segment.data(segment.length, '')] : [];
  const quoted = segment.quoted ? [words.capture.quoted] : [];
  return [
    ...analysisWords(segment),
    ...quoted,
    ...bytes,
    ...(row.packet.undecoded && segment.length < 0 ? [row.packet.undecoded.why] : []),
  ].join('; ');
}

const bad = new Set([
  'retransmission',
  'lost_segment',
  'ack_lost_segment',
  'zero_window',
  'window_full',
  'out_of_order',
]);

function toneOf({ bits, flags }: RowSegment): Tone {
  if (bits & 4) return 'bad';
  if (namesOf(flags).some((name) => bad.has(name))) return 'warning';
  if (bits & 2) return 'open';
  return bits & 1 ? 'close' : 'plain';
}

interface Drawing {
  columns: string[];
  zero: number;
  byLink: boolean;
  words: Words;
  manyPorts: boolean;
}

function rowOf(row: CaptureRow, { columns, zero, byLink, words, manyPorts }: Drawing): LadderRow | undefined {
  const ends = endsOf(row, byLink);
  if (!ends) return undefined;
  const { packet, segment } = row;
  const passage = passageOf(row, ends);
  const { tcp } = packet;
  const ports = manyPorts && tcp ? `:${tcp.sourcePort} > :${tcp.destinationPort} ` : '';
  const around = { acknowledgesFin: false, gone: false };
  return {
    at: packet.at - zero,
    kind: 'arrow',
    number: packet.frame,
    from: columns.indexOf(ends.from),
    to: columns.indexOf(ends.to),
    sentAt: packet.at - zero,
    part: 'whole',
    lost: false,
    repetition: false,
    label: segment && !segment.quoted ? segmentLabel(segment, ports) : passageLabel(passage),
    comment: segment ? segmentComment(row, segment, words) : passageComment(passage, around, words),
    tone: segment ? toneOf(segment) : 'plain',
    states: [],
  };
}

/** The host of each lifeline, in order of appearance. */
export function captureHosts(report: CaptureReport): string[] {
  const byLink = isByLink(report);
  return [...new Set(report.rows.flatMap((row) => Object.values(endsOf(row, byLink) ?? {})))];
}

function columnOf(host: string, report: CaptureReport): Ladder['columns'][number] {
  const [only] = report.conversations;
  const end =
    report.conversation !== undefined && only ? [only.a, only.b].find(({ address }) => address === host) : undefined;
  return { host, endpoint: end ? endpointText(end) : '', manyPorts: false };
}

/** The rows as a ladder, with a mark where rows were left out. */
export function captureLadder(report: CaptureReport, words: Words): Ladder {
  const hosts = captureHosts(report);
  const zero = report.start ? report.start.seconds * 1e6 + Math.floor(report.start.nanoseconds / 1000) : 0;
  const manyPorts = report.conversation === undefined && report.streams > 1;
  const drawing: Drawing = { columns: hosts, zero, byLink: isByLink(report), words, manyPorts };
  const draw = (rows: CaptureRow[]): LadderRow[] =>
    rows.map((row) => rowOf(row, drawing)).filter((row) => row !== undefined);
  const { rows: omitted, after } = report.omitted;
  const first = draw(report.rows.slice(0, after));
  const last = draw(report.rows.slice(after));
  const mark: LadderRow[] = omitted === 0 ? [] : [{ at: first.at(-1)?.at ?? 0, kind: 'omitted', rows: omitted }];
  return {
    columns: hosts.map((host) => columnOf(host, report)),
    rows: [...first, ...mark, ...last],
    hidden: report.rows.length - first.length - last.length,
  };
}
