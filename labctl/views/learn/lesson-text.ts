// The pieces of a lesson at the terminal as lines: a question with its choices, a comparison, a hint, an answer.

import type { Text } from '../../model/language.ts';
import type { Compared, Question } from '../../model/lesson.ts';
import { type NextCommand, nextLines } from '../next.ts';
import { paint, type TerminalStyle } from '../style.ts';
import { headingLines, paragraphLines, textLines } from '../terminal/section.ts';
import { visible } from '../visible.ts';
import { learnWordsOf } from './words.ts';

/** What is laid out, and the words it is framed by. */
export interface Asked {
  question: Question;
  number: number;
  of: number;
}

/** `.` and the like: a text that ends with its own stop. */
const plain = (text: Text, { language }: TerminalStyle): string => text[language].trim();

/** The head of a lesson: its title, what it is about, how it goes. */
export function welcomeLines(
  lesson: { title: Text; about: Text; questions: number; begun: boolean },
  style: TerminalStyle,
): string[] {
  const words = learnWordsOf(style.language);
  return [
    ...paragraphLines(plain(lesson.title, style), style, 0, 'strong'),
    ...paragraphLines(plain(lesson.about, style), style, 0, 'dim'),
    '',
    ...paragraphLines(lesson.begun ? words.back : words.welcome(lesson.questions), style, 0),
    ...paragraphLines(words.leaving, style, 0),
  ];
}

const questionLines = ({ question }: Asked, style: TerminalStyle): string[] =>
  paragraphLines(question.ask[style.language], style, 1, 'strong');

/** A question before the run, with what may be chosen. */
export function predictLines(asked: Asked, style: TerminalStyle): string[] {
  const words = learnWordsOf(style.language);
  const { predict = [] } = asked.question;
  return [
    ...headingLines(words.heading.before(asked.number, asked.of), style),
    ...questionLines(asked, style),
    '',
    ...predict.flatMap(({ say }, index) => {
      const [first = '', ...more] = paragraphLines(plain(say, style), style, 5);
      return [`  ${index + 1}  ${first.trimStart()}`, ...more];
    }),
    '',
    ...paragraphLines(words.predict.ask(predict.length), style, 1),
  ];
}

/** A question after the run: what was predicted, and whether the run agrees; not yet what it shows. */
export function questionAskedLines(asked: Asked, compared: Compared, style: TerminalStyle): string[] {
  const words = learnWordsOf(style.language);
  const { said, outcome } = compared;
  const told = said && outcome !== 'none' ? outcome : undefined;
  return [
    ...headingLines(words.heading.question(asked.number, asked.of), style),
    ...questionLines(asked, style),
    ...(said && told
      ? [
          '',
          ...paragraphLines(words.compared.said(plain(said.say, style)), style, 1),
          ...paragraphLines(`${markOf[told]} ${words.compared[told]}`, style, 1, toneOf[told]),
        ]
      : []),
  ];
}

const markOf = { right: '✓', wrong: '✗', undecided: '?' } as const;
const toneOf = { right: 'good', wrong: 'warning', undecided: 'warning' } as const;

/** `number` counts from 1. */
export function hintLines({ question }: Asked, number: number, style: TerminalStyle): string[] {
  const words = learnWordsOf(style.language);
  const { hints = [] } = question;
  const hint = hints[number - 1];
  if (hint === undefined) return paragraphLines(words.ask.noHints, style, 1, 'dim');
  return [
    ...paragraphLines(words.ask.hint(number, hints.length), style, 1, 'dim'),
    ...paragraphLines(plain(hint, style), style, 3),
  ];
}

/** The answer: what the run shows to be right where something was predicted, the text, and the evidence drawn. */
export function answerLines(
  { compared, words: own, answer, evidence, unmet }: Answered,
  style: TerminalStyle,
): string[] {
  const words = learnWordsOf(style.language);
  const holds = compared.outcome === 'right' ? [] : compared.holds;
  return [
    ...(own === undefined ? [] : ['', ...paragraphLines(words.ask.yours(own), style, 1, 'dim')]),
    ...headingLines(words.heading.answer, style),
    ...holds.flatMap(({ say }) => paragraphLines(words.ask.holds(plain(say, style)), style, 1, 'good')),
    ...textLines(answer, style, 1),
    ...(unmet === 0 ? [] : ['', ...paragraphLines(words.ask.notMet(unmet), style, 1, 'warning')]),
    ...(evidence.length === 0 ? [] : [...headingLines(words.heading.evidence, style), ...evidence]),
  ];
}

export interface Answered {
  compared: Compared;
  /** What the student wrote. */
  words?: string;
  /** The answer with this run's ports and numbers in it. */
  answer: string;
  /** Lines, already laid out. */
  evidence: readonly string[];
  /** Expectations of the run that were not met. */
  unmet: number;
}

/** What the student can do by hand, in order: commands as they are typed, and everything else in words. */
export function byHandLines(things: readonly { command?: string; say: string }[], style: TerminalStyle): string[] {
  const words = learnWordsOf(style.language);
  return [
    ...headingLines(words.heading.byHand, style),
    ...paragraphLines(words.turn.byHand, style, 1),
    '',
    ...things.flatMap(({ command, say }) =>
      command === undefined
        ? paragraphLines(say, style, 3)
        : [` ${visible('▸', style)} ${paint(style, 'strong', visible(command, style))}`],
    ),
    '',
    ...paragraphLines(words.turn.whenDone, style, 1),
  ];
}

/** The end of a lesson, and what to do next. */
export function doneLines(
  { before, right, predicted, next }: { before: boolean; right: number; predicted: number; next: NextCommand[] },
  style: TerminalStyle,
): string[] {
  const words = learnWordsOf(style.language);
  return [
    ...headingLines(words.heading.done, style),
    ...paragraphLines(before ? words.done.before : words.done.well, style, 1),
    ...(predicted === 0 ? [] : paragraphLines(words.done.predictions(right, predicted), style, 1)),
    '',
    ...nextLines(next, style),
  ];
}

/** One sentence on its own line. */
export const sentence = (text: string, style: TerminalStyle): string => paragraphLines(text, style, 1).join('\n');

/** A heading alone. */
export const heading = headingLines;

/** A command to type. */
export const command = (typed: string, style: TerminalStyle): string[] =>
  nextLines([{ command: typed, why: '' }], style);
