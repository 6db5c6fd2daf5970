// What stands over a ladder: host names and endpoints over their lifelines, and what the times are.

import type { Tone } from '../style.ts';
import { visible } from '../visible.ts';
import { cut, textWidth } from '../width.ts';
import { wordsOf } from '../words.ts';
import type { Canvas } from './ladder-canvas.ts';
import { lineOf, type Piece } from './line.ts';

/** Over the times: those left of the first lifeline, and those behind the last. */
function timeHeads({ layout, style }: Canvas): Piece[] {
  const text = visible(wordsOf(style.language).ladder.seconds, style);
  const columns = [14 - textWidth(text), ...(layout.clock === undefined ? [] : [layout.clock])];
  return columns.map((column) => ({ column, text, tone: 'dim' }));
}

/** One text over each lifeline, from there to the right; over the last one to the left where a time stands behind it. */
function heads(textOf: (index: number) => string, tone: Tone, { ladder, layout, style }: Canvas): Piece[] {
  const { lifelines, clock, margin, marginWidth } = layout;
  const last = lifelines.length - 1;
  const texts = ladder.columns.map((_, index) => visible(textOf(index), style));
  const half = Math.floor(((lifelines[last] ?? 0) - (lifelines[last - 1] ?? 0)) / 2);
  const ending = clock === undefined ? undefined : cut(texts[last] ?? '', Math.max(half, 20));
  const until = (index: number): number => {
    if (index === last) return margin + marginWidth + 1;
    const next = lifelines[index + 1] ?? 0;
    return index === last - 1 && ending !== undefined ? next - textWidth(ending) : next;
  };
  return texts.map((text, index) => {
    const column = lifelines[index] ?? 0;
    if (index === last && ending !== undefined) return { column: column + 1 - textWidth(ending), text: ending, tone };
    return { column, text: cut(text, until(index) - column - 1), tone };
  });
}

/** Host names and endpoints over their lifelines, and whose times stand below. */
export function headLines(canvas: Canvas): string[] {
  const { ladder, style } = canvas;
  const number: Piece = { column: 2, text: '#', tone: 'dim' };
  const hosts = heads((index) => ladder.columns[index]?.host ?? '', 'strong', canvas);
  const endpoints = heads((index) => ladder.columns[index]?.endpoint ?? '', 'dim', canvas);
  return [lineOf([number, ...timeHeads(canvas), ...hosts], style), lineOf(endpoints, style)];
}
