// Long pauses on a ladder: a mark stands for them, wherever rows are left out or not.

import { durationText } from './format.ts';

/** Shorter pauses are part of the work; from here on a gap is drawn. */
const longGap = 100_000;

/** Puts a mark into each long pause. */
export function withGaps<Row extends { at: number }>(
  rows: readonly Row[],
): (Row | { at: number; kind: 'gap'; duration: string })[] {
  return rows.flatMap((row, index) => {
    const before = rows[index - 1];
    const pause = before === undefined ? 0 : row.at - before.at;
    return pause < longGap ? [row] : [{ at: row.at, kind: 'gap' as const, duration: durationText(pause) }, row];
  });
}
