// A capture for machines: one line of JSON for every packet, or for every TCP conversation.

import { type ConversationCount, duplicateAck, namesOf, type SegmentFacts } from '../model/tcp-analysis.ts';
import { ByteWriter } from './byte-writer.ts';

const encoder = new TextEncoder();
const text = (value: string): Uint8Array => encoder.encode(value);

const words = {
  frame: text('{"frame":'),
  time: text(',"time":"'),
  dot: text('.'),
  minus: text('-'),
  noStream: text('","stream":null,"analysis":[]}\n'),
  stream: text('","stream":'),
  seq: text(',"seq":'),
  ack: text(',"ack":'),
  length: text(',"length":'),
  window: text(',"window":'),
  rtt: text(',"initial_rtt":"'),
  quote: text('"'),
  duplicate: text(',"duplicate_ack_num":'),
  duplicateOf: text(',"duplicate_ack_frame":'),
  end: text('}\n'),
} as const;

/** `,"analysis":[…]` of each combination, made when it first comes up. */
const analysisTexts: Uint8Array[] = [];
const analysisText = (flags: number): Uint8Array =>
  (analysisTexts[flags] ??= text(`,"analysis":${JSON.stringify(namesOf(flags))}`));

/** The time of a frame, and what else every line begins with. */
export interface LineHead {
  frame: number;
  seconds: number;
  nanoseconds: number;
  /** Payload bytes; below 0 where they cannot be told. */
  length: number;
}

/** `{"frame":1,"time":"1700000000.000000000","stream":0,"analysis":["retransmission"],…}` for each packet. */
export class PacketLines {
  readonly #out = new ByteWriter();

  /** Bytes that wait to be taken. */
  get length(): number {
    return this.#out.length;
  }

  take(): Uint8Array {
    return this.#out.take();
  }

  #head({ frame, seconds, nanoseconds }: LineHead): void {
    const out = this.#out;
    out.beginLine();
    out.ascii(words.frame);
    out.integer(frame);
    out.ascii(words.time);
    if (nanoseconds < 0) out.ascii(words.minus);
    out.integer(seconds);
    out.ascii(words.dot);
    out.nine(Math.abs(nanoseconds));
  }

  /** A packet without TCP. */
  other(head: LineHead): void {
    this.#head(head);
    this.#out.ascii(words.noStream);
  }

  segment(head: LineHead, facts: SegmentFacts): void {
    const out = this.#out;
    this.#head(head);
    out.ascii(words.stream);
    out.integer(facts.stream);
    out.ascii(analysisText(facts.flags));
    out.ascii(words.seq);
    out.integer(facts.relativeSeq);
    out.ascii(words.ack);
    out.integer(facts.relativeAck);
    if (head.length >= 0) {
      out.ascii(words.length);
      out.integer(head.length);
    }
    out.ascii(words.window);
    out.integer(facts.window);
    if (facts.initialRtt !== 0) this.#rtt(facts.initialRtt);
    if (facts.flags & duplicateAck) {
      out.ascii(words.duplicate);
      out.integer(facts.duplicate);
      out.ascii(words.duplicateOf);
      out.integer(facts.duplicateOf);
    }
    out.ascii(words.end);
  }

  #rtt(nanoseconds: number): void {
    const out = this.#out;
    out.ascii(words.rtt);
    if (nanoseconds < 0) out.ascii(words.minus);
    out.integer(Math.floor(Math.abs(nanoseconds) / 1e9));
    out.ascii(words.dot);
    out.nine(Math.abs(nanoseconds) % 1e9);
    out.ascii(words.quote);
  }
}

/** Epoch seconds with nine decimals: as text, because a double holds no nanoseconds. */
export const epochText = ({ seconds, nanoseconds }: { seconds: number; nanoseconds: number }): string =>
  `${nanoseconds < 0 ? '-' : ''}${seconds}.${String(Math.abs(nanoseconds)).padStart(9, '0')}`;

/** One conversation; `duration` is in seconds. */
export function conversationLine({ stream, a, b, aToB, bToA, start, end }: ConversationCount): string {
  const duration = end.seconds - start.seconds + (end.nanoseconds - start.nanoseconds) / 1e9;
  return JSON.stringify({
    stream,
    a,
    b,
    a_to_b: aToB,
    b_to_a: bToA,
    start: epochText(start),
    duration: Number(duration.toFixed(9)),
  });
}
