// Counts every TCP conversation of a capture, as `tshark -z conv,tcp` does: rows of numbers, texts only at the end.

import { ipv4Text, ipv6Text } from '../../evidence/address-text.ts';
import { kinds, type Segment } from '../../evidence/scan/segment.ts';
import type { Endpoint } from '../../model/endpoint.ts';
import type { ConversationCount } from '../../model/tcp-analysis.ts';
import { grownBytes } from './growing.ts';
import { DoublePages, IntPages } from './pages.ts';
import { familyWord, keyWords, portsWord, type StreamKeys } from './stream-keys.ts';

/** What is known of a stream: nothing, one packet, more; and above, which side sent the first one. */
const state = { none: 0, one: 1, more: 2, side: 4 } as const;
/** Of the only packet: nanoseconds, bytes. Of more: where their counts are, in place of the nanoseconds. */
const nanosecondsWord = 0;
const placeWord = 0;
const bytesWord = 1;
/** Packets and bytes from a, packets and bytes from b, first second, its nanoseconds, the last second, its nanoseconds. */
const countStride = 8;
const firstAt = 4;
const lastAt = 6;

/**
 * Most streams of a scan are one packet, and only that is kept of them; the counts are made with the second one. Addresses
 * and ports are the streams' own.
 */
export class ConversationTable {
  readonly #keys: StreamKeys;
  #states: Uint8Array = new Uint8Array(64);
  readonly #seconds = new DoublePages();
  readonly #only = new IntPages(2);
  readonly #counts = new DoublePages(countStride);
  #counted = 0;
  #size = 0;
  /** Where an address is laid out as bytes, again and again: a buffer of its own for each of millions is slow. */
  readonly #address = new Uint8Array(16);
  readonly #key = new Int32Array(keyWords);

  constructor(keys: StreamKeys) {
    this.#keys = keys;
  }

  /** Counts a segment of this stream that this side sent; what an ICMP error quotes, or what is cut off, is no packet. */
  add(segment: Segment, stream: number, side: number): void {
    if (segment.kind !== kinds.segment || !segment.whole) return;
    if (stream >= this.#size) this.#grow(stream + 1);
    const known = this.#states[stream] as number;
    if (known === state.none) this.#begin(segment, stream, side);
    else
      this.#count(segment, stream, known & state.more ? this.#only.get(stream, placeWord) : this.#unfold(stream), side);
  }

  #grow(size: number): void {
    this.#size = size;
    this.#states = grownBytes(this.#states, size);
    this.#seconds.reach(size - 1);
    this.#only.reach(size - 1);
  }

  #begin({ seconds, nanoseconds, wireLength }: Segment, stream: number, side: number): void {
    this.#states[stream] = state.one | (side * state.side);
    this.#seconds.set(stream, 0, seconds);
    this.#only.set(stream, nanosecondsWord, nanoseconds);
    this.#only.set(stream, bytesWord, wireLength);
  }

  /** Gives a stream of one packet counts, and tells where they are. */
  #unfold(stream: number): number {
    const place = this.#counted;
    this.#counted += 1;
    const counts = this.#counts;
    counts.reach(place);
    counts.set(place, 0, 1);
    counts.set(place, 1, this.#only.get(stream, bytesWord) >>> 0);
    for (const at of [firstAt, lastAt]) {
      counts.set(place, at, this.#seconds.get(stream));
      counts.set(place, at + 1, this.#only.get(stream, nanosecondsWord));
    }
    this.#states[stream] = (this.#states[stream] as number) ^ (state.one | state.more);
    this.#only.set(stream, placeWord, place);
    return place;
  }

  #count({ seconds, nanoseconds, wireLength }: Segment, stream: number, place: number, side: number): void {
    const counts = this.#counts;
    const own = this.firstSide(stream) === side ? 0 : 2;
    counts.set(place, own, counts.get(place, own) + 1);
    counts.set(place, own + 1, counts.get(place, own + 1) + wireLength);
    // The earliest and the latest time: clocks go back in some captures.
    const [first, last] = [counts.get(place, firstAt), counts.get(place, lastAt)];
    if (seconds < first || (seconds === first && nanoseconds < counts.get(place, firstAt + 1))) {
      counts.set(place, firstAt, seconds);
      counts.set(place, firstAt + 1, nanoseconds);
    }
    if (seconds > last || (seconds === last && nanoseconds > counts.get(place, lastAt + 1))) {
      counts.set(place, lastAt, seconds);
      counts.set(place, lastAt + 1, nanoseconds);
    }
  }

  /** Which side sent the first packet that was counted. */
  firstSide(stream: number): number {
    return (this.#states[stream] ?? 0) & state.side ? 1 : 0;
  }

  /** The counted conversations in the order of their streams; each is made when it is asked for. */
  *rows(): Generator<ConversationCount> {
    for (let stream = 0; stream < this.#size; stream += 1)
      if (this.#states[stream] !== state.none) yield this.#row(stream);
  }

  #row(stream: number): ConversationCount {
    this.#keys.read(stream, this.#key);
    const side = this.firstSide(stream) as 0 | 1;
    return { stream, a: this.#endpoint(side), b: this.#endpoint((1 - side) as 0 | 1), ...this.#countsOf(stream) };
  }

  #countsOf(stream: number): Omit<ConversationCount, 'stream' | 'a' | 'b'> {
    if ((this.#states[stream] as number) & state.one) {
      const at = { seconds: this.#seconds.get(stream), nanoseconds: this.#only.get(stream, nanosecondsWord) };
      const bytes = this.#only.get(stream, bytesWord) >>> 0;
      return { aToB: { packets: 1, bytes }, bToA: { packets: 0, bytes: 0 }, start: at, end: at };
    }
    const place = this.#only.get(stream, placeWord);
    const word = (number: number): number => this.#counts.get(place, number);
    return {
      aToB: { packets: word(0), bytes: word(1) },
      bToA: { packets: word(2), bytes: word(3) },
      start: { seconds: word(firstAt), nanoseconds: word(firstAt + 1) },
      end: { seconds: word(lastAt), nanoseconds: word(lastAt + 1) },
    };
  }

  /** Of the key that was read last; the lower end is 0. */
  #endpoint(end: 0 | 1): Endpoint {
    const key = this.#key;
    const view = new DataView(this.#address.buffer);
    for (let word = 0; word < 4; word += 1) view.setInt32(4 * word, key[4 * end + word] as number);
    const text = key[familyWord] === 4 ? ipv4Text : ipv6Text;
    const ports = key[portsWord] as number;
    return { address: text(this.#address, 0), port: end === 0 ? ports >>> 16 : ports & 0xffff };
  }
}
