// Draws one arrow between two lifelines; over the lifelines between them it crosses.

import type { ArrowRow } from '../ladder-rows.ts';
import type { Tone } from '../style.ts';
import { graphemes, textWidth } from '../width.ts';
import type { Glyphs } from './glyphs.ts';
import type { LadderLayout } from './ladder-layout.ts';
import type { Piece } from './line.ts';

export interface DrawnArrow {
  /** The columns of its ends, which stand on lifelines. */
  left: number;
  right: number;
  pieces: Piece[];
  /** False for words that found no room in the arrow: they go into the comment. */
  label: boolean;
  transit: boolean;
}

interface ArrowCell {
  text: string;
  tone: Tone;
}

/** Lays text over the cells from an index on. Labels are ASCII but for `µ`: one cell a character. */
function lay(cells: ArrowCell[], at: number, text: string, tone: Tone): void {
  graphemes(text).forEach((character, index) => {
    cells[at + index] = { text: character, tone };
  });
}

/** The shaft from lifeline to lifeline: dashes, crossings, and what ends it on either side. Only its head is bright. */
function shaft(row: ArrowRow, left: number, right: number, layout: LadderLayout, glyphs: Glyphs): ArrowCell[] {
  const rightwards = row.from < row.to;
  const cells = Array.from({ length: right - left + 1 }, (): ArrowCell => ({ text: glyphs.dash, tone: 'dim' }));
  for (const lifeline of layout.lifelines)
    if (lifeline > left && lifeline < right) lay(cells, lifeline - left, glyphs.cross, 'dim');
  lay(cells, 0, rightwards ? glyphs.leave : glyphs.life, 'dim');
  lay(cells, right - left, rightwards ? glyphs.life : glyphs.leaveLeft, 'dim');
  if (row.part === 'arrives') lay(cells, rightwards ? 0 : right - left, glyphs.life, 'dim');
  if (!row.lost && row.part !== 'leaves')
    lay(cells, rightwards ? right - left - 1 : 1, rightwards ? glyphs.right : glyphs.left, row.tone);
  return cells;
}

/** How far before its goal a lost arrow ends, and how long the faint end is of one that is on its way for longer. */
const shortOf = 5;

/** The end of an arrow that is still on its way, or the beginning of one that has been: faint, without a head. */
function fade(cells: ArrowCell[], row: ArrowRow, left: number, layout: LadderLayout, glyphs: Glyphs): void {
  const last = cells.length - 1;
  const atRight = row.from < row.to === (row.part === 'leaves');
  for (let step = 1; step <= shortOf; step++) {
    const index = atRight ? last - step : step;
    if (!layout.lifelines.includes(left + index)) lay(cells, index, step === 1 ? ' ' : glyphs.faint, 'dim');
  }
}

/** A lost arrow ends in ✗; beyond it the way is empty but for the lifelines. */
function breakOff(cells: ArrowCell[], row: ArrowRow, left: number, layout: LadderLayout, glyphs: Glyphs): void {
  const rightwards = row.from < row.to;
  const last = cells.length - 1;
  const lifelines = new Set(layout.lifelines.map((lifeline) => lifeline - left));
  const end = rightwards ? last - shortOf : shortOf;
  for (let index = 1; index < last; index++) {
    const beyond = rightwards ? index > end : index < end;
    if (beyond) lay(cells, index, lifelines.has(index) ? glyphs.life : ' ', 'dim');
  }
  lay(cells, end, glyphs.lost, row.tone);
}

/** Neighbours of one tone as one piece. */
function piecesOf(cells: readonly ArrowCell[], left: number): Piece[] {
  const pieces: Piece[] = [];
  for (const [index, { text, tone }] of cells.entries()) {
    const before = pieces.at(-1);
    if (before?.tone === tone) before.text += text;
    else pieces.push({ column: left + index, text, tone });
  }
  return pieces;
}

/** The arrow of a row whose ends are different lifelines. The label stands left, the time on the way right. */
export function drawArrow(row: ArrowRow, layout: LadderLayout, glyphs: Glyphs): DrawnArrow {
  const [left = 0, right = 0] = [row.from, row.to].map((index) => layout.lifelines[index] ?? 0).sort((a, b) => a - b);
  const cells = shaft(row, left, right, layout, glyphs);
  if (row.lost) breakOff(cells, row, left, layout, glyphs);
  else if (row.part !== 'whole') fade(cells, row, left, layout, glyphs);
  const reaches = row.part !== 'leaves' && !row.lost;
  const rightwards = row.from < row.to;
  const head = (rightwards ? row.part !== 'arrives' : reaches) ? 3 : shortOf + 2;
  const tail = (rightwards ? reaches : row.part !== 'arrives') ? 3 : shortOf + 2;
  const room = cells.length - head - tail;
  const [label, transit] = [` ${row.label} `, row.transit === undefined ? '' : ` ${row.transit} `];
  const fitsLabel = textWidth(label) <= room;
  const fitsTransit = transit !== '' && fitsLabel && textWidth(label) + 1 + textWidth(transit) <= room;
  if (fitsLabel) lay(cells, head, label, row.tone);
  if (fitsTransit) lay(cells, cells.length - tail - textWidth(transit), transit, 'dim');
  return { left, right, pieces: piecesOf(cells, left), label: fitsLabel, transit: fitsTransit || transit === '' };
}
