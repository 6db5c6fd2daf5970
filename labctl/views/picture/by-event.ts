// Rows one below the other, each as high as its words: time is read beside them.

import type { LadderRow } from '../ladder-rows.ts';
import type { Frame } from './frame.ts';
import { everything, type PlacedRow, padding, wordsOf } from './placed.ts';

/** An arrow falls a little on its way, as time passes. */
const slant = 7;

/** Where in its row a moment is: at the edge of a sentence, so that no line goes through words. */
const placeOf: Partial<Record<LadderRow['kind'], number>> = { arrow: 19, note: 13, step: 6, failed: 6 };

/** No row overlaps another. */
export function byEvent(rows: readonly LadderRow[], frame: Frame): PlacedRow[] {
  let top = padding;
  return rows.map((row) => {
    const { lines, comment, beside, height } = wordsOf(row, frame);
    const loop = row.kind === 'arrow' && row.from === row.to;
    const y = top + (placeOf[loop ? 'note' : row.kind] ?? height / 2);
    const endY = row.kind === 'arrow' && !loop ? y + slant : y;
    const placed = { row, top, bottom: top + height, y, endY, lines, comment, beside, shows: everything };
    top += height;
    return placed;
  });
}
