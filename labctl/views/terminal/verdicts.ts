// Each expectation with its verdict and the proof; an unmet one shows expected and seen, aligned, in one notation.

import type { Report, Verdict, VerdictWord } from '../../model/report.ts';
import { idleRules } from '../../model/wire.ts';
import { proofTexts } from '../proofs.ts';
import { paint, type TerminalStyle, type Tone } from '../style.ts';
import { visible } from '../visible.ts';
import { padEnd, textWidth, wrap } from '../width.ts';
import { wordsOf } from '../words.ts';
import { paragraphLines } from './section.ts';

const marks: Record<VerdictWord, string> = { met: '✓', unmet: '✗', 'not-observable': '?' };
const tones: Record<VerdictWord, Tone> = { met: 'good', unmet: 'bad', 'not-observable': 'warning' };

/** A list of everything that was seen would hide what matters; `--json` has it all. */
const mostLines = 5;

/** `title  text`, the text wrapped under itself, or under its title where that leaves too little room. */
function labelled(title: string, text: string, titleWidth: number, style: TerminalStyle, tone: Tone): string[] {
  const beside = style.width - titleWidth >= 25;
  const indent = beside ? 5 + titleWidth : 5;
  const lines = wrap(visible(text, style), style.width - indent);
  const shown = lines.length > mostLines ? [...lines.slice(0, mostLines - 1), style.unicode ? '…' : '...'] : lines;
  const head = `   ${paint(style, 'dim', padEnd(title, beside ? titleWidth + 2 : 0))}`;
  const texts = shown.map((line) => paint(style, tone, line));
  const under = texts.slice(beside ? 1 : 0).map((line) => ' '.repeat(indent) + line);
  return [beside ? head + (texts[0] ?? '') : head, ...under];
}

/** What was expected in words, with the mark of its verdict. */
export function verdictLine({ verdict, expectation }: Verdict, style: TerminalStyle): string[] {
  const say = wrap(visible(expectation.say[style.language].trim(), style), style.width - 3);
  const mark = paint(style, tones[verdict], visible(marks[verdict], style));
  return say.map((line, index) => (index === 0 ? ` ${mark} ${line}` : `   ${line}`));
}

function verdictLines(verdict: Verdict, report: Report, zero: number, style: TerminalStyle): string[] {
  const words = wordsOf(style.language);
  const [expected, seen] = [visible(words.verdicts.expected, style), visible(words.verdicts.seen, style)];
  const width = Math.max(textWidth(expected), textWidth(seen));
  const compared = [
    ...labelled(expected, verdict.expected[style.language], width, style, 'good'),
    ...labelled(seen, verdict.seen[style.language], width, style, tones[verdict.verdict]),
  ];
  const shown = proofTexts(verdict.proofs, report, zero, words);
  // An absence has no frame to show, but a number of those that were looked through.
  const rests = shown.length > 0 || verdict.verdict !== 'met' ? shown : [verdict.seen[style.language]];
  const proofs = [...rests, verdict.at].filter(Boolean).join(' · ');
  return [
    ...verdictLine(verdict, style),
    ...(verdict.verdict === 'met' ? [] : compared),
    ...paragraphLines(proofs, style, 3, 'dim'),
  ];
}

function summary(report: Report, style: TerminalStyle): string {
  const { verdicts: words } = wordsOf(style.language);
  const count = (word: VerdictWord): number => report.verdicts.filter(({ verdict }) => verdict === word).length;
  const [unmet, unseen] = [count('unmet'), count('not-observable')];
  return [
    words.all(count('met'), report.verdicts.length),
    ...(unmet > 0 ? [words.unmet(unmet)] : []),
    ...(unseen > 0 ? [words.notObservable(unseen)] : []),
  ].join(', ');
}

/** All verdicts in the order of the scenario file, and how many are met. */
export function verdictsLines(report: Report, zero: number, style: TerminalStyle): string[] {
  const { verdicts: words } = wordsOf(style.language);
  const idle = idleRules(report.run.wire).flatMap(({ rule, passed }) =>
    paragraphLines(`? ${passed === 0 ? words.idle(rule) : words.noTurn(rule, passed)}`, style, 1, 'warning'),
  );
  if (report.verdicts.length === 0) return [...idle, ...paragraphLines(words.none, style, 1, 'dim')];
  return [
    ...idle,
    ...report.verdicts.flatMap((verdict) => verdictLines(verdict, report, zero, style)),
    '',
    ...paragraphLines(summary(report, style), style, 1, tones[report.verdict]),
  ];
}
