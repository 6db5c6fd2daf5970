// A connection's bytes in flight and its windows as curves in an SVG.

import { type Element, s } from '../element.ts';
import { axisEnd, bytesText, type Growth, type GrowthPoint } from '../growth.ts';

export interface GrowthWords {
  title: string;
  description: string;
  inFlight: string;
  congestionWindow: string;
  peerWindow: string;
}

const size = { width: 760, height: 250 };
const plot = { left: 70, right: 750, top: 30, bottom: 215 };

type Place = (point: GrowthPoint, bytes: number) => [x: number, y: number];

function placeOf({ points }: Growth, end: number): Place {
  const [from, until] = [points[0]?.at ?? 0, points.at(-1)?.at ?? 0];
  const one = (value: number): number => Math.round(value * 10) / 10;
  return ({ at }, bytes) => [
    one(plot.left + ((at - from) / Math.max(1, until - from)) * (plot.right - plot.left)),
    one(plot.bottom - (Math.min(bytes, end) / end) * (plot.bottom - plot.top)),
  ];
}

/** From measure to measure a value stays what it was. */
function stairs(
  points: readonly GrowthPoint[],
  value: (point: GrowthPoint) => number | undefined,
  place: Place,
): string {
  const told = points.flatMap((point) => {
    const bytes = value(point);
    return bytes === undefined ? [] : [place(point, bytes)];
  });
  return told.map(([x, y], index) => (index === 0 ? `M${x} ${y}` : `H${x}V${y}`)).join('');
}

/** Bytes at the left, seconds below. */
function axes({ points }: Growth, end: number): Element[] {
  const marks = [0, 0.5, 1].map((share) => ({
    y: plot.bottom - share * (plot.bottom - plot.top),
    text: bytesText(Math.round(share * end)),
  }));
  const seconds = (at = 0): string => `${(at / 1_000_000).toFixed(3)} s`;
  return [
    ...marks.flatMap(({ y, text }) => [
      s('line', { class: 'grid', x1: plot.left, y1: y, x2: plot.right, y2: y }),
      s('text', { x: plot.left - 8, y: y + 4, 'text-anchor': 'end' }, text),
    ]),
    s('text', { x: plot.left, y: plot.bottom + 18 }, seconds(points[0]?.at)),
    s('text', { x: plot.right, y: plot.bottom + 18, 'text-anchor': 'end' }, seconds(points.at(-1)?.at)),
  ];
}

/** What each curve is; a dash pattern tells them apart without colour. */
function legend(words: GrowthWords, hasPeer: boolean): Element[] {
  const entries = [
    ['flight', words.inFlight],
    ['window', words.congestionWindow],
    ...(hasPeer ? [['peer', words.peerWindow]] : []),
  ];
  return entries.flatMap(([kind, text], index) => [
    s('path', { class: kind, d: `M${plot.left + index * 200} 12h26` }),
    s('text', { x: plot.left + index * 200 + 32, y: 16 }, text ?? ''),
  ]);
}

/** One chart. The peer's window is drawn as far as it fits: it limits nothing where it is larger. */
export function growthPicture(growth: Growth, words: GrowthWords): Element {
  const { points, most } = growth;
  const end = axisEnd(most);
  const place = placeOf(growth, end);
  const flight = stairs(points, ({ inFlight }) => inFlight, place);
  const hasPeer = points.some(({ peerWindow }) => peerWindow !== undefined && peerWindow <= end);
  return s(
    'svg',
    { class: 'growth', viewBox: `0 0 ${size.width} ${size.height}`, ...size, role: 'img' },
    s('title', {}, words.title),
    s('desc', {}, words.description),
    axes(growth, end),
    s('path', { class: 'area', d: `${flight}V${plot.bottom}H${plot.left}Z` }),
    s('path', { class: 'flight', d: flight }),
    s('path', { class: 'window', d: stairs(points, ({ congestionWindow }) => congestionWindow, place) }),
    hasPeer &&
      s('path', {
        class: 'peer',
        d: stairs(
          points,
          ({ peerWindow }) => (peerWindow !== undefined && peerWindow <= end ? peerWindow : undefined),
          place,
        ),
      }),
    s('line', { class: 'grid', x1: plot.left, y1: plot.top, x2: plot.left, y2: plot.bottom }),
    legend(words, hasPeer),
  );
}
