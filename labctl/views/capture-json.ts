// A foreign capture as JSON: what its text says, for programs. The packets themselves are `--jsonl packets`.

import type { CaptureReport, ConversationStory } from '../model/capture-report.ts';
import { analysisNames } from '../model/tcp-analysis.ts';
import { epochText } from './capture-lines.ts';

const conversationOf = ({ stream, a, b, aToB, bToA, start, end, closing, flags }: ConversationStory) => ({
  stream,
  a,
  b,
  a_to_b: aToB,
  b_to_a: bToA,
  start: epochText(start),
  end: epochText(end),
  closing,
  analysis: Object.fromEntries(analysisNames.map((name, index) => [name, flags[index] ?? 0])),
});

/** Version 1: fields may be added, none changes its meaning. */
export function captureJson(report: CaptureReport): string {
  const { start, end, damage, conversations, packets, bytes, segments, streams, comments, interfaces } = report;
  const capture = {
    name: report.name,
    packets,
    bytes,
    segments,
    streams,
    ...(start && end ? { start: epochText(start), end: epochText(end) } : {}),
    interfaces,
    comments,
    ...(damage ? { damage } : {}),
    conversations: conversations.map(conversationOf),
    more_conversations: report.moreConversations,
  };
  return JSON.stringify({ version: 1, capture }, null, 2);
}
