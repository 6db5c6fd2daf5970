// A capture for machines: one line of JSON for every packet, or for every TCP conversation.

import type { Endpoint } from '../model/endpoint.ts';
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
  conversation: text('{"stream":'),
  a: text(',"a":{"address":"'),
  b: text('},"b":{"address":"'),
  port: text('","port":'),
  aToB: text('},"a_to_b":{"packets":'),
  bToA: text('},"b_to_a":{"packets":'),
  bytes: text(',"bytes":'),
  start: text('},"start":"'),
  duration: text('","duration":'),
} as const;

/** `,"analysis":[…]` of each combination, made when it first comes up. */
const analysisTexts: Uint8Array[] = [];
const analysisText = (flags: number): Uint8Array =>
  (analysisTexts[flags] ??= text(`,"analysis":${JSON.stringify(namesOf(flags))}`));

/** Epoch seconds with nine decimals: as text, because a double holds no nanoseconds. */
export const epochText = ({ seconds, nanoseconds }: { seconds: number; nanoseconds: number }): string =>
  `${nanoseconds < 0 ? '-' : ''}${seconds}.${String(Math.abs(nanoseconds)).padStart(9, '0')}`;

/** The same without a string. */
function putTime(out: ByteWriter, seconds: number, nanoseconds: number): void {
  if (nanoseconds < 0) out.ascii(words.minus);
  out.integer(seconds);
  out.ascii(words.dot);
  out.nine(Math.abs(nanoseconds));
}

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
    putTime(out, seconds, nanoseconds);
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

/** `{"stream":0,"a":{…},"b":{…},"a_to_b":{…},"b_to_a":{…},"start":"…","duration":…}` for each conversation. */
export class ConversationLines {
  readonly #out = new ByteWriter();

  /** Bytes that wait to be taken. */
  get length(): number {
    return this.#out.length;
  }

  take(): Uint8Array {
    return this.#out.take();
  }

  /** `duration` is in seconds. */
  conversation({ stream, a, b, aToB, bToA, start, end }: ConversationCount): void {
    const out = this.#out;
    out.beginLine();
    out.ascii(words.conversation);
    out.integer(stream);
    this.#endpoint(words.a, a);
    this.#endpoint(words.b, b);
    this.#count(words.aToB, aToB);
    this.#count(words.bToA, bToA);
    out.ascii(words.start);
    putTime(out, start.seconds, start.nanoseconds);
    out.ascii(words.duration);
    const duration = end.seconds - start.seconds + (end.nanoseconds - start.nanoseconds) / 1e9;
    out.text(duration === 0 ? '0' : String(Number(duration.toFixed(9))));
    out.ascii(words.end);
  }

  #endpoint(name: Uint8Array, { address, port }: Endpoint): void {
    this.#out.ascii(name);
    this.#out.text(address);
    this.#out.ascii(words.port);
    this.#out.integer(port);
  }

  #count(name: Uint8Array, { packets, bytes }: ConversationCount['aToB']): void {
    this.#out.ascii(name);
    this.#out.integer(packets);
    this.#out.ascii(words.bytes);
    this.#out.integer(bytes);
  }
}
