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

/**
 * One text over each lifeline, from there to the right; over the last one to the left where a time stands behind it,
 * pushed to the right, into what is free `behind` it, by a text before it that is long.
 */
function heads(textOf: (index: number) => string, tone: Tone, { ladder, layout, style }: Canvas, behind = 0): Piece[] {
  const { lifelines, clock, margin, marginWidth } = layout;
  const last = lifelines.length - 1;
  const [beforeLast = 0, atLast = 0] = [lifelines[last - 1], lifelines[last]];
  const texts = ladder.columns.map((_, index) => visible(textOf(index), style));
  const half = Math.floor((atLast - beforeLast) / 2);
  const ending = clock === undefined ? undefined : cut(texts[last] ?? '', Math.max(half, 20));
  const start = atLast + 1 - textWidth(ending ?? '');
  const pushed = Math.max(start, Math.min(start + behind, beforeLast + textWidth(texts[last - 1] ?? '') + 1));
  const until = (index: number): number => {
    if (index === last) return margin + marginWidth + 1;
    return index === last - 1 && ending !== undefined ? pushed : (lifelines[index + 1] ?? 0);
  };
  return texts.map((text, index) => {
    const column = lifelines[index] ?? 0;
    if (index === last && ending !== undefined) return { column: pushed, text: ending, tone };
    return { column, text: cut(text, until(index) - column - 1), tone };
  });
}

/** Host names and endpoints over their lifelines, and whose times stand below. */
export function headLines(canvas: Canvas): string[] {
  const { ladder, style, layout } = canvas;
  const number: Piece = { column: 2, text: '#', tone: 'dim' };
  const hosts = heads((index) => ladder.columns[index]?.host ?? '', 'strong', canvas);
  // Only the line of names has a word over the times behind the last lifeline.
  const behind = layout.margin + layout.marginWidth - (layout.lifelines.at(-1) ?? 0);
  const endpoints = heads((index) => ladder.columns[index]?.endpoint ?? '', 'dim', canvas, behind);
  return [lineOf([number, ...timeHeads(canvas), ...hosts], style), lineOf(endpoints, style)];
}
