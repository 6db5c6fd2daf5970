// What an analysis of TCP can say about a segment: one bit each, in the order in which it is always printed.

import type { Endpoint } from './endpoint.ts';

/** Named as Wireshark's `tcp.analysis.*` fields; the place is the bit. */
export const analysisNames = [
  'retransmission',
  'fast_retransmission',
  'spurious_retransmission',
  'out_of_order',
  'duplicate_ack',
  'lost_segment',
  'ack_lost_segment',
  'zero_window',
  'window_full',
  'window_update',
  'zero_window_probe',
  'zero_window_probe_ack',
  'keep_alive',
  'keep_alive_ack',
  'reused_ports',
] as const;

export type AnalysisName = (typeof analysisNames)[number];

export const retransmission = 1;
export const fastRetransmission = 2;
export const spuriousRetransmission = 4;
export const outOfOrder = 8;
export const duplicateAck = 16;
export const lostSegment = 32;
export const ackLostSegment = 64;
export const zeroWindow = 128;
export const windowFull = 256;
export const windowUpdate = 512;
export const zeroWindowProbe = 1024;
export const zeroWindowProbeAck = 2048;
export const keepAlive = 4096;
export const keepAliveAck = 8192;
export const reusedPorts = 16_384;

export const namesOf = (flags: number): AnalysisName[] => analysisNames.filter((_, bit) => flags & (1 << bit));

/** What is known of the latest segment of a capture; every frame overwrites it. */
export interface SegmentFacts {
  /** As Wireshark's `tcp.stream`. */
  stream: number;
  /** Bits of the names above. */
  flags: number;
  relativeSeq: number;
  relativeAck: number;
  /** Scaled, as far as the scale is known. */
  window: number;
  /** Nanoseconds; 0 where it is not known. */
  initialRtt: number;
  /** Of a duplicate ACK: the how manieth it is, and the frame that it repeats. */
  duplicate: number;
  duplicateOf: number;
}

/** What was found about one segment. */
export type SegmentFinding = Pick<SegmentFacts, 'flags' | 'duplicate' | 'duplicateOf'>;

/** A TCP conversation as it is counted: frames and their bytes on the wire, each way. */
export interface ConversationCount {
  stream: number;
  /** The sender of the conversation's first packet, and the other end. */
  a: Endpoint;
  b: Endpoint;
  aToB: { packets: number; bytes: number };
  bToA: { packets: number; bytes: number };
  /** Of the first and the last packet in the order of the file. */
  start: { seconds: number; nanoseconds: number };
  end: { seconds: number; nanoseconds: number };
}
