// How text may look on this terminal: colour, alphabet, width, language. A value that is handed in; views ask no environment.

import { styleText } from 'node:util';
import type { Language } from '../model/language.ts';

export interface TerminalStyle {
  color: boolean;
  /** False: nothing but ASCII may be printed. */
  unicode: boolean;
  /** Columns; no line is longer. */
  width: number;
  language: Language;
}

type Environment = Record<string, string | undefined>;
type Format = Parameters<typeof styleText>[0];

/** What a piece of text is, for colour only: the words and marks alone must say the same. */
export type Tone = keyof typeof formats;

const formats = {
  plain: undefined,
  dim: 'dim',
  strong: 'bold',
  heading: ['bold', 'underline'],
  good: 'green',
  bad: 'red',
  warning: 'yellow',
  call: 'cyan',
  open: 'green',
  close: 'magenta',
  typed: 'bold',
  step: 'italic',
} as const satisfies Record<string, Format | undefined>;

/** The text in the colour of its tone, where colours are wanted. */
export function paint(style: Pick<TerminalStyle, 'color'>, tone: Tone, text: string): string {
  const format = formats[tone] as Format | undefined;
  if (!style.color || format === undefined || text.trim() === '') return text;
  // Without validateStream: false newer versions of Node would look at this process's own terminal.
  return styleText(format, text, { validateStream: false });
}

/** NO_COLOR (no-color.org) wins over FORCE_COLOR; without either, a terminal that is not `dumb` has colours. */
function wantsColor(env: Environment, isTTY: boolean): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR !== undefined) return !['0', 'false'].includes(env.FORCE_COLOR);
  return isTTY && env.TERM !== 'dumb';
}

/** The locale of characters, in the order of POSIX; an environment that says nothing belongs to a UTF-8 terminal today. */
function speaksUnicode(env: Environment): boolean {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG;
  return !locale || /utf-?8/i.test(locale);
}

const languageOf = (env: Environment): Language =>
  (env.LC_ALL || env.LC_MESSAGES || env.LANG || '').startsWith('fr') ? 'fr' : 'en';

/** The style for a stream: `columns` is the terminal's, else COLUMNS, else 80. */
export function terminalStyle(env: Environment, isTTY: boolean, columns?: number): TerminalStyle {
  const width = columns || Number.parseInt(env.COLUMNS ?? '', 10) || 80;
  return {
    color: wantsColor(env, isTTY),
    unicode: speaksUnicode(env),
    width: Math.max(20, width),
    language: languageOf(env),
  };
}
