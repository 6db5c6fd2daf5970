// Where each row of a ladder lies in a picture: one below the other (by event), or by its time alone (uniform).

import type { SocketTrack } from '../../model/instant.ts';
import type { Ladder, LadderRow } from '../ladder-rows.ts';
import { type Frame, frameOf, type Lifeline, lifelineOf } from './frame.ts';
import { type Lane, lanesAt, lanesOf } from './lanes.ts';
import { monoWidth, wrapMono, wrapText } from './measure.ts';

export interface LayoutOptions {
  width: number;
  /** `time`: y is time, at so many pixels a millisecond. */
  scale: 'events' | { pixelsPerMillisecond: number };
  /** 0-based: the states of this conversation's sockets alone. */
  conversation?: number;
}

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
  /** Uniform time leaves no room for everything. */
  shows: { label: boolean; words: boolean; times: boolean };
}

export interface Picture {
  frame: Frame;
  rows: PlacedRow[];
  lanes: Lane[];
  /** Packets with the rows that carry their bytes again. */
  ties: { original: PlacedRow; again: PlacedRow }[];
  height: number;
  /** The place of an instant, in microseconds since the ladder's zero; and the instant of a place. */
  yOf: (at: number) => number;
  timeAt: (y: number) => number;
}

const lineHeight = 16;
const slant = 7;
const padding = 10;
const everything = { label: true, words: true, times: true };

/** A note stands in the gap right of its lifeline if it fits there, else over what is right of it. */
function noteWidth(row: LadderRow & { kind: 'note' }, frame: Frame): number {
  const own = lifelineOf(frame, row.column);
  const next = frame.lifelines.find(({ x }) => own !== undefined && x > own.x);
  const start = noteStart(own, frame);
  const gap = (next ? next.x - (next.side < 0 ? next.lanes * 7 : 0) : frame.width) - start - 26;
  const needed = Math.max(...row.text.split('\n').map((line) => monoWidth(line))) + row.comment.length * 7.4;
  return needed <= gap ? gap : frame.width - start - 26;
}

/** Of two hosts the right one's times stand in a column of their own, and its calls behind that. */
export const hasOwnClock = ({ side }: Lifeline, { lifelines }: Frame): boolean => side > 0 && lifelines.length === 2;

export function noteStart(lifeline: Lifeline | undefined, frame: Frame): number {
  if (lifeline === undefined) return 0;
  if (hasOwnClock(lifeline, frame)) return frame.words;
  return lifeline.x + 12 + (lifeline.side > 0 ? lifeline.lanes * 7 : 0);
}

