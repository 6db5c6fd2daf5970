// A checked program as text and as JSON: verdicts and the reason, then where to look next, and no answer to anything.

import { type Checked, checkedVersion } from '../model/checked.ts';
import type { Language, Text } from '../model/language.ts';
import type { Verdict, VerdictWord } from '../model/report.ts';
import { nextLines } from './next.ts';
import { proofsText } from './results/points.ts';
import { paint, type TerminalStyle, type Tone } from './style.ts';
import { headingLines, paragraphLines } from './terminal/section.ts';
import { visible } from './visible.ts';
import { wordsOf } from './words.ts';

const marks: Record<VerdictWord, string> = { met: '✓', unmet: '✗', 'not-observable': '?' };
const tones: Record<VerdictWord, Tone> = { met: 'good', unmet: 'bad', 'not-observable': 'warning' };

export interface CheckedTextOptions {
  /** How labctl is called here. */
  command: string;
  /** The run folder, as the user would write it. */
  folder?: string;
}

/** The form of `check --json`, in the language that was asked for. */
export const checkedValue = (checked: Checked, language: Language) => ({
  version: checkedVersion,
  scenario: checked.scenario,
  verdict: checked.verdict,
  reason: { ...checked.reason, text: checked.reason.text[language] },
  expectations: checked.expectations.map((one) => ({
    id: one.expectation.id,
    verdict: one.verdict,
    at: one.at,
    expected: one.expected[language],
    seen: one.seen[language],
    proof: proofsText(one),
  })),
  hints: checked.hints.map((hint) => hint[language]),
  messages: checked.messages,
  ...(checked.folder === undefined ? {} : { run: checked.folder }),
});

export const checkedJson = (checked: Checked, language: Language): string =>
  JSON.stringify(checkedValue(checked, language), null, 2);

/** What a compiler said, line by line as it said it; undefined where it said nothing. */
export function messagesText(messages: string, style: TerminalStyle): string | undefined {
  const lines = messages.replace(/\n+$/, '').split('\n');
  if (lines.join('') === '') return undefined;
  const { check } = wordsOf(style.language);
  return [
    ...headingLines(check.messages, style),
    ...lines.map((line) => ` ${visible(line.replaceAll('\t', '    '), style)}`),
  ].join('\n');
}

/** Why there is no program to run. */
export const notBuiltText = (why: Text, style: TerminalStyle): string =>
  ['', ...paragraphLines(`✗ ${why[style.language]}`, style, 0, 'bad')].join('\n');

function verdictLines(verdict: Verdict, style: TerminalStyle): string[] {
  const mark = paint(style, tones[verdict.verdict], visible(marks[verdict.verdict], style));
  const [first = '', ...more] = paragraphLines(verdict.expectation.say[style.language], style, 3);
  return [` ${mark} ${first.trimStart()}`, ...more];
}

export function checkedText(checked: Checked, style: TerminalStyle, options: CheckedTextOptions): string {
  const words = wordsOf(style.language);
  const { check } = words;
  const { reason, verdict, hints, expectations, messages } = checked;
  const compiler = messagesText(messages, style);
  const mark = visible(marks[verdict], style);
  return [
    ...(compiler === undefined ? [] : [compiler]),
    ...headingLines(words.heading.verdicts, style),
    ...expectations.flatMap((one) => verdictLines(one, style)),
    ...headingLines(check.reason, style),
    ...paragraphLines(`${mark} ${check.kind[reason.kind]}: ${reason.text[style.language]}`, style, 1, tones[verdict]),
    ...(hints.length === 0 ? [] : headingLines(check.hints, style)),
    ...hints.flatMap((hint) => hintLines(hint, style)),
    ...nextSection(options, style),
  ].join('\n');
}

function hintLines(hint: Text, style: TerminalStyle): string[] {
  const [first = '', ...more] = paragraphLines(hint[style.language], style, 3);
  return [` ${visible('▸', style)} ${first.trimStart()}`, ...more];
}

function nextSection({ command, folder }: CheckedTextOptions, style: TerminalStyle): string[] {
  if (folder === undefined) return [];
  const words = wordsOf(style.language);
  return [
    ...headingLines(words.heading.next, style),
    ...nextLines([{ command: `${command} show ${folder}`, why: words.check.seeRun }], style),
  ];
}
