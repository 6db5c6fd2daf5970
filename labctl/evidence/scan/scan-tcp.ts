// Reads a TCP header and its options into a Segment (RFC 9293, section 3.1). By DataView, which is one step for V8 from the
// first packet on; numbers out of single bytes are slow until it has optimised them.

import { kinds, type Segment } from './segment.ts';

const minimum = 20;
const greetingLength = 12;
const option = { end: 0, nop: 1, windowScale: 3, sack: 5, scpsSnack: 21, mptcp: 30 } as const;

/**
 * `limit` is where the captured bytes end, `end` where the packet does. `fragment`: the first piece of a datagram that
 * was not put together, so that nobody knows its length.
 */
export function scanTcp(
  segment: Segment,
  view: DataView,
  at: number,
  end: number,
  limit: number,
  kind: number,
  fragment: boolean,
): void {
  if (limit - at < 16) return;
  segment.kind = kind;
  segment.sourcePort = view.getUint16(at);
  segment.destinationPort = view.getUint16(at + 2);
  segment.seq = view.getInt32(at + 4);
  segment.ack = view.getInt32(at + 8);
  segment.flags = view.getUint16(at + 12) & 0xfff;
  segment.window = view.getUint16(at + 14);
  const headerLength = (view.getUint8(at + 12) >> 4) * 4;
  segment.headerLength = headerLength;
  segment.windowScale = -1;
  segment.mptcp = 0;
  segment.whole = headerLength >= minimum && at + minimum <= limit;
  segment.length = headerLength <= end - at && !fragment ? end - at - headerLength : -1;
  segment.greets =
    segment.length === greetingLength && kind === kinds.segment && isGreeting(view, at + headerLength, limit);
  if (headerLength > minimum) scanOptions(segment, view, at + minimum, at + headerLength, limit);
}

/** "RFB " in either case, a point and a line feed at their places. */
function isGreeting(view: DataView, at: number, limit: number): boolean {
  if (at + greetingLength > limit || (view.getUint32(at) & ~0x2020_2000) !== 0x5246_4220) return false;
  return view.getUint8(at + 7) === 0x2e && view.getUint8(at + 11) === 0x0a;
}

/**
 * The analysis asks for the window scale (RFC 7323; more than 14 means 14) and for what MPTCP does (RFC 8684). A list that
 * ends early, or goes wrong, makes the header whole although not all of it was captured.
 */
function scanOptions(segment: Segment, view: DataView, from: number, end: number, limit: number): void {
  for (let at = from; at < end; ) {
    const kind = at < limit ? view.getUint8(at) : option.nop;
    segment.whole &&= at < limit;
    // What is behind the end of the list is padding, and looked at.
    if (kind === option.end) segment.whole = end <= limit;
    if (kind === option.end || !segment.whole) return;
    if (kind === option.nop) {
      at += 1;
      continue;
    }
    if (at + 1 === end) return;
    const length = at + 1 < limit ? view.getUint8(at + 1) : 0;
    const isBeyond = at + length > end;
    // Of an option that goes beyond the header Wireshark shows the rest of the list, but for two bytes.
    segment.whole = at + 1 < limit && (length < 2 || (isBeyond ? end - 2 : at + length) <= limit);
    if (!segment.whole || length < 2 || isBeyond) return;
    if (isMalformed(view, at, kind, length)) {
      segment.whole = false;
      return;
    }
    if (kind === option.mptcp)
      segment.mptcpOptions[segment.mptcp++] = new Uint8Array(view.buffer, view.byteOffset + at, length).slice();
    else if (kind === option.windowScale && length === 3) segment.windowScale = Math.min(14, view.getUint8(at + 2));
    at += length;
  }
}

/** Too short for what it must hold: Wireshark gives the whole header up there, and says nothing more of the segment. */
function isMalformed(view: DataView, at: number, kind: number, length: number): boolean {
  if (kind === option.sack) return length < 10;
  if (kind === option.scpsSnack) return length === 6;
  return kind === option.mptcp && length < mptcpLength(view, at, length);
}

/** The least length of an MPTCP option (RFC 8684, section 3) that is read by its subtype. */
function mptcpLength(view: DataView, at: number, length: number): number {
  const subtype = length < 3 ? 0 : view.getUint8(at + 2) >> 4;
  if (subtype === 6 || subtype === 7) return 12;
  if (subtype === 0 || subtype === 3 || subtype === 8) return 4;
  if (subtype !== 2 || length < 4) return subtype === 2 ? 4 : 3;
  const bits = view.getUint8(at + 3);
  const acknowledgment = bits & 1 ? (bits & 2 ? 8 : 4) : 0;
  const mapping = bits & 4 ? (bits & 8 ? 14 : 10) : 0;
  return 4 + acknowledgment + mapping;
}
