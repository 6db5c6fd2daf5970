// What a TCP segment is for: its name in the words of RFC 9293, from its flags and from what went before it.

import { flagBits, type Tcp } from '../model/packet.ts';
import type { SegmentMeaning } from '../model/report.ts';
import type { Direction } from './direction.ts';

/** A segment with the two directions as they were before it. */
export interface SegmentInContext {
  header: Tcp;
  relativeSeq: number;
  relativeAck: number | undefined;
  fromInitiator: boolean;
  own: Direction;
  other: Direction;
  /** The responder sent a SYN-ACK. */
  accepted: boolean;
  /** The third segment of the handshake was seen, or none of the three. */
  handshaken: boolean;
}

const has = (header: Tcp, bit: number): boolean => (header.flags & bit) !== 0;

/** Covers the FIN of the other direction (its sequence number is the one before the acknowledgment). */
const acknowledgesFin = ({ relativeAck, other }: SegmentInContext): boolean =>
  other.fin !== undefined && relativeAck !== undefined && relativeAck > other.fin;

/** 0 or 1 bytes at the last byte that the other end has acknowledged already (RFC 9293, section 3.8.4). */
export const isKeepAlive = ({ header, relativeSeq, own }: SegmentInContext): boolean =>
  header.length <= 1 &&
  (header.flags & (flagBits.syn | flagBits.fin | flagBits.rst)) === 0 &&
  own.next > 0 &&
  relativeSeq === own.next - 1 &&
  own.acked >= own.next;

const acknowledgesNothingNew = ({ relativeAck, own }: SegmentInContext): boolean =>
  own.lastAck !== undefined && own.lastAck === relativeAck;

const isWindowUpdate = (segment: SegmentInContext): boolean =>
  acknowledgesNothingNew(segment) && segment.own.lastWindow !== segment.header.window;

/** With SACK (RFC 6675, section 2) the window may change meanwhile; without it, it must not (RFC 5681, section 2). */
const isDuplicateAck = (segment: SegmentInContext): boolean => {
  const { header, relativeAck = 0, own, other } = segment;
  const outstanding = other.next > relativeAck;
  const more = header.options.sack !== undefined || own.lastWindow === header.window;
  return acknowledgesNothingNew(segment) && outstanding && more;
};

function finMeaning(segment: SegmentInContext): SegmentMeaning {
  return acknowledgesFin(segment) ? 'fin-ack' : 'fin';
}

function ackMeaning(segment: SegmentInContext): SegmentMeaning {
  const { own, fromInitiator, accepted, handshaken } = segment;
  if (fromInitiator && accepted && !handshaken) return 'handshake-ack';
  if (own.fin !== undefined && acknowledgesFin(segment)) return 'last-ack';
  if (isDuplicateAck(segment)) return 'duplicate-ack';
  return isWindowUpdate(segment) ? 'window-update' : 'ack';
}

/** The name of a segment; `other` for flags that no conversation should show. */
export function meaningOf(segment: SegmentInContext): SegmentMeaning {
  const { header, fromInitiator, accepted, handshaken } = segment;
  if (has(header, flagBits.rst)) return fromInitiator || accepted || handshaken ? 'rst' : 'rst-refused';
  if (has(header, flagBits.syn)) return has(header, flagBits.ack) ? 'syn-ack' : 'syn';
  if (has(header, flagBits.fin)) return finMeaning(segment);
  if (isKeepAlive(segment)) return segment.other.lastWindow === 0 ? 'window-probe' : 'keep-alive';
  if (header.length > 0) return 'data';
  return has(header, flagBits.ack) ? ackMeaning(segment) : 'other';
}
