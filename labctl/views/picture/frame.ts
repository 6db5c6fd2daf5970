// The columns of a ladder in pixels: lifelines with room for their sockets' states, a time column on either side, the words.

import type { LadderColumn } from '../ladder-columns.ts';

export interface Lifeline {
  /** Index into the ladder's columns. */
  column: number;
  host: string;
  endpoint: string;
  x: number;
  /** Which way its states and ties stand off: left of it, or right of the last one. */
  side: -1 | 1;
  /** Sockets drawn beside it at once. */
  lanes: number;
}

export interface Frame {
  width: number;
  lifelines: Lifeline[];
  /** Two hosts have a time column each; else one is for sending, one for arriving. */
  ownTimes: boolean;
  /** Right edges of the numbers and of the left times; left edges of the right times and of the words. */
  number: number;
  leftTime: number;
  rightTime: number;
  words: number;
  wordsWidth: number;
}

/** Of hosts that are known by their address alone only the port is said again. */
const withoutHost = (endpoint: string, host: string): string =>
  endpoint.startsWith(host) ? endpoint.slice(host.length) : endpoint;

export const laneWidth = 7;
/** Longer names do not fit over a time column. */
const longestName = 10;
const firstTime = 122;
/** Room for the bow from a packet to its repetition. */
const tieRoom = 20;
const timeWidth = 76;
/** Endpoints over neighbouring lifelines must not touch: one begins at its line, the next stands in the middle of its own. */
const gapFor = (characters: number): number => Math.min(216, Math.max(150, Math.ceil(characters * 1.5 * 7.3) + 14));
const smallestWords = 225;

export interface FrameOptions {
  width: number;
  /** Indexes of the ladder's columns that are drawn. */
  columns: readonly number[];
  /** Lanes that each of them needs. */
  lanes: (column: number) => number;
}

/** Where everything stands; wider than asked where so many hosts need it. */
export function frameOf(all: readonly LadderColumn[], { width, columns, lanes }: FrameOptions): Frame {
  const last = columns.length - 1;
  const smallestGap = gapFor(Math.max(0, ...columns.map((column) => all[column]?.endpoint.length ?? 0)));
  const beside = columns.map((column) => lanes(column) * laneWidth);
  const first = firstTime + tieRoom + (beside[0] ?? 0);
  const outside = last > 0 ? (beside[last] ?? 0) : 0;
  const after = tieRoom + outside + timeWidth;
  const room = width - first - after - last * smallestGap;
  const wordsWidth = Math.max(smallestWords, Math.min(400, width * 0.28, room));
  const gap = last > 0 ? Math.max(smallestGap, (width - first - after - wordsWidth) / last) : 0;
  const lifelines = columns.map((column, index): Lifeline => {
    const { host = '', endpoint = '' } = all[column] ?? {};
    const side = index === last && last > 0 ? 1 : -1;
    return {
      column,
      host,
      endpoint: withoutHost(endpoint, host),
      x: Math.round(first + index * gap),
      side,
      lanes: lanes(column),
    };
  });
  const right = (lifelines.at(-1)?.x ?? first) + tieRoom + outside;
  const words = right + timeWidth;
  return {
    width: Math.max(width, words + wordsWidth),
    lifelines,
    ownTimes: lifelines.length === 2 && lifelines.every(({ host }) => host.length <= longestName),
    number: 38,
    leftTime: firstTime - 10,
    rightTime: right,
    words,
    wordsWidth: Math.max(wordsWidth, width - words) - 12,
  };
}

/** The lifeline of a ladder's column, where it is drawn. */
export const lifelineOf = ({ lifelines }: Frame, column: number): Lifeline | undefined =>
  lifelines.find((each) => each.column === column);
