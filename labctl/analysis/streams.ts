// The bytes of a conversation, each way, as its segments carried them: what a program read and wrote, put together again.

import type { Conversation, Passage, Report } from '../model/report.ts';
import type { Micros } from '../model/time.ts';

/** A run of bytes that was there at some moment. */
interface Piece {
  at: Micros;
  /** How many bytes there were with it, from the first one on without a gap. */
  upTo: number;
  passage: Passage;
}

export interface Stream {
  bytes: Uint8Array;
  /** As the stream grew. */
  pieces: Piece[];
  /** Bytes that the capture did not keep, or that are missing: the stream cannot be compared. */
  torn: boolean;
  /** The FIN or RST that ended it. */
  end?: { at: Micros; flags: string; passage: Passage };
}

export interface Streams {
  /** As they arrived at the responder: what it can know. */
  asked: Stream;
  /** As they left the responder. */
  returned: Stream;
}

type Found = Pick<Report, 'passages'>;

/** Both directions of a conversation up to a moment, timed at the responder where that was captured. */
export function streamsOf({ passages }: Conversation, found: Found, until: Micros = Infinity): Streams {
  const segments = passages
    .flatMap((number) => found.passages[number - 1] ?? [])
    .filter(({ tcp, at }) => tcp && at < until);
  return {
    asked: streamOf(
      segments.filter(({ tcp, lost }) => tcp?.fromInitiator && !lost),
      ({ arrived, at }) => arrived?.at ?? at,
    ),
    returned: streamOf(
      segments.filter(({ tcp }) => tcp?.fromInitiator === false),
      ({ sent, at }) => sent?.at ?? at,
    ),
  };
}

function streamOf(segments: readonly Passage[], timeOf: (passage: Passage) => Micros): Stream {
  const byOffset = [...segments].sort((a, b) => offsetOf(a) - offsetOf(b));
  const chunks: Uint8Array[] = [];
  const pieces: Piece[] = [];
  let [length, torn] = [0, false];
  for (const passage of byOffset) {
    const { packet, tcp } = passage;
    const [offset, size] = [offsetOf(passage), tcp?.length ?? 0];
    if (size === 0 || offset + size <= length) continue;
    torn ||= offset > length || packet.payload.length < size;
    if (torn) break;
    chunks.push(packet.payload.subarray(length - offset, size));
    length = offset + size;
    pieces.push({ at: timeOf(passage), upTo: length, passage });
  }
  const last = segments.find(({ tcp }) => tcp && /[FR]/.test(tcp.flags));
  return {
    bytes: Buffer.concat(chunks),
    pieces,
    torn,
    ...(last ? { end: { at: timeOf(last), flags: last.tcp?.flags ?? '', passage: last } } : {}),
  };
}

/** SYN counts for one, so the first byte has the relative number 1. */
const offsetOf = ({ tcp }: Passage): number => (tcp?.relativeSeq ?? 1) - 1;

/** What is wrong with what came back; undefined where it is every byte, and none too early. */
export type Difference =
  | { kind: 'too-early'; at: Micros; returned: number; asked: number; passage: Passage }
  | { kind: 'missing'; from: number; of: number }
  /** All that came back was sent, but in between some did not come back. */
  | { kind: 'gaps'; from: number; lost: number }
  | { kind: 'more'; from: number }
  | { kind: 'order'; from: number }
  | { kind: 'changed'; from: number };

/** Compares what came back with what had been sent. */
export function differenceOf({ asked, returned }: Streams): Difference | undefined {
  const [sent, back] = [asked.bytes, returned.bytes];
  const early = tooEarly(asked, returned);
  const from = firstDifference(sent, back);
  // More than had come in answer to what came is an addition, not an answer before reading.
  if (early && (early.asked === 0 || from === undefined)) return early;
  if (from === undefined) return undefined;
  if (from === back.length) return { kind: 'missing', from, of: sent.length };
  if (isWithin(sent, back)) return { kind: 'more', from };
  if (isWithin(back, sent)) return { kind: 'gaps', from, lost: sent.length - back.length };
  const sameBytes = sent.length === back.length && Buffer.compare(sorted(sent), sorted(back)) === 0;
  return { kind: sameBytes ? 'order' : 'changed', from };
}

/** A byte can only be returned after it came: more bytes back than had arrived were made up. */
function tooEarly(asked: Stream, returned: Stream): (Difference & { kind: 'too-early' }) | undefined {
  for (const { at, upTo, passage } of returned.pieces) {
    const had = asked.pieces.findLast((piece) => piece.at <= at)?.upTo ?? 0;
    if (upTo > had) return { kind: 'too-early', at, returned: upTo, asked: had, passage };
  }
  return undefined;
}

function firstDifference(a: Uint8Array, b: Uint8Array): number | undefined {
  const shorter = Math.min(a.length, b.length);
  for (let place = 0; place < shorter; place += 1) if (a[place] !== b[place]) return place;
  return a.length === b.length ? undefined : shorter;
}

/** Whether the bytes are there in this order, with gaps. */
function isWithin(few: Uint8Array, many: Uint8Array): boolean {
  let found = 0;
  for (const byte of many) if (found < few.length && few[found] === byte) found += 1;
  return found === few.length;
}

const sorted = (bytes: Uint8Array): Uint8Array => Uint8Array.from(bytes).sort();
