// Reads a capture that anyone made into a report of bounded size, however large the file is.

import { TcpAnalysis } from '../analysis/tcp/analysis.ts';
import { ConversationTable } from '../analysis/tcp/conversation-table.ts';
import { RowWindow } from '../analysis/tcp/row-window.ts';
import { StreamStories } from '../analysis/tcp/stream-stories.ts';
import { decode } from '../evidence/decode.ts';
import type { FrameRecord } from '../evidence/frame-record.ts';
import { HeaderScan } from '../evidence/scan/header-scan.ts';
import { kinds, type Segment } from '../evidence/scan/segment.ts';
import type { CaptureReport, CaptureRow, ConversationStory, RowSegment } from '../model/capture-report.ts';
import type { Packet } from '../model/packet.ts';
import { type CaptureSource, scanCapture } from './scan-capture.ts';

export interface CaptureQuestion {
  /** As the user wrote it. */
  name: string;
  /** Rows of this conversation alone, counted from 1. */
  conversation?: number;
  mostRows: number;
  mostConversations: number;
}

interface Instant {
  seconds: number;
  nanoseconds: number;
}

const isBefore = (a: Instant, b: Instant): boolean =>
  a.seconds < b.seconds || (a.seconds === b.seconds && a.nanoseconds < b.nanoseconds);

class CaptureReading {
  readonly #scan = new HeaderScan();
  readonly #analysis = new TcpAnalysis();
  readonly #table = new ConversationTable(this.#analysis.streams.keys);
  readonly #stories = new StreamStories();
  readonly #window: RowWindow<CaptureRow>;
  readonly #question: CaptureQuestion;
  #bytes = 0;
  #segments = 0;
  #start: Instant | undefined;
  #end: Instant | undefined;

  constructor(question: CaptureQuestion) {
    this.#question = question;
    this.#window = new RowWindow(question.mostRows);
  }

  take(bytes: Uint8Array, record: FrameRecord): void {
    const segment = this.#scan.read(bytes, record);
    this.#bytes += record.wireLength;
    this.#time(record);
    if (segment.kind !== kinds.none) this.#segment(segment);
    if (this.#isAskedFor(segment)) this.#window.add(this.#row(segment, bytes, record));
  }

  #segment(segment: Segment): void {
    const analysis = this.#analysis;
    analysis.see(segment);
    this.#segments += 1;
    this.#table.add(segment, analysis.stream, analysis.streams.side);
    const fromA = this.#table.firstSide(analysis.stream) === analysis.streams.side;
    this.#stories.add(segment, analysis.stream, analysis.flags, fromA);
  }

  #isAskedFor({ kind }: Segment): boolean {
    const { conversation } = this.#question;
    return conversation === undefined || (kind !== kinds.none && this.#analysis.stream === conversation - 1);
  }

  #time({ seconds, nanoseconds }: FrameRecord): void {
    if (!this.#start || isBefore({ seconds, nanoseconds }, this.#start)) this.#start = { seconds, nanoseconds };
    if (!this.#end || isBefore(this.#end, { seconds, nanoseconds })) this.#end = { seconds, nanoseconds };
  }

  /** The row's bytes are a copy: the chunk's memory is used again. */
  #row(segment: Segment, bytes: Uint8Array, record: FrameRecord): CaptureRow {
    const frame = {
      interface: record.interface,
      linkType: record.linkType,
      seconds: record.seconds,
      nanoseconds: record.nanoseconds,
      wireLength: record.wireLength,
      bytes: bytes.slice(record.start, Math.min(record.end, record.start + 256)),
    };
    const packet: Packet = decode(frame, { host: '', interface: '' }, segment.frame);
    return segment.kind === kinds.none ? { packet } : { packet, segment: this.#rowSegment(segment) };
  }

  #rowSegment({ flags: bits, length, kind }: Segment): RowSegment {
    const { stream, flags, duplicate, duplicateOf, relativeSeq, relativeAck } = this.#analysis;
    const quoted = kind === kinds.quoted;
    return { stream, flags, duplicate, duplicateOf, relativeSeq, relativeAck, bits, length, quoted };
  }

  #conversations(): { shown: ConversationStory[]; more: number } {
    const { conversation, mostConversations } = this.#question;
    const shown: ConversationStory[] = [];
    let more = 0;
    for (const count of this.#table.rows()) {
      if (conversation !== undefined && count.stream !== conversation - 1) continue;
      if (shown.length >= mostConversations) more += 1;
      else
        shown.push({
          ...count,
          closing: this.#stories.closing(count.stream),
          flags: this.#stories.flags(count.stream),
        });
    }
    return { shown, more };
  }

  report(): Omit<CaptureReport, 'comments' | 'interfaces' | 'damage'> {
    const { shown, more } = this.#conversations();
    const { name, conversation } = this.#question;
    return {
      name,
      packets: this.#scan.segment.frame,
      bytes: this.#bytes,
      start: this.#start,
      end: this.#end,
      segments: this.#segments,
      streams: this.#analysis.streams.count,
      conversations: shown,
      moreConversations: more,
      rows: this.#window.rows,
      omitted: { rows: this.#window.omitted, after: this.#window.omittedAfter },
      ...(conversation === undefined ? {} : { conversation }),
    };
  }
}

/** Throws LabError `usage` for what is no capture; a damaged one is told as far as it goes. */
export async function readCaptureReport(source: CaptureSource, question: CaptureQuestion): Promise<CaptureReport> {
  const reading = new CaptureReading(question);
  const { parser, damage } = await scanCapture(
    source,
    (bytes, record) => reading.take(bytes, record),
    async () => undefined,
  );
  return {
    ...reading.report(),
    comments: [...parser.comments],
    interfaces: parser.interfaces.map(({ name, linkType, dropped }) => ({ name, linkType, dropped })),
    ...(damage ? { damage } : {}),
  };
}
