// A whole run as text, in the order of a story: what it is about, what happened, what was seen, what it means, what next.

import type { Question } from '../../model/lesson.ts';
import type { Report } from '../../model/report.ts';
import { blindNotes } from '../blind-notes.ts';
import { type Ladder, ladderOf, ladderZero } from '../ladder-rows.ts';
import { shortcomings } from '../shortcomings.ts';
import { paint, type TerminalStyle } from '../style.ts';
import { visible } from '../visible.ts';
import { wrap } from '../width.ts';
import { wordsOf } from '../words.ts';
import { callTableLines } from './call-table.ts';
import { conversationLines } from './conversations.ts';
import { type FooterOptions, fileLines, nextSection } from './footer.ts';
import { growthLines } from './growth.ts';
import { ladderLines, windowed } from './ladder.ts';
import { neededWidth } from './ladder-layout.ts';
import { lookLines } from './looks.ts';
import { ownerLines } from './owners.ts';
import { headingLines, paragraphLines, textLines } from './section.ts';
import { verdictsLines } from './verdicts.ts';

export interface ReportOptions {
  /** The run folder, as the user would write it. */
  folder: string;
  /** How labctl is called here: `labctl` or `npx labctl`. */
  command: string;
  /** The run to show again, where it is not the latest. */
  run?: string;
  /** The answer to a question, from the lesson; without it only the questions are shown. */
  answers?: (question: Question) => string;
  /** 1-based: this conversation alone. */
  conversation?: number;
  /** The report page's file name, where the folder has one. */
  page?: string;
  /** Every row of the ladder, however many. */
  all?: boolean;
}

/** Rows beyond this many are left out of the ladder unless all are asked for. */
const mostRows = 300;

function titleLines(report: Report, style: TerminalStyle): string[] {
  const { scenario } = report;
  const title = wrap(visible(scenario.title[style.language], style), style.width).map((line) =>
    paint(style, 'strong', line),
  );
  const lacking = shortcomings(report, style.language).flatMap((text) => paragraphLines(`✗ ${text}`, style, 0, 'bad'));
  const incomplete = lacking.length === 0 ? [] : ['', ...lacking];
  return [...title, ...paragraphLines(scenario.about[style.language], style, 0, 'dim'), ...incomplete];
}

function ladderNotes(ladder: Ladder, report: Report, style: TerminalStyle): string[] {
  const { ladder: words } = wordsOf(style.language);
  const needed = neededWidth(ladder.columns.length);
  const missing = ladder.conversation && ladder.conversation.number > ladder.conversation.of;
  const notes = [
    ...(missing ? [words.noConversation(ladder.conversation?.number ?? 0, report.conversations.length)] : []),
    ...(ladder.rows.length === 0 && !missing ? [words.nothing] : []),
    ...(ladder.rows.length > 0 && style.width < needed ? [words.tooNarrow(needed)] : []),
    ...(ladder.hidden > 0 ? [words.hidden(ladder.hidden)] : []),
    ...blindNotes(report, style.language),
  ];
  return notes.length === 0 ? [] : ['', ...notes.flatMap((note) => paragraphLines(note, style, 1, 'dim'))];
}

function ladderSection(ladder: Ladder, report: Report, style: TerminalStyle): string[] {
  const { heading, ladder: words } = wordsOf(style.language);
  const which = ladder.conversation
    ? `: ${words.conversation(ladder.conversation.number, ladder.conversation.of)}`
    : '';
  return [
    ...headingLines(heading.ladder + which, style),
    ...(ladder.rows.length === 0 ? [] : ladderLines(ladder, style)),
    ...ladderNotes(ladder, report, style),
  ];
}

function conversationSection(report: Report, options: ReportOptions, style: TerminalStyle): string[] {
  const shown = report.conversations.filter(
    ({ index }) => options.conversation === undefined || index === options.conversation - 1,
  );
  const lines = conversationLines(shown, style);
  return lines.length === 0 ? [] : [...headingLines(wordsOf(style.language).heading.conversations, style), ...lines];
}

function questionLines(question: Question, answers: ReportOptions['answers'], style: TerminalStyle): string[] {
  const [first = '', ...more] = paragraphLines(question.ask[style.language], style, 3, 'strong');
  const answer = answers === undefined ? [] : [...textLines(answers(question), style, 3), ''];
  return [` ${visible('▸', style)} ${first.trimStart()}`, ...more, ...answer];
}

function questionSection({ scenario }: Report, { answers }: ReportOptions, style: TerminalStyle): string[] {
  const questions = scenario.lesson ?? [];
  if (questions.length === 0) return [];
  const lines = questions.flatMap((question) => questionLines(question, answers, style));
  return [
    ...headingLines(wordsOf(style.language).heading.questions, style),
    ...(lines.at(-1) === '' ? lines.slice(0, -1) : lines),
  ];
}

/** The run as text without a line break at its end; no line is wider than the style's width. */
export function renderReport(report: Report, style: TerminalStyle, options: ReportOptions): string {
  const zero = ladderZero(report);
  const whole = ladderOf(report, { language: style.language, conversation: options.conversation });
  const ladder = options.all ? whole : windowed(whole, mostRows);
  const footer: FooterOptions = {
    ...options,
    all: options.all === true,
    answers: options.answers !== undefined,
    windowed: ladder.rows.length < whole.rows.length,
  };
  return [
    ...titleLines(report, style),
    ...ladderSection(ladder, report, style),
    ...conversationSection(report, options, style),
    ...growthLines(report, style, options.conversation),
    ...ownerLines(report, zero, style, options.conversation),
    ...(options.conversation === undefined ? report.looks.flatMap((look) => lookLines(look, report, zero, style)) : []),
    ...(options.conversation === undefined
      ? report.callTables.flatMap((table) => callTableLines(table, report, zero, style))
      : []),
    ...headingLines(wordsOf(style.language).heading.verdicts, style),
    ...verdictsLines(report, zero, style),
    ...questionSection(report, options, style),
    ...fileLines(report, footer, style),
    ...nextSection(report, footer, style),
  ].join('\n');
}
