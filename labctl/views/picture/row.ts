// One row of a ladder as SVG: an arrow with its label, times and states; a note beside its lifeline; a sentence across.

import { type ByKind, byKind } from '../by-kind.ts';
import { type Child, type Element, s } from '../element.ts';
import { clockText } from '../format.ts';
import type { ArrowRow, LadderRow, NoteRow } from '../ladder-rows.ts';
import { type Frame, type Lifeline, lifelineOf } from './frame.ts';
import { monoWidth, size } from './measure.ts';
import { hasOwnClock, noteStart, type PlacedRow } from './placed.ts';

type Placed<Row extends LadderRow> = PlacedRow & { row: Row };
type Arrow = Placed<{ at: number } & ArrowRow>;
type Note = Placed<{ at: number } & NoteRow>;

const text = (x: number, y: number, kind: string, words: string, anchor?: 'end' | 'middle'): Element =>
  s('text', { x: Math.round(x), y: Math.round(y), class: kind, 'text-anchor': anchor }, words);

/** Lines one below the other. */
const paragraph = (x: number, y: number, kind: string, lines: readonly string[]): Element[] =>
  lines.map((line, index) => text(x, y + index * 16, kind, line));

const cross = (x: number, y: number): Element =>
  s('path', { class: 'lost', d: `M${x - 5} ${y - 5}l10 10m0 -10l-10 10` });

const head = (x: number, y: number, way: 1 | -1): Element =>
  s('path', { class: 'head', d: `M${x} ${y}l${-9 * way} ${-4.5}v9z` });

interface Ends {
  from: Lifeline;
  to: Lifeline;
  way: 1 | -1;
}

/** The line with what it ends in. A lost one ends where the other half of the way would begin. */
function shaft({ row, y, endY }: Arrow, { from, to, way }: Ends): Element[] {
  const part = row.lost ? 0.72 : 1;
  const [x, end] = [from.x + (to.x - from.x) * part, y + (endY - y) * part];
  const line = s('line', { class: 'shaft', x1: from.x, y1: y, x2: x - (row.lost ? 0 : 2 * way), y2: end });
  const begin = row.part === 'arrives' ? [] : [s('circle', { class: 'dot', cx: from.x, cy: y, r: 2.6 })];
  if (row.lost) return [line, ...begin, cross(x, end)];
  if (row.part === 'leaves') return [line, ...begin];
  return [line, ...begin, head(to.x, endY, way)];
}

/** The label at the arrow's beginning, the time on the way at its end; both above the line. */
function labels({ row, y }: Arrow, { from, to, way }: Ends): Element[] {
  const [left, right] = [Math.min(from.x, to.x) + 12, Math.max(from.x, to.x) - 12];
  const room = right - left;
  const label = way > 0 ? text(left, y - 5, 'label', row.label) : text(right, y - 5, 'label', row.label, 'end');
  const transit = row.transit;
  if (transit === undefined || monoWidth(row.label) + monoWidth(transit, size.small) + 16 > room) return [label];
  const late = way > 0 ? text(right, y - 5, 'transit', transit, 'end') : text(left, y - 5, 'transit', transit);
  return [label, late];
}

/** States that this packet brought its ends into, under the arrow at their lifelines. */
function chips({ row, endY }: Arrow, frame: Frame): Element[] {
  return row.states.flatMap(({ column, state }, index) => {
    const lifeline = lifelineOf(frame, column);
    if (lifeline === undefined) return [];
    const before = row.states.slice(0, index).filter((each) => each.column === column).length;
    const inward = frame.lifelines.length > 1 && lifeline.side > 0 ? -1 : 1;
    const width = monoWidth(state, size.small) + 12;
    const x = inward > 0 ? lifeline.x + 8 : lifeline.x - 8 - width;
    const top = endY + 4 + before * 17;
    return [
      s('rect', {
        class: `chip state-${state.replace(/\W+/g, '-')}`,
        x: Math.round(x),
        y: top,
        width: Math.ceil(width),
        height: 15,
        rx: 7.5,
      }),
      text(x + width / 2, top + 11.2, 'chip-text', state, 'middle'),
    ];
  });
}

/** The clock of each side: with two hosts each has its own, with more it is sent at and arrived at. */
function times({ row, y, endY, shows }: Arrow, frame: Frame, { way }: Ends): Element[] {
  if (!shows.times) return [];
  const own = frame.ownTimes;
  const [sent, arrived] = [row.sentAt ?? (row.arrivedAt === undefined ? row.at : undefined), row.arrivedAt];
  const [left, right] = own && way < 0 ? [arrived, sent] : [sent, arrived];
  const [leftY, rightY] = own && way < 0 ? [endY, y] : [y, endY];
  return [
    ...(left === undefined ? [] : [text(frame.leftTime, leftY + 4, 'clock', clockText(left), 'end')]),
    ...(right === undefined ? [] : [text(frame.rightTime, rightY + 4, 'clock', clockText(right))]),
  ];
}

