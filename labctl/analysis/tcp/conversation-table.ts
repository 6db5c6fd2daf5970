// Counts every TCP conversation of a capture, as `tshark -z conv,tcp` does: rows of numbers, texts only at the end.

import { ipv4Text, ipv6Text } from '../../evidence/address-text.ts';
import { kinds, type Segment } from '../../evidence/scan/segment.ts';
import type { Endpoint } from '../../model/endpoint.ts';
import type { ConversationCount } from '../../model/tcp-analysis.ts';
import { type OpenSpill, RowStore } from './row-store.ts';
import { familyWord, keyWords, portsWord, type StreamKeys } from './stream-keys.ts';

/** Doubles of a row: packets and bytes from a and from b, the first and the last second. */
const fromA = 0;
const fromB = 2;
const firstSecond = 4;
const lastSecond = 5;
/** Words behind them: the nanoseconds of both, and which side sent the first packet, counted from 1; 0 for no packet. */
const firstNanoseconds = 12;
const lastNanoseconds = 13;
const firstSideWord = 14;
const stride = 16;

/** Addresses and ports are the streams' own. */
export class ConversationTable {
  readonly #keys: StreamKeys;
  readonly #rows: RowStore;
  /** Conversations that were counted, and one more than the last stream of them. */
  count = 0;
  #size = 0;
  /** Where an address is laid out as bytes, again and again: a buffer of its own for each of millions is slow. */
  readonly #address = new Uint8Array(16);
  readonly #words = new DataView(this.#address.buffer);
  readonly #key = new Int32Array(keyWords);

  constructor(keys: StreamKeys, open?: OpenSpill) {
    this.#keys = keys;
    this.#rows = new RowStore({ stride, blockBits: 6, mostRows: 1 << 17 }, open);
  }

  /** Counts a segment of this stream that this side sent; what an ICMP error quotes, or what is cut off, is no packet. */
  add(segment: Segment, stream: number, side: number): void {
    if (segment.kind !== kinds.segment || !segment.whole) return;
    const row = this.#rows.at(stream);
    const { ints, doubles } = this.#rows;
    if (ints[row + firstSideWord] === 0) this.#begin(segment, row, side);
    if (stream >= this.#size) this.#size = stream + 1;
    const own = (row >> 1) + (ints[row + firstSideWord] === side + 1 ? fromA : fromB);
    doubles[own] = (doubles[own] as number) + 1;
    doubles[own + 1] = (doubles[own + 1] as number) + segment.wireLength;
    this.#time(segment, row);
  }

  #begin({ seconds, nanoseconds }: Segment, row: number, side: number): void {
    const { ints, doubles } = this.#rows;
    this.count += 1;
    ints[row + firstSideWord] = side + 1;
    doubles[(row >> 1) + firstSecond] = seconds;
    doubles[(row >> 1) + lastSecond] = seconds;
    ints[row + firstNanoseconds] = nanoseconds;
    ints[row + lastNanoseconds] = nanoseconds;
  }

  /** The earliest and the latest time: clocks go back in some captures. */
  #time({ seconds, nanoseconds }: Segment, row: number): void {
    const { ints, doubles } = this.#rows;
    const first = doubles[(row >> 1) + firstSecond] as number;
    const last = doubles[(row >> 1) + lastSecond] as number;
    if (seconds < first || (seconds === first && nanoseconds < (ints[row + firstNanoseconds] as number))) {
      doubles[(row >> 1) + firstSecond] = seconds;
      ints[row + firstNanoseconds] = nanoseconds;
    }
    if (seconds > last || (seconds === last && nanoseconds > (ints[row + lastNanoseconds] as number))) {
      doubles[(row >> 1) + lastSecond] = seconds;
      ints[row + lastNanoseconds] = nanoseconds;
    }
  }

  /** Which side sent the first packet that was counted. */
  firstSide(stream: number): number {
    const row = this.#rows.look(stream);
    return this.#rows.ints[row + firstSideWord] === 2 ? 1 : 0;
  }

  /** The counted conversations in the order of their streams; each is made when it is asked for. */
  *rows(): Generator<ConversationCount> {
    for (let stream = 0; stream < this.#size; stream += 1) {
      const found = this.row(stream);
      if (found) yield found;
    }
  }

  /** One conversation; undefined where none of its packets counted. */
  row(stream: number): ConversationCount | undefined {
    if (stream >= this.#size) return undefined;
    const row = this.#rows.look(stream);
    const { ints, doubles } = this.#rows;
    const side = (ints[row + firstSideWord] as number) - 1;
    if (side < 0) return undefined;
    const double = (number: number): number => doubles[(row >> 1) + number] as number;
    this.#keys.read(stream, this.#key);
    return {
      stream,
      a: this.#endpoint(side as 0 | 1),
      b: this.#endpoint((1 - side) as 0 | 1),
      aToB: { packets: double(fromA), bytes: double(fromA + 1) },
      bToA: { packets: double(fromB), bytes: double(fromB + 1) },
      start: { seconds: double(firstSecond), nanoseconds: ints[row + firstNanoseconds] as number },
      end: { seconds: double(lastSecond), nanoseconds: ints[row + lastNanoseconds] as number },
    };
  }

  /** Of the key that was read last; the lower end is 0. */
  #endpoint(end: 0 | 1): Endpoint {
    const key = this.#key;
    for (let word = 0; word < 4; word += 1) this.#words.setInt32(4 * word, key[4 * end + word] as number);
    const text = key[familyWord] === 4 ? ipv4Text : ipv6Text;
    const ports = key[portsWord] as number;
    return { address: text(this.#address, 0), port: end === 0 ? ports >>> 16 : ports & 0xffff };
  }
}
