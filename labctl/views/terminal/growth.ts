// A connection's bytes in flight and its windows as a chart of characters:
//
//   c1 at client1, conversation 1, reno
//    80 kB ┤                ─
//          │          ───── ▆──────
//    40 kB ┤     ─────▂▄▆███████▇▇▇
//          │ ────▃▅▇███████████████
//        0 ┴───────────────────────
//           0.412 s         1.250 s

import type { Report } from '../../model/report.ts';
import { axisEnd, bytesText, type Growth, type GrowthPoint, growthsOf, mostOf, peerWindowOf } from '../growth.ts';
import type { TerminalStyle } from '../style.ts';
import { wordsOf } from '../words.ts';
import { headingLines, paragraphLines } from './section.ts';

/** Rows of a chart, and columns beyond which it gains nothing. */
const height = 10;
const widest = 90;
const labelWidth = 9;

interface Signs {
  /** Ever fuller, the last one full. */
  fill: readonly string[];
  window: string;
  axis: string;
  tick: string;
  foot: string;
  line: string;
}
const drawn: Signs = {
  fill: ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
  ...{ window: '─', axis: '│', tick: '┤', foot: '┴', line: '─' },
};
const ascii: Signs = { fill: ['#'], ...{ window: '-', axis: '|', tick: '+', foot: '+', line: '-' } };

interface Column {
  inFlight: number;
  congestionWindow: number;
}

/** What each column shows: the most that was measured in its time, else what was measured last. */
function columnsOf(points: readonly GrowthPoint[], width: number): Column[] {
  const [from, until] = [points[0]?.at ?? 0, points.at(-1)?.at ?? 0];
  const placeOf = (at: number): number =>
    Math.min(width - 1, Math.floor(((at - from) / Math.max(1, until - from)) * width));
  const columns: (Column | undefined)[] = Array.from({ length: width });
  for (const { at, inFlight, congestionWindow } of points) {
    const before = columns[placeOf(at)];
    columns[placeOf(at)] = {
      inFlight: Math.max(before?.inFlight ?? 0, inFlight),
      congestionWindow: Math.max(before?.congestionWindow ?? 0, congestionWindow),
    };
  }
  let last: Column = { inFlight: 0, congestionWindow: 0 };
  return columns.map((column) => (last = column ?? last));
}

/** The character of one column in one row, counted from the bottom: how far it is filled, or the window above it. */
function cell({ inFlight, congestionWindow }: Column, row: number, perRow: number, signs: Signs): string {
  const steps = signs.fill.length;
  const filled = Math.round((inFlight / perRow - row) * steps);
  const isWindow = Math.min(height - 1, Math.max(0, Math.ceil(congestionWindow / perRow) - 1)) === row;
  if (filled >= steps) return signs.fill.at(-1) ?? '';
  if (isWindow) return signs.window;
  return filled > 0 ? (signs.fill[filled - 1] ?? '') : ' ';
}

function chartLines({ points, most }: Growth, style: TerminalStyle): string[] {
  const signs = style.unicode ? drawn : ascii;
  const width = Math.max(10, Math.min(widest, style.width - labelWidth - 3));
  const end = axisEnd(most);
  const columns = columnsOf(points, width);
  const labelOf = (row: number): string =>
    row === height ? bytesText(end) : row * 2 === height ? bytesText(end / 2) : '';
  const rows = Array.from({ length: height }, (_, index) => {
    const row = height - 1 - index;
    const label = labelOf(row + 1);
    const cells = columns.map((column) => cell(column, row, end / height, signs)).join('');
    return `${label.padStart(labelWidth)} ${label === '' ? signs.axis : signs.tick}${cells}`.trimEnd();
  });
  const seconds = (point: GrowthPoint | undefined): string => `${((point?.at ?? 0) / 1_000_000).toFixed(3)} s`;
  const [first, last] = [seconds(points[0]), seconds(points.at(-1))];
  return [
    ...rows,
    `${'0'.padStart(labelWidth)} ${signs.foot}${signs.line.repeat(width)}`,
    `${' '.repeat(labelWidth + 2)}${first}${last.padStart(width - first.length)}`,
  ];
}

function factLines(growth: Growth, style: TerminalStyle): string[] {
  const { growth: words } = wordsOf(style.language);
  const facts = [words.most(...mostOf(growth)), ...peerWindowOf(growth, words.peer)];
  return facts.flatMap((fact) => paragraphLines(fact, style, labelWidth + 2, 'dim'));
}

/** The charts of all connections that were measured, or of one conversation (1-based). No section where there are none. */
export function growthLines(report: Report, style: TerminalStyle, conversation?: number): string[] {
  const { growth: words } = wordsOf(style.language);
  const growths = growthsOf(report).filter((each) => conversation === undefined || each.conversation === conversation);
  if (growths.length === 0) return [];
  const signs = style.unicode ? drawn : ascii;
  return [
    ...headingLines(words.heading, style),
    ...paragraphLines(words.legend(signs.fill.at(-1) ?? '', signs.window), style, 1, 'dim'),
    ...growths.flatMap((growth) => [
      '',
      ...paragraphLines(words.title(growth), style, 1, 'strong'),
      ...chartLines(growth, style),
      ...factLines(growth, style),
    ]),
  ];
}
