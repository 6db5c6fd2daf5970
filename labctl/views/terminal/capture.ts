// A foreign capture as text: how much is in it, its conversations and what happened in each, the ladder where it is short.

import type { CaptureReport, ConversationStory } from '../../model/capture-report.ts';
import { endpointText } from '../../model/endpoint.ts';
import { analysisNames } from '../../model/tcp-analysis.ts';
import { captureHosts, captureLadder } from '../capture-ladder.ts';
import { damageText } from '../damage.ts';
import { countText, dateText, durationText } from '../format.ts';
import { paint, type TerminalStyle } from '../style.ts';
import { type Cell, tableLines } from '../table.ts';
import { visible } from '../visible.ts';
import { wordsOf } from '../words.ts';
import { ladderLines } from './ladder.ts';
import { neededWidth } from './ladder-layout.ts';
import { headingLines, paragraphLines } from './section.ts';

const microsOf = ({ seconds, nanoseconds }: { seconds: number; nanoseconds: number }): number =>
  seconds * 1e6 + nanoseconds / 1000;

/** What a Date can hold: damaged captures claim other times. */
const lastSecond = 8.64e12;

/** More lifelines than this are no ladder any more. */
const mostHosts = 4;

function summaryLines(report: CaptureReport, style: TerminalStyle): string[] {
  const { capture: words } = wordsOf(style.language);
  const { start, end, damage, interfaces, comments } = report;
  const lost = interfaces.filter(({ dropped }) => (dropped ?? 0) > 0);
  const lines = [
    words.summary(countText(report.packets), countText(report.bytes), countText(report.segments)),
    ...(start && end && start.seconds > 0 && end.seconds < lastSecond
      ? [words.lasts(dateText(microsOf(start)), durationText(microsOf(end) - microsOf(start)))]
      : []),
    ...comments,
  ];
  return [
    ...lines.flatMap((line) => paragraphLines(line, style, 0)),
    ...paragraphLines(report.segments === 0 ? words.noTcp : words.onePoint, style, 0, 'dim'),
    ...lost.flatMap(({ name, dropped }, index) =>
      paragraphLines(words.dropped(countText(dropped ?? 0), name ?? `#${index}`), style, 0, 'bad'),
    ),
    ...(damage ? paragraphLines(words.damaged(damageText(damage)), style, 0, 'bad') : []),
  ];
}

/** `both closed (FIN); 3 retransmission, 2 duplicate ack`: Wireshark's own names. */
function happened({ flags, closing }: ConversationStory, style: TerminalStyle): string {
  const found = flags.flatMap((count, index) =>
    count > 0 ? [`${countText(count)} ${analysisNames[index]?.replaceAll('_', ' ')}`] : [],
  );
  return [wordsOf(style.language).closing[closing], ...(found.length > 0 ? [found.join(', ')] : [])].join('; ');
}

function rowOf(story: ConversationStory, style: TerminalStyle): Cell[] {
  const { a, b, aToB, bToA, start, end, stream } = story;
  const isQuiet = story.flags.every((count) => count === 0);
  return [
    { text: String(stream + 1), tone: 'dim' },
    `${endpointText(a)} → ${endpointText(b)}`,
    countText(aToB.packets + bToA.packets),
    countText(aToB.bytes),
    countText(bToA.bytes),
    durationText(microsOf(end) - microsOf(start)),
    { text: happened(story, style), tone: isQuiet ? 'plain' : 'warning' },
  ];
}

function conversationLines(report: CaptureReport, style: TerminalStyle): string[] {
  if (report.conversations.length === 0) return [];
  const { heading, column, capture: words } = wordsOf(style.language);
  const right = 'right' as const;
  const columns = [
    { title: column.number, align: right },
    { title: words.conversation, overflow: 'wrap' as const },
    { title: words.packets, align: right },
    { title: column.sent, align: right },
    { title: column.received, align: right },
    { title: column.duration, align: right },
    { title: words.happened, overflow: 'wrap' as const },
  ];
  return [
    ...headingLines(heading.conversations, style),
    ...tableLines(
      columns,
      report.conversations.map((story) => rowOf(story, style)),
      style,
    ),
    ...(report.moreConversations > 0
      ? paragraphLines(words.more(countText(report.moreConversations)), style, 1, 'dim')
      : []),
  ];
}

function ladderSection(report: CaptureReport, all: boolean, style: TerminalStyle): string[] {
  const words = wordsOf(style.language);
  const { conversation } = report;
  if (report.rows.length === 0)
    return conversation === undefined
      ? []
      : ['', ...paragraphLines(words.ladder.noConversation(conversation, report.streams), style, 1, 'dim')];
  const hosts = captureHosts(report).length;
  const fits = all || (hosts > 0 && hosts <= mostHosts && (conversation !== undefined || report.omitted.rows === 0));
  const { choose, chooseAll } = words.capture;
  if (!fits) return ['', ...paragraphLines(report.conversations.length > 0 ? choose : chooseAll, style, 1, 'dim')];
  const narrow = style.width < neededWidth(hosts);
  const ladder = captureLadder(report, words);
  return [
    ...headingLines(words.capture.ladder, style),
    ...ladderLines(ladder, style),
    ...(ladder.hidden > 0 ? ['', ...paragraphLines(words.ladder.hidden(ladder.hidden), style, 1, 'dim')] : []),
    ...(narrow ? ['', ...paragraphLines(words.ladder.tooNarrow(neededWidth(hosts)), style, 1, 'dim')] : []),
    ...(conversation === undefined ? [] : ['', ...paragraphLines(words.capture.stream(conversation), style, 1, 'dim')]),
  ];
}

/** The capture as text without a line break at its end; no line is wider than the style's width. */
export function renderCapture(report: CaptureReport, style: TerminalStyle, all: boolean): string {
  return [
    paint(style, 'strong', visible(report.name, style)),
    ...summaryLines(report, style),
    ...ladderSection(report, all, style),
    ...conversationLines(report, style),
  ].join('\n');
}
