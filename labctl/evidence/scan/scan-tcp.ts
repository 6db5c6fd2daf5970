// Reads a TCP header and its options into a Segment (RFC 9293, section 3.1).

import { byteAt, shortAt, wordAt } from './bytes.ts';
import type { Segment } from './segment.ts';

const minimum = 20;
const option = { end: 0, nop: 1, windowScale: 3 } as const;

/**
 * `limit` is where the captured bytes end, `end` where the packet does. `fragment`: the first piece of a datagram that
 * was not put together, so that nobody knows its length.
 */
export function scanTcp(
  segment: Segment,
  bytes: Uint8Array,
  at: number,
  end: number,
  limit: number,
  kind: number,
  fragment: boolean,
): void {
  if (limit - at < 16) return;
  segment.kind = kind;
  segment.sourcePort = shortAt(bytes, at);
  segment.destinationPort = shortAt(bytes, at + 2);
  segment.seq = wordAt(bytes, at + 4);
  segment.ack = wordAt(bytes, at + 8);
  segment.flags = shortAt(bytes, at + 12) & 0xfff;
  segment.window = shortAt(bytes, at + 14);
  const headerLength = (byteAt(bytes, at + 12) >> 4) * 4;
  segment.headerLength = headerLength;
  segment.windowScale = -1;
  segment.whole = headerLength >= minimum && at + headerLength <= limit;
  segment.length = headerLength <= end - at && !fragment ? end - at - headerLength : -1;
  if (headerLength > minimum) scanOptions(segment, bytes, at + minimum, at + headerLength, limit);
}

function scanOptions(segment: Segment, bytes: Uint8Array, from: number, end: number, limit: number): void {
  for (let at = from; at < end; ) {
    if (at >= limit) return;
    const kind = byteAt(bytes, at);
    if (kind === option.end) return;
    if (kind === option.nop) {
      at += 1;
      continue;
    }
    if (at + 1 >= end) return;
    if (at + 1 >= limit) return;
    const length = byteAt(bytes, at + 1);
    if (length < 2 || at + length > end) return;
    if (at + length > limit) return;
    scanOption(segment, bytes, at, kind, length);
    at += length;
  }
}

/** The one option that the analysis asks for is the window scale (RFC 7323); more than 14 means 14. */
function scanOption(segment: Segment, bytes: Uint8Array, at: number, kind: number, length: number): void {
  if (kind === option.windowScale && length === 3) segment.windowScale = Math.min(14, byteAt(bytes, at + 2));
}
