// Counts every TCP conversation of a capture, as `tshark -z conv,tcp` does: rows of numbers, texts only at the end.

import { ipv4Text, ipv6Text } from '../../evidence/address-text.ts';
import { kinds, type Segment } from '../../evidence/scan/segment.ts';
import type { Endpoint } from '../../model/endpoint.ts';
import type { ConversationCount } from '../../model/tcp-analysis.ts';
import { grownDoubles, grownInts } from './growing.ts';

/** Two addresses of four words, two ports, the family (0: nothing was counted), the side that sent the first packet. */
const identityStride = 12;
const portsAt = 8;
const familyAt = 10;
const sideAt = 11;
/** Packets and bytes from a, packets and bytes from b, first second, its nanoseconds, the last second, its nanoseconds. */
const countStride = 8;
const firstAt = 4;
const lastAt = 6;

const isBefore = (a: number, aNanoseconds: number, b: number, bNanoseconds: number): boolean =>
  a < b || (a === b && aNanoseconds < bNanoseconds);

export class ConversationTable {
  #identities: Int32Array = new Int32Array(64 * identityStride);
  #counts: Float64Array = new Float64Array(64 * countStride);
  #size = 0;
  /** Where an address is laid out as bytes, again and again: a buffer of its own for each of millions is slow. */
  readonly #address = new Uint8Array(16);

  /** Counts a segment of this stream that this side sent; what an ICMP error quotes, or what is cut off, is no packet. */
  add(segment: Segment, stream: number, side: number): void {
    if (segment.kind !== kinds.segment || !segment.whole) return;
    if (stream >= this.#size) this.#grow(stream + 1);
    const identity = stream * identityStride;
    const at = stream * countStride;
    const counts = this.#counts;
    if (this.#identities[identity + familyAt] === 0) this.#begin(segment, identity, at, side);
    const own = this.#identities[identity + sideAt] === side ? at : at + 2;
    counts[own] = (counts[own] as number) + 1;
    counts[own + 1] = (counts[own + 1] as number) + segment.wireLength;
    this.#time(segment, at);
  }

  /** The earliest and the latest time: clocks go back in some captures. */
  #time({ seconds, nanoseconds }: Segment, at: number): void {
    const counts = this.#counts;
    const first = at + firstAt;
    const last = at + lastAt;
    if (isBefore(seconds, nanoseconds, counts[first] as number, counts[first + 1] as number)) {
      counts[first] = seconds;
      counts[first + 1] = nanoseconds;
    }
    if (isBefore(counts[last] as number, counts[last + 1] as number, seconds, nanoseconds)) {
      counts[last] = seconds;
      counts[last + 1] = nanoseconds;
    }
  }

  #grow(size: number): void {
    this.#size = size;
    this.#identities = grownInts(this.#identities, size * identityStride);
    this.#counts = grownDoubles(this.#counts, size * countStride);
  }

  #begin(segment: Segment, identity: number, at: number, side: number): void {
    const identities = this.#identities;
    identities.set(segment.addresses, identity);
    identities[identity + portsAt] = segment.sourcePort;
    identities[identity + portsAt + 1] = segment.destinationPort;
    identities[identity + familyAt] = segment.family;
    identities[identity + sideAt] = side;
    for (const place of [at + firstAt, at + lastAt]) {
      this.#counts[place] = segment.seconds;
      this.#counts[place + 1] = segment.nanoseconds;
    }
  }

  /** Which side sent the first packet that was counted. */
  firstSide(stream: number): number {
    return this.#identities[stream * identityStride + sideAt] ?? 0;
  }

  /** The counted conversations in the order of their streams; each is made when it is asked for. */
  *rows(): Generator<ConversationCount> {
    for (let stream = 0; stream < this.#size; stream += 1)
      if (this.#identities[stream * identityStride + familyAt] !== 0) yield this.#row(stream);
  }

  #row(stream: number): ConversationCount {
    const counts = this.#counts.subarray(stream * countStride, (stream + 1) * countStride);
    const at = (place: number): number => counts[place] as number;
    return {
      stream,
      a: this.#endpoint(stream, 0),
      b: this.#endpoint(stream, 1),
      aToB: { packets: at(0), bytes: at(1) },
      bToA: { packets: at(2), bytes: at(3) },
      start: { seconds: at(firstAt), nanoseconds: at(firstAt + 1) },
      end: { seconds: at(lastAt), nanoseconds: at(lastAt + 1) },
    };
  }

  #endpoint(stream: number, end: 0 | 1): Endpoint {
    const from = stream * identityStride;
    const view = new DataView(this.#address.buffer);
    for (let word = 0; word < 4; word += 1) view.setInt32(4 * word, this.#identities[from + 4 * end + word] as number);
    const text = this.#identities[from + familyAt] === 4 ? ipv4Text : ipv6Text;
    return {
      address: text(this.#address, 0),
      port: this.#identities[from + portsAt + end] as number,
    };
  }
}
