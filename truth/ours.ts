// What labctl says of a capture: the lines that it prints for machines, read back.

import { Readable } from 'node:stream';
import { TcpAnalysis } from '../labctl/analysis/tcp/analysis.ts';
import { ConversationTable } from '../labctl/analysis/tcp/conversation-table.ts';
import { Streams } from '../labctl/analysis/tcp/streams.ts';
import { HeaderScan } from '../labctl/evidence/scan/header-scan.ts';
import { scanCapture } from '../labctl/folder/scan-capture.ts';
import type { AnalysisName, ConversationCount } from '../labctl/model/tcp-analysis.ts';
import { PacketLines } from '../labctl/views/capture-lines.ts';
import type { Row } from './row.ts';

interface Line {
  frame: number;
  time: string;
  stream: number | null;
  analysis: AnalysisName[];
  seq?: number;
  ack?: number;
  length?: number;
  window?: number;
  initial_rtt?: string;
  duplicate_ack_num?: number;
  duplicate_ack_frame?: number;
}

const text = (value: number | string | null | undefined): string => String(value ?? '');

const rowOf = (line: Line): Row => ({
  frame: line.frame,
  time: line.time,
  stream: text(line.stream),
  seq: text(line.seq),
  ack: text(line.ack),
  length: text(line.length),
  window: text(line.window),
  rtt: text(line.initial_rtt),
  duplicate: line.duplicate_ack_num === undefined ? '' : `${line.duplicate_ack_frame}#${line.duplicate_ack_num}`,
  analysis: line.analysis,
});

const source = (path: string) => ({ path, stdin: Readable.from([]), signal: new AbortController().signal });

/** Every frame of the capture; for captures that fit into memory. Throws LabError for what is no capture. */
export async function ourRows(path: string): Promise<Row[]> {
  const scan = new HeaderScan();
  const analysis = new TcpAnalysis();
  const lines = new PacketLines();
  await scanCapture(
    source(path),
    (bytes, record) => {
      const segment = scan.read(bytes, record);
      if (segment.kind === 0) return lines.other(segment);
      analysis.see(segment);
      lines.segment(segment, analysis);
    },
    async () => undefined,
  );
  const written = new TextDecoder().decode(lines.take()).trimEnd();
  return written === '' ? [] : written.split('\n').map((line) => rowOf(JSON.parse(line) as Line));
}

/** The table of TCP conversations. */
export async function ourConversations(path: string): Promise<ConversationCount[]> {
  const scan = new HeaderScan();
  const streams = new Streams();
  const table = new ConversationTable(streams.keys);
  await scanCapture(
    source(path),
    (bytes, record) => {
      const segment = scan.read(bytes, record);
      if (segment.kind === 0) return;
      streams.see(segment);
      table.add(segment, streams.stream, streams.side);
    },
    async () => undefined,
  );
  return [...table.rows()];
}