function arrow(placed: Arrow, frame: Frame): Element[] {
  const { row, y, lines, shows } = placed;
  const [from, to] = [lifelineOf(frame, row.from), lifelineOf(frame, row.to)];
  if (from === undefined || to === undefined) return [];
  const backwards = frame.ownTimes && to.x < from.x;
  const numberY = (backwards ? placed.endY : y) + 4;
  const number = shows.times ? [text(frame.number, numberY, 'number', `#${row.number}`, 'end')] : [];
  if (from === to) return [...number, ...loopback(placed, from, frame)];
  const ends: Ends = { from, to, way: to.x > from.x ? 1 : -1 };
  return [
    ...number,
    ...times(placed, frame, ends),
    ...shaft(placed, ends),
    ...(shows.label ? labels(placed, ends) : []),
    ...(shows.label && !shows.slim ? chips(placed, frame) : []),
    ...(shows.words ? paragraph(frame.words, y + 4, `words tone-${row.tone}`, lines) : []),
  ];
}

/** A packet that never leaves its host turns round beside the lifeline. */
function loopback({ row, y, lines, shows }: Arrow, lifeline: Lifeline, frame: Frame): Element[] {
  const start = noteStart(lifeline, frame);
  return [
    ...(shows.times ? [text(frame.leftTime, y + 4, 'clock', clockText(row.at), 'end')] : []),
    s('path', { class: 'shaft loop', d: `M${lifeline.x} ${y - 5}h16a5 5 0 0 1 0 10h-10` }),
    head(lifeline.x + 1, y + 5, -1),
    ...(shows.label ? [text(start + 18, y + 4, 'label', row.label)] : []),
    ...(shows.words ? paragraph(start + 30 + monoWidth(row.label), y + 4, `words tone-${row.tone}`, lines) : []),
    ...(shows.label ? row.states : []).map(({ state }, index) =>
      text(start + 18 + index * 120, y + 20, 'transit', state),
    ),
  ];
}

const marks: Partial<Record<NoteRow['role'], string>> = {
  started: '$',
  typed: '»',
  printed: '«',
  look: '◆',
  ended: '■',
};

function note({ row, y, lines, comment, beside, shows }: Note, frame: Frame): Element[] {
  const lifeline = lifelineOf(frame, row.column);
  if (lifeline === undefined) return [];
  const mark = marks[row.role];
  const start = noteStart(lifeline, frame) + (mark ? 14 : 0);
  const clock = hasOwnClock(lifeline, frame)
    ? text(frame.rightTime, y + 4, 'clock', clockText(row.at))
    : text(frame.leftTime, y + 4, 'clock', clockText(row.at), 'end');
  const after = start + monoWidth(lines.at(-1) ?? '') + 10;
  const last = y + 4 + (lines.length - 1) * 16;
  return [
    ...(shows.times ? [clock] : []),
    s('circle', { class: `event role-${row.role}`, cx: lifeline.x, cy: y, r: 3.2 }),
    ...(shows.label && mark ? [text(start - 14, y + 4, `mark role-${row.role}`, mark)] : []),
    ...(shows.label ? paragraph(start, y + 4, `note role-${row.role}`, lines) : []),
    ...(shows.label
      ? beside
        ? [text(after, last, 'aside', comment[0] ?? '')]
        : paragraph(start, last + 16, 'aside', comment)
      : []),
  ];
}

function sentence(placed: PlacedRow, frame: Frame, kind: string): Element[] {
  const { top, y, lines, shows } = placed;
  if (shows.slim)
    return [
      s('line', { class: 'instant', x1: frame.leftTime + 8, y1: y, x2: frame.width - 8, y2: y }),
      ...(shows.label ? [text(frame.words, y + 4, `sentence ${kind}`, lines[0] ?? '')] : []),
    ];
  const height = lines.length * 18 + 8;
  return [
    s('rect', { class: `band ${kind}`, x: 4, y: top + 6, width: frame.width - 8, height, rx: 5 }),
    ...lines.map((line, index) => text(frame.leftTime + 14, top + 23 + index * 18, `sentence ${kind}`, line)),
  ];
}

function pause({ y }: PlacedRow, frame: Frame, words: string): Element[] {
  return [
    ...frame.lifelines.map(({ x }) => s('line', { class: 'break', x1: x, y1: y - 12, x2: x, y2: y + 12 })),
    text(frame.leftTime, y + 4, 'clock', `⋮ ${words}`, 'end'),
  ];
}

const drawn: ByKind<LadderRow, { placed: PlacedRow; frame: Frame }, Child[]> = {
  arrow: (row, { placed, frame }) => arrow({ ...placed, row }, frame),
  note: (row, { placed, frame }) => note({ ...placed, row }, frame),
  step: (_row, { placed, frame }) => sentence(placed, frame, 'step'),
  failed: (_row, { placed, frame }) => sentence(placed, frame, 'failed'),
  gap: ({ duration }, { placed, frame }) => pause(placed, frame, duration),
  omitted: ({ rows }, { placed, frame }) => pause(placed, frame, `${rows}`),
};

/** What the row looks like to `attributes`' owner: a group with everything in it. */
export function rowElement(placed: PlacedRow, frame: Frame, attributes: Element['attributes'] = {}): Element {
  const { row, top, bottom } = placed;
  const kind = row.kind === 'arrow' ? ` tone-${row.tone}${row.lost ? ' is-lost' : ''}` : '';
  return s(
    'g',
    { class: `row row-${row.kind}${kind}`, ...attributes },
    s('rect', { class: 'hit', x: 0, y: top, width: frame.width, height: Math.max(4, bottom - top) }),
    ...byKind(drawn, row, { placed, frame }),
  );
}
