// What all rows of a ladder are drawn on: lifelines, and the times beside the first and the last of them.

import { clockText } from '../format.ts';
import type { ArrowRow, Ladder, LadderRow } from '../ladder-rows.ts';
import type { TerminalStyle } from '../style.ts';
import { textWidth } from '../width.ts';
import type { Glyphs } from './glyphs.ts';
import type { LadderLayout } from './ladder-layout.ts';
import type { Piece } from './line.ts';

export interface Canvas {
  ladder: Ladder;
  layout: LadderLayout;
  style: TerminalStyle;
  glyphs: Glyphs;
}

/** All lifelines at one height. */
export const lifelinePieces = ({ layout }: Canvas, glyph: string): Piece[] =>
  layout.lifelines.map((column) => ({ column, text: glyph, tone: 'dim' as const }));

/** When something happened at the left end of a row, and when at its right end. */
interface Times {
  left?: number;
  right?: number;
}

/** Number and time of a row before the first lifeline; where there is room, the time at its right end behind the last. */
export function stamp(number: string, { left, right }: Times, { layout }: Canvas): Piece[] {
  const clock = left === undefined ? '' : clockText(left);
  return [
    { column: 0, text: number.padStart(3), tone: 'dim' },
    { column: Math.max(4, 14 - textWidth(clock)), text: clock, tone: 'dim' },
    ...(layout.clock === undefined || right === undefined
      ? []
      : [{ column: layout.clock, text: clockText(right), tone: 'dim' as const }]),
  ];
}

/** Both times of an arrow where there is room for both, else the one of the row. */
export function arrowTimes({ at, from, to, sentAt, arrivedAt }: LadderRow & ArrowRow, { layout }: Canvas): Times {
  if (layout.clock === undefined) return { left: at };
  return from < to ? { left: sentAt, right: arrivedAt } : { left: arrivedAt, right: sentAt };
}

/** The time of what happens at one lifeline: at the last one it stands behind it, where there is room. */
export function timesAt(index: number, at: number, { layout }: Canvas): Times {
  const behind = layout.clock !== undefined && index === layout.lifelines.length - 1;
  return behind ? { right: at } : { left: at };
}

/** Where words beside a lifeline begin. */
export const besideColumn = (index: number, { layout }: Canvas): number =>
  index === layout.lifelines.length - 1 ? layout.margin : (layout.lifelines[index] ?? 0) + 2;
