// Rows at their times alone, so that distance is time: words and labels are left out where those before them still stand.

import type { LadderRow } from '../ladder-rows.ts';
import type { Frame } from './frame.ts';
import { lineHeight, type PlacedRow, padding, wordsOf } from './placed.ts';

/** Places on the paper that words have taken, each from the top down. */
function claims(): (place: string, top: number, height: number) => boolean {
  const free = new Map<string, number>();
  return (place, top, height) => {
    if (top < (free.get(place) ?? Number.NEGATIVE_INFINITY)) return false;
    free.set(place, top + height);
    return true;
  };
}

/** Which strip of paper a row's own text stands in: the gap right of a lifeline, or the words at the margin. */
function stripOf(row: LadderRow, frame: Frame): string {
  if (row.kind === 'arrow') return `gap ${Math.min(row.from, row.to)}`;
  if (row.kind !== 'note') return 'words';
  const own = frame.lifelines.find(({ column }) => column === row.column);
  return own && own.side > 0 ? 'words' : `gap ${row.column}`;
}

/** Every row at its microsecond; what is left out stands in its details. */
export function byTime(rows: readonly LadderRow[], frame: Frame, pixelsPerMillisecond: number): PlacedRow[] {
  const origin = rows[0]?.at ?? 0;
  const yOf = (at: number): number => padding + 14 + ((at - origin) / 1000) * pixelsPerMillisecond;
  const claim = claims();
  return rows.map((row) => {
    const { lines, comment, beside } = wordsOf(row, frame);
    const y = yOf(row.at);
    const endY = row.kind === 'arrow' && row.arrivedAt !== undefined ? yOf(row.arrivedAt) : y;
    const height = Math.max(1, lines.length) * lineHeight;
    const arrow = row.kind === 'arrow';
    const label = arrow ? claim(stripOf(row, frame), y - 16, 15) : claim(stripOf(row, frame), y - 7, height);
    const words = arrow ? claim('words', y - 8, height) : label;
    const times = (arrow || row.kind === 'note') && claim('times', y - 7, 14);
    const shows = { label, words, times, slim: true };
    return { row, top: y - 9, bottom: Math.max(endY, y) + 9, y, endY, lines, comment, beside, shows };
  });
}
