// What IP options and extension headers change about a packet's two ends: source routes, routing headers, home addresses.
// As Wireshark does, a packet belongs to the conversation with its last destination, wherever it was seen on the way.

import { byteAt, shortAt, wordAt } from './bytes.ts';
import type { Segment } from './segment.ts';

const option4 = { end: 0, nop: 1, looseRoute: 131, strictRoute: 137 } as const;
/** The least lengths that Wireshark asks of known options; of a packet with a shorter one it reads nothing more. */
const least4 = new Map([
  [7, 3],
  [11, 4],
  [12, 4],
  [25, 8],
  [68, 4],
  [82, 12],
  [130, 3],
  [131, 3],
  [133, 3],
  [134, 6],
  [136, 4],
  [137, 3],
  [148, 4],
]);

/** RFC 791, section 3.1. `end` is the header's. False where nothing behind the header can be trusted. */
export function scanOptions4(segment: Segment, bytes: Uint8Array, from: number, end: number, limit: number): boolean {
  if (end > limit) return false;
  let routed = false;
  for (let at = from; at < end; ) {
    const kind = byteAt(bytes, at);
    if (kind === option4.end) return true;
    if (kind === option4.nop) {
      at += 1;
      continue;
    }
    const length = at + 1 < end ? byteAt(bytes, at + 1) : 0;
    if (length < 2 || at + length > end) return true;
    if (length < (least4.get(kind) ?? 2)) return false;
    if (!routed && (kind === option4.looseRoute || kind === option4.strictRoute)) {
      routed = true;
      takeRoute(segment, bytes, at, length);
    }
    at += length;
  }
  return true;
}

/** While the pointer is still on an address, the last one of the list is where the packet goes. */
function takeRoute(segment: Segment, bytes: Uint8Array, at: number, length: number): void {
  const pointer = byteAt(bytes, at + 2);
  if (pointer < 4 || (pointer & 3) !== 0 || pointer > length) return;
  segment.addresses[4] = wordAt(bytes, at + length - 4);
}

const option6 = { pad1: 0, jumbo: 0xc2, homeAddress: 0xc9 } as const;
const smallestJumbo = 0x1_0000;

/** What the options of a header (hop-by-hop or destination, RFC 8200, section 4.2) say. */
export class Options6 {
  /** Payload length of a jumbogram (RFC 2675); 0 without. */
  jumbo = 0;

  /** `end` is the header's, `limit` the packet's. False where an option goes beyond the packet. */
  read(segment: Segment, bytes: Uint8Array, from: number, end: number, limit: number): boolean {
    this.jumbo = 0;
    for (let at = from; at < end; ) {
      const kind = byteAt(bytes, at);
      if (kind === option6.pad1) {
        at += 1;
        continue;
      }
      if (at + 2 > limit) return false;
      // The home address has one length (RFC 6275, section 6.3), whatever the option claims.
      const length = kind === option6.homeAddress ? 16 : byteAt(bytes, at + 1);
      if (at + 2 + length > limit) return false;
      if (kind === option6.homeAddress) setAddress(segment, 0, bytes, at + 2, 16);
      if (kind === option6.jumbo && length === 4) this.jumbo = wordAt(bytes, at + 2) >>> 0;
      at += 2 + length;
    }
    return true;
  }

  get isJumbo(): boolean {
    return this.jumbo >= smallestJumbo;
  }
}

/** Overwrites the last `size` bytes of the source (`word` 0) or the destination (4). */
function setAddress(segment: Segment, word: 0 | 4, bytes: Uint8Array, from: number, size: number): void {
  for (let index = 0; index < size; index += 1) {
    const place = 16 - size + index;
    const shift = 24 - 8 * (place & 3);
    const at = word + (place >> 2);
    segment.addresses[at] =
      ((segment.addresses[at] as number) & ~(0xff << shift)) | (byteAt(bytes, from + index) << shift);
  }
}

/**
 * A routing header: the source route (type 0, RFC 5095), Mobile IPv6 (2, RFC 6275), RPL (3, RFC 6554), segments
 * (4, RFC 8754). `length` is all of it, and captured. False where its list does not fit into it.
 * What an ICMP error quotes is told by the addresses it had on its way: there nothing `counts`.
 */
export function scanRouting(segment: Segment, bytes: Uint8Array, at: number, length: number, counts: boolean): boolean {
  const isUnderway = counts && byteAt(bytes, at + 3) > 0;
  const list = at + 8;
  const room = length - 8;
  switch (byteAt(bytes, at + 2)) {
    case 0:
      if (isUnderway && room >= 16) setAddress(segment, 4, bytes, list + (room & ~15) - 16, 16);
      return true;
    case 2:
      if (room >= 16 && isUnderway) setAddress(segment, 4, bytes, list, 16);
      return room >= 16;
    case 3:
      return takeCompressed(segment, bytes, at, room, isUnderway);
    case 4:
      // The list is backwards: the last segment comes first.
      if (room >= 16 && isUnderway) setAddress(segment, 4, bytes, list, 16);
      return room >= 16 * (byteAt(bytes, at + 4) + 1);
    default:
      return true;
  }
}

/** Addresses without what they have in common with the destination; the last one may be without more than the others. */
function takeCompressed(segment: Segment, bytes: Uint8Array, at: number, room: number, isUnderway: boolean): boolean {
  const size = 16 - (byteAt(bytes, at + 4) >> 4);
  const lastSize = 16 - (byteAt(bytes, at + 4) & 15);
  const others = room - (shortAt(bytes, at + 5) >> 12) - lastSize;
  if (room === 0) return true;
  if (others < 0) return false;
  if (isUnderway) setAddress(segment, 4, bytes, at + 8 + Math.floor(others / size) * size, lastSize);
  return true;
}
