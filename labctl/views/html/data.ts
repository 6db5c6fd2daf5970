// What a report page carries for its script: rows, packets with their bytes, calls, conversations and tracks, as plain JSON.

import { endpointText } from '../../model/endpoint.ts';
import type { Tracks } from '../../model/instant.ts';
import type { Language } from '../../model/language.ts';
import type { Passage, Report, Sighting } from '../../model/report.ts';
import { callText, resultText } from '../call-text.ts';
import type { LadderColumn } from '../ladder-columns.ts';
import type { Ladder, LadderRow } from '../ladder-rows.ts';

export interface PageSighting {
  /** `client1/eth0`. */
  point: string;
  frame: number;
  /** Microseconds since the ladder's zero. */
  at: number;
}

export interface PagePacket {
  number: number;
  from: string;
  to: string;
  sent?: PageSighting;
  arrived?: PageSighting;
  lost: boolean;
  wireLength: number;
  linkType?: number;
  /** Base64; of a long frame in a long run the beginning alone. */
  bytes?: string;
  /** Addresses and ports, as far as it has them: what filters look for. */
  ends: string[];
  flags?: string;
  seq?: number;
  ack?: number;
  length?: number;
  undecoded?: string;
}

export interface PageCall {
  program: string;
  host: string;
  pid: number;
  number: number;
  name: string;
  /** As strace printed it, arguments and all. */
  text: string;
  result: string;
  took?: number;
  line?: string;
  caused: number[];
}

export interface PageConversation {
  /** 0-based. */
  index: number;
  initiator: string;
  responder: string;
  /** Heads of the two hosts' columns while it is alone. */
  endpoints: { host: string; endpoint: string }[];
}

export interface PageData {
  language: Language;
  columns: LadderColumn[];
  rows: LadderRow[];
  /** By number, from 1; holes where a packet has no row. */
  packets: Record<number, PagePacket>;
  /** By index, those that have rows. */
  calls: Record<number, PageCall>;
  conversations: PageConversation[];
  tracks: Tracks;
}

/** All bytes of all frames together, in a page that still opens at once. */
const byteBudget = 3_000_000;
const [fewest, most] = [160, 4096];

const base64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');

const sightingOf = (seen: Sighting | undefined, zero: number): PageSighting | undefined =>
  seen && { point: `${seen.point.host}/${seen.point.interface}`, frame: seen.frame, at: seen.at - zero };

function packetOf(passage: Passage, zero: number, longest: number): PagePacket {
  const { number, from, to, sent, arrived, lost, packet, tcp, udp } = passage;
  const ports = tcp?.header ?? udp;
  const end = (address: string | undefined, port: number | undefined): string[] =>
    address === undefined ? [] : [port === undefined ? address : endpointText({ address, port })];
  return {
    ...{ number, from, to, lost },
    sent: sightingOf(sent, zero),
    arrived: sightingOf(arrived, zero),
    wireLength: packet.wireLength,
    linkType: packet.linkType,
    bytes: packet.bytes && base64(packet.bytes.subarray(0, longest)),
    ends: [...end(packet.ip?.source, ports?.sourcePort), ...end(packet.ip?.destination, ports?.destinationPort)],
    ...(tcp ? { flags: tcp.flags, seq: tcp.relativeSeq, ack: tcp.relativeAck, length: tcp.length } : {}),
    undecoded: packet.undecoded && `${packet.undecoded.layer}: ${packet.undecoded.why}`,
  };
}

function callEntry(report: Report, index: number): [number, PageCall][] {
  const call = report.calls[index];
  if (call === undefined) return [];
  const { program, host, pid, number, name, args, took, line, caused } = call;
  const result = resultText(call);
  const shown: PageCall = {
    ...{ program, host, pid, number, name, took, caused, result },
    text: args.length > 0 ? `${name}(${args.join(', ')})` : callText(call),
    line: line && `${line.file}:${line.line}${line.function === undefined ? '' : ` ${line.function}()`}`,
  };
  return [[index, shown]];
}

/** Everything for the page's script. `ladder` is the whole one. */
export function pageData(report: Report, ladder: Ladder, tracks: Tracks, zero: number, language: Language): PageData {
  const numbers = ladder.rows.flatMap((row) => (row.kind === 'arrow' ? [row.number] : []));
  const shown = [...new Set(numbers)].flatMap((number) => report.passages[number - 1] ?? []);
  const longest = Math.min(most, Math.max(fewest, Math.floor(byteBudget / Math.max(1, shown.length))));
  const calls = ladder.rows.flatMap((row) => (row.kind === 'note' && row.call !== undefined ? [row.call] : []));
  return {
    language,
    columns: ladder.columns,
    // The page marks pauses itself: which there are depends on what is left out.
    rows: ladder.rows.filter(({ kind }) => kind !== 'gap'),
    packets: Object.fromEntries(shown.map((passage) => [passage.number, packetOf(passage, zero, longest)])),
    calls: Object.fromEntries([...new Set(calls)].flatMap((index) => callEntry(report, index))),
    conversations: report.conversations.map(({ index, initiator, responder }) => ({
      index,
      initiator: `${initiator.host} ${endpointText(initiator.endpoint)}`,
      responder: `${responder.host} ${endpointText(responder.endpoint)}`,
      endpoints: [initiator, responder].map(({ host, endpoint }) => ({ host, endpoint: endpointText(endpoint) })),
    })),
    tracks,
  };
}

/** Read as data, never as script: nothing in it can end the element that holds it. */
export const dataText = (data: PageData): string =>
  JSON.stringify(data).replace(
    /[<>&\u2028\u2029]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
