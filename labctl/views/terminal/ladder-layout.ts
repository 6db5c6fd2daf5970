// Where the lifelines stand: the gaps between them and the margin right of the last one share the terminal's width.

export interface LadderLayout {
  /** Column of each lifeline. */
  lifelines: number[];
  /** First column of the right margin, and its width. */
  margin: number;
  marginWidth: number;
  /** Where there is room: the column of a second time, right of the last lifeline, for what happens at that end. */
  clock?: number;
}

/** `#` and seconds stand before the first lifeline. */
export const firstLifeline = 15;
const smallestGap = 20;
const largestGap = 40;
const smallestMargin = 21;
const goodMargin = 28;

/** Columns that a ladder with so many hosts needs at least. */
export const neededWidth = (hosts: number): number =>
  firstLifeline + 1 + (hosts - 1) * (smallestGap + 1) + 1 + smallestMargin;

/** A second time takes `0.000 031` and the blanks around it; narrower terminals give the room to the words. */
const clockWidth = 11;
const widthForTwoTimes = 96;
const gapForTwoTimes = 28;

/** Time right of the last lifeline too: when a segment arrived there, or left. */
const hasTwoTimes = (hosts: number, width: number): boolean =>
  hosts > 1 &&
  width >= widthForTwoTimes &&
  width >= firstLifeline + (hosts - 1) * (gapForTwoTimes + 1) + 2 + clockWidth + goodMargin;

/** The layout, or nothing when the terminal is too narrow for so many hosts. */
export function layoutFor(hosts: number, width: number): LadderLayout | undefined {
  if (hosts === 0 || width < neededWidth(hosts)) return undefined;
  const clock = hasTwoTimes(hosts, width) ? clockWidth : 0;
  const room = width - clock - firstLifeline - 2 * hosts - goodMargin + hosts - 2;
  const gap = hosts === 1 ? 0 : Math.min(largestGap, Math.max(smallestGap, Math.floor(room / (hosts - 1))));
  const lifelines = Array.from({ length: hosts }, (_, index) => firstLifeline + index * (gap + 1));
  const beside = (lifelines.at(-1) ?? firstLifeline) + 2;
  const margin = beside + clock;
  return { lifelines, margin, marginWidth: width - margin, ...(clock > 0 ? { clock: beside } : {}) };
}
