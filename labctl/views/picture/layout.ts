// Where each row of a ladder lies in a picture: one below the other (by event), or by its time alone (uniform).

import type { SocketTrack } from '../../model/instant.ts';
import type { Ladder } from '../ladder-rows.ts';
import { byEvent } from './by-event.ts';
import { byTime } from './by-time.ts';
import { type Frame, frameOf } from './frame.ts';
import { type Lane, lanesAt, lanesOf } from './lanes.ts';
import { everything, type PlacedRow, padding } from './placed.ts';

export interface LayoutOptions {
  width: number;
  /** `time`: y is time, at so many pixels a millisecond. */
  scale: 'events' | { pixelsPerMillisecond: number };
  /** 0-based: the states of this conversation's sockets alone. */
  conversation?: number;
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
  const first = rows[0]?.row.at ?? 0;
  const between = (value: number, from: (row: PlacedRow) => number, to: (row: PlacedRow) => number): number => {
    const index = lastUpTo(rows, value, from);
    const [a, b] = [rows[index], rows[index + 1]];
    if (a === undefined || b === undefined) return to(a ?? b ?? nowhere);
    const share = from(b) > from(a) ? (value - from(a)) / (from(b) - from(a)) : 0;
    return to(a) + share * (to(b) - to(a));
  };
  return {
    yOf: (at) =>
      at < first
        ? padding / 2
        : between(
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
