// What a row of a ladder needs in a picture: its words, wrapped, where they begin, and how high they stand.

import type { LadderRow } from '../ladder-rows.ts';
import { type Frame, type Lifeline, laneWidth, lifelineOf } from './frame.ts';
import { monoWidth, wrapMono, wrapText } from './measure.ts';

export interface PlacedRow {
  row: LadderRow;
  /** Top and bottom: what is outside of the window need not be drawn. */
  top: number;
  bottom: number;
  /** Where its moment is: an arrow's beginning, and its end. */
  y: number;
  endY: number;
  /** The words: of an arrow or a sentence, of a note with its comment behind. */
  lines: string[];
  comment: string[];
  /** The comment stands behind the last line, not under it. */
  beside: boolean;
  /** Uniform time leaves no room for everything; `slim` rows have no height of their own. */
  shows: { label: boolean; words: boolean; times: boolean; slim: boolean };
}

export const lineHeight = 16;
export const padding = 10;
export const everything: PlacedRow['shows'] = { label: true, words: true, times: true, slim: false };

/** A note stands in the gap right of its lifeline if it fits there, else over what is right of it. */
function noteWidth(row: LadderRow & { kind: 'note' }, frame: Frame): number {
  const own = lifelineOf(frame, row.column);
  const next = frame.lifelines.find(({ x }) => own !== undefined && x > own.x);
  const start = noteStart(own, frame);
  const gap = (next ? next.x - (next.side < 0 ? next.lanes * laneWidth : 0) : frame.width) - start - 26;
  const needed = Math.max(...row.text.split('\n').map((line) => monoWidth(line))) + row.comment.length * 7.4;
  return needed <= gap ? gap : frame.width - start - 26;
}

/** Of two hosts the right one's times stand in a column of their own, and its calls behind that. */
export const hasOwnClock = ({ side }: Lifeline, { ownTimes }: Frame): boolean => side > 0 && ownTimes;

/** Where words beside a lifeline begin, in pixels. */
export function noteStart(lifeline: Lifeline | undefined, frame: Frame): number {
  if (lifeline === undefined) return 0;
  if (hasOwnClock(lifeline, frame)) return frame.words;
  return lifeline.x + 12 + (lifeline.side > 0 ? lifeline.lanes * laneWidth : 0);
}

/** Each lifeline has its states below each other. */
const chipLines = (states: readonly { column: number }[]): number =>
  Math.max(0, ...states.map(({ column }) => states.filter((each) => each.column === column).length));

/** Words of a row, wrapped, and how high it is when rows lie one below the other. */
export function wordsOf(
  row: LadderRow,
  frame: Frame,
): Pick<PlacedRow, 'lines' | 'comment' | 'beside'> & { height: number } {
  if (row.kind === 'arrow') {
    const lines = wrapText(row.comment, frame.wordsWidth);
    const own = row.from === row.to ? 24 : 34;
    return {
      lines,
      comment: [],
      beside: false,
      height: Math.max(own + chipLines(row.states) * 17, 14 + lines.length * lineHeight),
    };
  }
  if (row.kind === 'note') {
    const width = noteWidth(row, frame);
    const lines = wrapMono(row.text, width);
    const beside = monoWidth(lines.at(-1) ?? '') + 12 + row.comment.length * 7.4 <= width;
    const comment = row.comment === '' ? [] : beside ? [row.comment] : wrapText(row.comment, width);
    return { lines, comment, beside, height: 8 + (lines.length + (beside ? 0 : comment.length)) * lineHeight };
  }
  if (row.kind === 'gap' || row.kind === 'omitted') return { lines: [], comment: [], beside: false, height: 26 };
  const lines = wrapText(row.text, Math.min(frame.width - 150, 760));
  return { lines, comment: [], beside: false, height: 20 + lines.length * 18 };
}
