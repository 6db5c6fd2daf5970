// Draws one arrow between two lifelines; over the lifelines between them it crosses.

import type { ArrowRow } from '../ladder-rows.ts';
import { graphemes, textWidth } from '../width.ts';
import type { Glyphs } from './glyphs.ts';
import type { LadderLayout } from './ladder-layout.ts';

export interface DrawnArrow {
  /** Column of its first character, which stands on a lifeline. */
  column: number;
  text: string;
  /** Words that found no room in the arrow: they go into the comment. */
  label: boolean;
  transit: boolean;
}

/** Lays text over the cells from an index on. Labels are ASCII but for `µ`: one cell a character. */
function lay(cells: string[], at: number, text: string): void {
  graphemes(text).forEach((character, index) => {
    cells[at + index] = character;
  });
}

/** The shaft from lifeline to lifeline: dashes, crossings, and what ends it on either side. */
function shaft(row: ArrowRow, left: number, right: number, layout: LadderLayout, glyphs: Glyphs): string[] {
  const rightwards = row.from < row.to;
  const cells = Array.from({ length: right - left + 1 }, () => glyphs.dash);
  for (const lifeline of layout.lifelines)
    if (lifeline > left && lifeline < right) cells[lifeline - left] = glyphs.cross;
  cells[0] = rightwards ? glyphs.leave : glyphs.life;
  cells[cells.length - 1] = rightwards ? glyphs.life : glyphs.leaveLeft;
  if (!row.lost) cells[rightwards ? cells.length - 2 : 1] = rightwards ? glyphs.right : glyphs.left;
  return cells;
}

/** A lost arrow ends in ✗ at four fifths of its last gap; beyond it the way is empty but for the lifelines. */
function breakOff(cells: string[], row: ArrowRow, left: number, layout: LadderLayout, glyphs: Glyphs): void {
  const rightwards = row.from < row.to;
  const last = cells.length - 1;
  const lifelines = new Set(layout.lifelines.map((lifeline) => lifeline - left));
  const end = rightwards ? last - 5 : 5;
  for (let index = 1; index < last; index++) {
    const beyond = rightwards ? index > end : index < end;
    if (beyond) cells[index] = lifelines.has(index) ? glyphs.life : ' ';
  }
  cells[end] = glyphs.lost;
}

/** The arrow of a row whose ends are different lifelines. The label stands left, the time on the way right. */
export function drawArrow(row: ArrowRow, layout: LadderLayout, glyphs: Glyphs): DrawnArrow {
  const [left = 0, right = 0] = [row.from, row.to].map((index) => layout.lifelines[index] ?? 0).sort((a, b) => a - b);
  const cells = shaft(row, left, right, layout, glyphs);
  if (row.lost) breakOff(cells, row, left, layout, glyphs);
  const head = row.lost && row.from > row.to ? 7 : 3;
  const tail = row.lost && row.from < row.to ? 7 : 3;
  const room = cells.length - head - tail;
  const full = ` ${row.label} `;
  const label = textWidth(full) <= room ? full : '';
  const transit = row.transit === undefined ? '' : ` ${row.transit} `;
  const fitsLabel = label !== '';
  const fitsTransit = transit !== '' && fitsLabel && textWidth(label) + 1 + textWidth(transit) <= room;
  if (fitsLabel) lay(cells, head, label);
  if (fitsTransit) lay(cells, cells.length - tail - textWidth(transit), transit);
  return { column: left, text: cells.join(''), label: fitsLabel, transit: fitsTransit || transit === '' };
}
