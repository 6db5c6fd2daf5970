// Where the lifelines stand: the gaps between them and the margin right of the last one share the terminal's width.

export interface LadderLayout {
  /** Column of each lifeline. */
  lifelines: number[];
  /** First column of the right margin, and its width. */
  margin: number;
  marginWidth: number;
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

/** The layout, or nothing when the terminal is too narrow for so many hosts. */
export function layoutFor(hosts: number, width: number): LadderLayout | undefined {
  if (hosts === 0 || width < neededWidth(hosts)) return undefined;
  const room = width - firstLifeline - 2 * hosts - goodMargin + hosts - 2;
  const gap = hosts === 1 ? 0 : Math.min(largestGap, Math.max(smallestGap, Math.floor(room / (hosts - 1))));
  const lifelines = Array.from({ length: hosts }, (_, index) => firstLifeline + index * (gap + 1));
  const margin = (lifelines.at(-1) ?? firstLifeline) + 2;
  return { lifelines, margin, marginWidth: width - margin };
}
