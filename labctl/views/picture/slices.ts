// A ladder cut into pages: pictures one below the other, each with its heads, none cutting a row in two.

import type { SocketTrack } from '../../model/instant.ts';
import { type Element, s } from '../element.ts';
import type { Ladder } from '../ladder-rows.ts';
import { groundElements } from './ground.ts';
import { headElements, headHeight } from './heads.ts';
import { layOut, type Picture } from './layout.ts';
import type { PlacedRow } from './placed.ts';
import { rowElement } from './row.ts';
import type { SvgOptions } from './svg.ts';

/** As wide as the ladder is drawn on paper, so much fits on a page, whichever of A4 and Letter it is. */
export const sliceHeight = 1270;
/** The first page has the report's title, too. */
const titleRoom = 400;

interface Slice {
  top: number;
  bottom: number;
  rows: PlacedRow[];
}

/** Rows in order, each slice as full as it gets. */
function cut(rows: readonly PlacedRow[], height: number, firstHeight: number): Slice[] {
  const slices: Slice[] = [];
  for (const placed of rows) {
    const last = slices.at(-1);
    if (last && placed.bottom - last.top <= (slices.length === 1 ? firstHeight : height)) {
      last.rows.push(placed);
      last.bottom = placed.bottom;
    } else slices.push({ top: placed.top, bottom: placed.bottom, rows: [placed] });
  }
  return slices;
}

function sliceElement(
  { top, bottom, rows }: Slice,
  picture: Picture,
  sockets: readonly SocketTrack[],
  options: SvgOptions,
): Element {
  const { frame } = picture;
  const [width, height] = [Math.round(frame.width), Math.round(bottom - top)];
  const idOf = ({ row }: PlacedRow): string | undefined =>
    row.kind === 'arrow' && row.part !== 'arrives' ? options.idOf?.(row.number) : undefined;
  return s(
    'svg',
    {
      class: 'ladder slice',
      viewBox: `0 0 ${width} ${height + headHeight}`,
      width,
      height: height + headHeight,
      role: 'img',
    },
    s('title', {}, options.title),
    s('g', { class: 'heads' }, headElements(frame, options.words)),
    // An svg within an svg shows nothing of what lies outside of it.
    s(
      'svg',
      { y: headHeight, width, height, viewBox: `0 ${top} ${width} ${height}` },
      groundElements(picture, sockets, { top, bottom }),
      rows.map((placed) => rowElement(placed, frame, { id: idOf(placed) })),
    ),
  );
}

/** The whole ladder, by event, in slices of at most so many pixels. */
export function ladderSlices(
  ladder: Ladder,
  sockets: readonly SocketTrack[],
  options: SvgOptions,
  height = sliceHeight,
): Element[] {
  const { width, conversation } = options;
  const picture = layOut(ladder, sockets, { width, scale: 'events', conversation });
  return cut(picture.rows, height - headHeight, Math.max(height - titleRoom, height / 2) - headHeight).map((slice) =>
    sliceElement(slice, picture, sockets, options),
  );
}
