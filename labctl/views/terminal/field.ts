// Words beside a lifeline or in the margin: wrapped into a field, then laid into a line over whatever stands there.

import type { TerminalStyle, Tone } from '../style.ts';
import { visible } from '../visible.ts';
import { textWidth, wrap } from '../width.ts';
import { lineOf, type Piece } from './line.ts';

export interface Words {
  text: string;
  tone: Tone;
}

/** The words wrapped into a field; a second text joins the line of the first where it fits. */
export function fieldLines(parts: readonly Words[], width: number, style: TerminalStyle): Words[][] {
  const lines: Words[][] = [];
  for (const { text, tone } of parts)
    for (const [index, line] of text
      .split('\n')
      .flatMap((each) => wrap(visible(each, style), width))
      .entries()) {
      const before = lines.at(-1);
      const joined =
        index === 0 && before
          ? before.reduce((sum, word) => sum + textWidth(word.text) + 2, textWidth(line))
          : width + 1;
      if (before && joined <= width && !text.includes('\n')) before.push({ text: line, tone });
      else lines.push([{ text: line, tone }]);
    }
  return lines;
}

function fieldPieces(line: readonly Words[], column: number): Piece[] {
  const pieces: Piece[] = [];
  let at = column;
  for (const { text, tone } of line) {
    pieces.push({ column: at, text, tone });
    at += textWidth(text) + 2;
  }
  return pieces;
}

/** A line of pieces with words at a column; what the words cover is left out, and one blank behind them. */
export function lineWith(
  pieces: readonly Piece[],
  words: readonly Words[],
  column: number,
  style: TerminalStyle,
): string {
  const laid = fieldPieces(words, column);
  const end = laid.reduce((furthest, piece) => Math.max(furthest, piece.column + textWidth(piece.text)), column);
  return lineOf([...pieces.filter((piece) => piece.column < column || piece.column > end), ...laid], style);
}
