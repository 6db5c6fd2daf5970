// One terminal line made of pieces at columns: what overlaps is laid over, what is between is blank.

import { paint, type TerminalStyle, type Tone } from '../style.ts';
import { textWidth } from '../width.ts';

export interface Piece {
  column: number;
  text: string;
  tone: Tone;
}

/** The pieces as one line without blanks at its end. Pieces must not overlap. */
export function lineOf(pieces: readonly Piece[], style: TerminalStyle): string {
  let line = '';
  let end = 0;
  for (const { column, text, tone } of pieces
    .filter((piece) => piece.text !== '')
    .sort((a, b) => a.column - b.column)) {
    line += ' '.repeat(Math.max(0, column - end)) + paint(style, tone, text);
    end = Math.max(end, column) + textWidth(text);
  }
  return line.trimEnd();
}
