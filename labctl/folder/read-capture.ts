// Reads a capture that anyone made into a report of bounded size, however large the file is.

import { TcpAnalysis } from '../analysis/tcp/analysis.ts';
import { ConversationTable } from '../analysis/tcp/conversation-table.ts';
import type { OpenSpill } from '../analysis/tcp/row-store.ts';
import { RowWindow } from '../analysis/tcp/row-window.ts';
import { StreamStories } from '../analysis/tcp/stream-stories.ts';
import type { FrameRecord } from '../evidence/frame-record.ts';
import { HeaderScan } from '../evidence/scan/header-scan.ts';
import { kinds, type Segment } from '../evidence/scan/segment.ts';
import type { CaptureReport, ConversationStory } from '../model/capture-report.ts';
import { KeptFrame } from './kept-frame.ts';
import { type CaptureSource, scanCapture } from './scan-capture.ts';
import { SpillFiles } from './spill-file.ts';

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
  readonly #analysis: TcpAnalysis;
  readonly #table: ConversationTable;
  readonly #stories: StreamStories;
  readonly #window: RowWindow<KeptFrame>;
  readonly #question: CaptureQuestion;
  #bytes = 0;
  #segments = 0;
  #start: Instant | undefined;
  #end: Instant | undefined;

  constructor(question: CaptureQuestion, open: OpenSpill) {
    this.#question = question;
    this.#window = new RowWindow(question.mostRows, () => new KeptFrame());
    this.#analysis = new TcpAnalysis(open);
    this.#table = new ConversationTable(this.#analysis.streams.keys, open);
    this.#stories = new StreamStories(open);
  }

  take(bytes: Uint8Array, record: FrameRecord): void {
    const segment = this.#scan.read(bytes, record);
    this.#bytes += record.wireLength;
    this.#time(record);
    if (segment.kind !== kinds.none) this.#segment(segment);
    if (this.#isAskedFor(segment)) this.#window.next().fill(bytes, record, segment, this.#analysis);
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

  #conversations(): { shown: ConversationStory[]; more: number } {
    const { conversation, mostConversations } = this.#question;
    const only = conversation === undefined ? undefined : this.#table.row(conversation - 1);
    const rows = conversation === undefined ? this.#table.rows() : only ? [only] : [];
    const shown: ConversationStory[] = [];
    for (const count of rows) {
      const { stream } = count;
      shown.push({ ...count, closing: this.#stories.closing(stream), flags: this.#stories.flags(stream) });
      if (shown.length >= mostConversations) break;
    }
    return { shown, more: conversation === undefined ? this.#table.count - shown.length : 0 };
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
      rows: this.#window.rows.map(({ row }) => row),
      omitted: { rows: this.#window.omitted, after: this.#window.omittedAfter },
      ...(conversation === undefined ? {} : { conversation }),
    };
  }
}

/** Throws LabError `usage` for what is no capture; a damaged one is told as far as it goes. */
export async function readCaptureReport(source: CaptureSource, question: CaptureQuestion): Promise<CaptureReport> {
  using spills = new SpillFiles();
  const reading = new CaptureReading(question, spills.open);
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
