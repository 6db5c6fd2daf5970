// What is told of a capture that anyone made: how much is in it, its conversations and what happened in each, some rows.

import type { Packet } from './packet.ts';
import type { Conversation } from './report.ts';
import type { ConversationCount, SegmentFinding } from './tcp-analysis.ts';

/** A conversation with what happened in it. */
export interface ConversationStory extends ConversationCount {
  closing: Conversation['closing'];
  /** How often each analysis flag was set: by the place of its name in `analysisNames`. */
  flags: number[];
}

/** A TCP segment of a row, as the header scan and the analysis know it. */
export interface RowSegment extends SegmentFinding {
  stream: number;
  /** The TCP header's flags. */
  bits: number;
  relativeSeq: number;
  relativeAck: number;
  /** Payload bytes; below 0 where they cannot be told. */
  length: number;
  /** An ICMP error quotes it. */
  quoted: boolean;
}

/** One frame, as it is drawn. */
export interface CaptureRow {
  packet: Packet;
  segment?: RowSegment;
}

/** Why a capture could not be read to its end. */
export interface CaptureDamage {
  /** Byte offset of the record that could not be read. */
  at: number;
  why: string;
  /** Bytes that are missing, where the file was cut off. */
  missing?: number;
}

export interface CaptureReport {
  /** As the user wrote it. */
  name: string;
  packets: number;
  bytes: number;
  /** Of the earliest and the latest packet; absent in an empty capture. */
  start?: { seconds: number; nanoseconds: number };
  end?: { seconds: number; nanoseconds: number };
  /** Packets that hold a TCP segment. */
  segments: number;
  streams: number;
  /** By stream; those that were only quoted have no count. */
  conversations: ConversationStory[];
  /** Conversations that are not in the list above. */
  moreConversations: number;
  comments: string[];
  interfaces: { name?: string; linkType: number; dropped?: number }[];
  rows: CaptureRow[];
  /** Rows that were left out between the first and the last ones. */
  omitted: { rows: number; after: number };
  /** Set when the rows are of one conversation alone, counted from 1. */
  conversation?: number;
  damage?: CaptureDamage;
}
