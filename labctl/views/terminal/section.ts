// Headings and paragraphs of a report on a terminal.

import { paint, type TerminalStyle, type Tone } from '../style.ts';
import { visible } from '../visible.ts';
import { textWidth, wrap } from '../width.ts';

/** Lines longer than this are hard to read, however wide the terminal. */
const readable = 100;

/** A heading with a rule to its right, after an empty line. */
export function headingLines(text: string, style: TerminalStyle): string[] {
  const lines = wrap(visible(text, style), style.width);
  const last = lines.at(-1) ?? '';
  const rule = (style.unicode ? '─' : '-').repeat(Math.max(0, Math.min(style.width, 120) - textWidth(last) - 1));
  return [
    '',
    ...lines
      .map(
        (line, index) =>
          paint(style, 'strong', line) + (index < lines.length - 1 ? '' : ` ${paint(style, 'dim', rule)}`),
      )
      .map((line) => line.trimEnd()),
  ];
}

/** A text whose line breaks mean nothing, wrapped and indented. */
export function paragraphLines(text: string, style: TerminalStyle, indent = 1, tone: Tone = 'plain'): string[] {
  const width = Math.min(style.width, readable) - indent;
  return wrap(visible(text.trim().replace(/\s+/g, ' '), style), width).map(
    (line) => ' '.repeat(indent) + paint(style, tone, line),
  );
}

/** A text whose line breaks are its author's. */
export const textLines = (text: string, style: TerminalStyle, indent = 1, tone: Tone = 'plain'): string[] =>
  text
    .trim()
    .split('\n')
    .flatMap((line) => (line.trim() === '' ? [''] : paragraphLines(line, style, indent, tone)));