/** Words of a row, wrapped, and how high it is when rows lie one below the other. */
function wordsOf(row: LadderRow, frame: Frame): Pick<PlacedRow, 'lines' | 'comment' | 'beside'> & { height: number } {
  if (row.kind === 'arrow') {
    const lines = wrapText(row.comment, frame.wordsWidth);
    const own = row.from === row.to ? 24 : 34;
    return {
      lines,
      comment: [],
      beside: false,
      height: Math.max(own + (row.states.length > 0 ? 17 : 0), 14 + lines.length * lineHeight),
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
  const lines = wrapText(row.text, Math.min(frame.width - 80, 760));
  return { lines, comment: [], beside: false, height: 20 + lines.length * 18 };
}

function byEvent(rows: readonly LadderRow[], frame: Frame): PlacedRow[] {
  let top = padding;
  return rows.map((row) => {
    const { lines, comment, beside, height } = wordsOf(row, frame);
    const loop = row.kind === 'arrow' && row.from === row.to;
    const y = top + (row.kind === 'arrow' && !loop ? 19 : row.kind === 'note' || loop ? 13 : height / 2);
    const endY = row.kind === 'arrow' && !loop ? y + slant : y;
    const placed = { row, top, bottom: top + height, y, endY, lines, comment, beside, shows: everything };
    top += height;
    return placed;
  });
}

/** Words and labels are left out where those before them still stand. */
function byTime(rows: readonly LadderRow[], frame: Frame, pixelsPerMillisecond: number): PlacedRow[] {
  const yOf = (at: number): number => padding + 14 + (at / 1000) * pixelsPerMillisecond;
  const free = new Map<string, number>();
  const claim = (place: string, y: number, height: number): boolean => {
    if (y < (free.get(place) ?? Number.NEGATIVE_INFINITY)) return false;
    free.set(place, y + height);
    return true;
  };
  return rows.map((row) => {
    const { lines, comment, beside } = wordsOf(row, frame);
    const y = yOf(row.at);
    const endY = row.kind === 'arrow' && row.arrivedAt !== undefined ? yOf(row.arrivedAt) : y;
    const across = row.kind !== 'arrow' && row.kind !== 'note';
    const place = row.kind === 'note' ? `note ${row.column}` : across ? 'across' : 'arrow';
    const height = Math.max(1, lines.length) * lineHeight;
    const label = claim(row.kind === 'arrow' ? `label ${Math.min(row.from, row.to)}` : place, y, across ? 20 : 14);
    const words = row.kind === 'arrow' ? claim('words', y, height) : label;
    const shows = { label, words, times: claim('times', y, 14) };
    return { row, top: y - 20, bottom: Math.max(endY, y + height) + 8, y, endY, lines, comment, beside, shows };
  });
}

/** The last of the rows, in order, whose key is not beyond the value; -1 before the first. */
function lastUpTo(rows: readonly PlacedRow[], value: number, key: (row: PlacedRow) => number): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (key(rows[middle] as PlacedRow) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

const nowhere: PlacedRow = {
  ...{ row: { at: 0, kind: 'gap', duration: '' }, top: 0, bottom: 0, y: padding, endY: padding },
  ...{ lines: [], comment: [], beside: false, shows: everything },
};

/** Between two rows time passes evenly. */
function clockOf(rows: readonly PlacedRow[]): Pick<Picture, 'yOf' | 'timeAt'> {
  const between = (value: number, from: (row: PlacedRow) => number, to: (row: PlacedRow) => number): number => {
    const index = lastUpTo(rows, value, from);
    const [a, b] = [rows[index], rows[index + 1]];
    if (a === undefined || b === undefined) return to(a ?? b ?? nowhere);
    const share = from(b) > from(a) ? (value - from(a)) / (from(b) - from(a)) : 0;
    return to(a) + share * (to(b) - to(a));
  };
  return {
    yOf: (at) =>
      between(
        at,
        ({ row }) => row.at,
        ({ y }) => y,
      ),
    timeAt: (place) =>
      Math.round(
        between(
          place,
          ({ y }) => y,
          ({ row }) => row.at,
        ),
      ),
  };
}

/** Each repetition with the row in which its original left. */
function tiesOf(rows: readonly PlacedRow[]): Picture['ties'] {
  const byNumber = new Map<number, PlacedRow>();
  return rows.flatMap((again) => {
    const { row } = again;
    if (row.kind !== 'arrow' || row.part === 'arrives') return [];
    byNumber.set(row.number, again);
    const original = byNumber.get(row.repeats ?? -1);
    return original ? [{ original, again }] : [];
  });
}

const columnsOf = (ladder: Ladder): number[] => {
  const used = new Set(
    ladder.rows.flatMap((row) => (row.kind === 'arrow' ? [row.from, row.to] : row.kind === 'note' ? [row.column] : [])),
  );
  const all = ladder.columns.map((_, index) => index);
  return used.size === 0 ? all : all.filter((column) => used.has(column));
};

/** A picture of the ladder's rows, with the states of these sockets. */
export function layOut(ladder: Ladder, sockets: readonly SocketTrack[], options: LayoutOptions): Picture {
  const { width, scale, conversation } = options;
  const own = (socket: SocketTrack): boolean =>
    conversation === undefined || socket.conversation === conversation || socket.side === 'listener';
  const lanes = lanesOf(sockets, own);
  const columns = columnsOf(ladder);
  const frame = frameOf(ladder.columns, {
    width,
    columns,
    lanes: (column) => lanesAt(lanes, ladder.columns[column]?.host ?? ''),
  });
  const rows =
    scale === 'events' ? byEvent(ladder.rows, frame) : byTime(ladder.rows, frame, scale.pixelsPerMillisecond);
  const height = Math.max(80, rows.reduce((lowest, { bottom }) => Math.max(lowest, bottom), 0) + padding);
  return { frame, rows, lanes, ties: tiesOf(rows), height, ...clockOf(rows) };
}
