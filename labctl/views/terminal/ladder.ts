// Draws the ladder on a terminal: one lifeline a host, one time line for all. The target, in 80 columns:
//
//   #    seconds client1                           server
//                172.30.0.3:41022                  172.30.0.2:5000
//      0.000 052 │ connect(3, server:5000) = 0     │
//   1  0.000 083 ├── S seq 0 ───────────── 31 µs ─►│ SYN: client1 asks to connect
//                │ SYN-SENT           SYN-RECEIVED │
//   2  0.000 131 │◄─ S. seq 0 ack 1 ────── 28 µs ──┤ SYN-ACK from server’s kernel
//                │ ESTABLISHED                     │
//   3  0.000 180 ├── . ack 1 ───────────── 22 µs ─►│ ACK: open; initial RTT 97 µs
//                │                     ESTABLISHED │
//      0.000 240 │                                 │ accept(3) = 4 ← :41022
//                │                                 │ waited 1.204 s
//     ⋮ 1.203 s  ┊                                 ┊
//   4  1.203 400 ├── P. 1:9 ack 1 ────────────✗    │ lost: never arrived; 8 bytes
//                │                                 │ "bonjour\n"
//   5  1.407 112 ├── P. 1:9 ack 1 ──────── 33 µs ─►│ #4 again, after 203.7 ms

import { type ByKind, byKind } from '../by-kind.ts';
import { clockText, countText } from '../format.ts';
import type { ArrowRow, Ladder, LadderRow, NoteRow } from '../ladder-rows.ts';
import { paint, type TerminalStyle, type Tone } from '../style.ts';
import { visible } from '../visible.ts';
import { cut, textWidth, wrap } from '../width.ts';
import { wordsOf } from '../words.ts';
import { drawArrow } from './arrow.ts';
import { fieldLines, lineWith, type Words } from './field.ts';
import { type Glyphs, glyphsOf, noteMark } from './glyphs.ts';
import { type LadderLayout, layoutFor } from './ladder-layout.ts';
import { ladderList } from './ladder-list.ts';
import { lineOf, type Piece } from './line.ts';

interface Canvas {
  ladder: Ladder;
  layout: LadderLayout;
  style: TerminalStyle;
  glyphs: Glyphs;
}

const noteTones: Record<NoteRow['role'], Tone> = {
  call: 'call',
  typed: 'strong',
  printed: 'strong',
  started: 'dim',
  ended: 'dim',
  look: 'dim',
  failed: 'bad',
};

const lifelinePieces = ({ layout }: Canvas, glyph: string): Piece[] =>
  layout.lifelines.map((column) => ({ column, text: glyph, tone: 'dim' as const }));

/** When something happened at the left end of a row, and when at its right end. */
interface Times {
  left?: number;
  right?: number;
}

/** Number and time of a row before the first lifeline; where there is room, the time at its right end behind the last. */
function stamp(number: string, { left, right }: Times, { layout }: Canvas): Piece[] {
  const clock = left === undefined ? '' : clockText(left);
  return [
    { column: 0, text: number.padStart(3), tone: 'dim' },
    { column: Math.max(4, 14 - textWidth(clock)), text: clock, tone: 'dim' },
    ...(layout.clock === undefined || right === undefined
      ? []
      : [{ column: layout.clock, text: clockText(right), tone: 'dim' as const }]),
  ];
}

/** Both times of an arrow where there is room for both, else the one of the row. */
function arrowTimes({ at, from, to, sentAt, arrivedAt }: LadderRow & ArrowRow, { layout }: Canvas): Times {
  if (layout.clock === undefined) return { left: at };
  return from < to ? { left: sentAt, right: arrivedAt } : { left: arrivedAt, right: sentAt };
}

/** The time of what happens at one lifeline: at the last one it stands behind it, where there is room. */
function timesAt(index: number, at: number, { layout }: Canvas): Times {
  const behind = layout.clock !== undefined && index === layout.lifelines.length - 1;
  return behind ? { right: at } : { left: at };
}

/** Where words beside a lifeline begin. */
const besideColumn = (index: number, { layout }: Canvas): number =>
  index === layout.lifelines.length - 1 ? layout.margin : (layout.lifelines[index] ?? 0) + 2;

/** A first line, and as many more with bare lifelines as the field or the words under the first line need. */
function withField(
  first: readonly Piece[],
  field: readonly Words[][],
  column: number,
  canvas: Canvas,
  under: readonly Piece[][] = [],
): string[] {
  const lifelines = lifelinePieces(canvas, canvas.glyphs.life);
  const height = Math.max(1, field.length, under.length + 1);
  return Array.from({ length: height }, (_, index) =>
    lineWith(
      index === 0 ? first : [...lifelines, ...(under[index - 1] ?? [])],
      field[index] ?? [],
      column,
      canvas.style,
    ),
  );
}

/** Words at one lifeline on one line where the gap beside it has room for them. */
function besideOneAnother(states: ArrowRow['states'], room: number): ArrowRow['states'] {
  const joined: ArrowRow['states'] = [];
  for (const { column, state } of states) {
    const same = joined.find((one) => one.column === column && one.state.length + 2 + state.length <= room);
    if (same) same.state += `, ${state}`;
    else joined.push({ column, state });
  }
  return joined;
}

/** Socket states under an arrow, each in the gap beside its lifeline; two that do not fit into one gap take two lines. */
function statePieces(row: ArrowRow, { layout, style }: Canvas): Piece[][] {
  const last = layout.lifelines.length - 1;
  const gap = (layout.lifelines[1] ?? 0) - (layout.lifelines[0] ?? 0) - 3;
  const states = row.states.map(({ column, state }) => ({ column, state: visible(state, style) }));
  const lines: Piece[][] = [];
  for (const { column: index, state } of last === 0 ? [] : besideOneAnother(states, gap)) {
    const lifeline = layout.lifelines[index] ?? 0;
    const column = index === last ? lifeline - 1 - state.length : lifeline + 2;
    const fits = (line: readonly Piece[]): boolean =>
      line.every(
        (piece) => column >= piece.column + piece.text.length + 2 || column + state.length + 2 <= piece.column,
      );
    const line = lines.find(fits);
    if (line) line.push({ column, text: state, tone: 'dim' });
    else lines.push([{ column, text: state, tone: 'dim' }]);
  }
  return lines;
}

/** What the arrow had no room for comes first in the comment. */
function arrowComment(row: ArrowRow, drawn: { label: boolean; transit: boolean }): Words[] {
  const late = row.transit === undefined || drawn.transit ? '' : ` (${row.transit})`;
  const texts = [drawn.label ? '' : row.label, row.comment].filter(Boolean);
  return [{ text: texts.join(' · ') + late, tone: row.tone === 'plain' ? 'plain' : row.tone }];
}

function arrowLines(row: LadderRow & ArrowRow, canvas: Canvas): string[] {
  const { layout, style, glyphs } = canvas;
  if (row.from === row.to) return loopbackLines(row, canvas);
  const drawn = drawArrow({ ...row, transit: row.transit && visible(row.transit, style) }, layout, glyphs);
  const outside = lifelinePieces(canvas, glyphs.life).filter(
    ({ column }) => column < drawn.left || column > drawn.right,
  );
  const first = [...stamp(String(row.number), arrowTimes(row, canvas), canvas), ...outside, ...drawn.pieces];
  return withField(
    first,
    fieldLines(arrowComment(row, drawn), layout.marginWidth, style),
    layout.margin,
    canvas,
    statePieces(row, canvas),
  );
}

/** A packet that never leaves its host: it stands beside the lifeline. */
function loopbackLines(row: LadderRow & ArrowRow, canvas: Canvas): string[] {
  const text = `${canvas.glyphs.around}${[row.label, row.transit].filter(Boolean).join(' · ')}`;
  return besideLines(
    row,
    row.from,
    [
      { text, tone: row.tone },
      { text: row.comment, tone: row.tone },
      { text: row.states.map(({ state }) => state).join(', '), tone: 'dim' },
    ],
    canvas,
    String(row.number),
  );
}

/**
 * How wide words beside a lifeline may get: its gap if they fit there, else over the lifelines to the right, as few as
 * keep each text on one line.
 */
function besideWidth(index: number, parts: readonly Words[], canvas: Canvas): number {
  const { layout, style } = canvas;
  const column = besideColumn(index, canvas);
  const widths = layout.lifelines.slice(index + 1).map((lifeline) => lifeline - column - 1);
  const needed = Math.max(
    ...parts.flatMap(({ text }) => text.split('\n').map((line) => textWidth(visible(line, style)))),
  );
  return widths.find((width) => width >= needed) ?? layout.margin + layout.marginWidth - column;
}

/** Words beside a lifeline: in the gap right of it, or in the margin. */
function besideLines(row: LadderRow, index: number, parts: readonly Words[], canvas: Canvas, number = ''): string[] {
  const { style, glyphs } = canvas;
  const said = parts.filter(({ text }) => text !== '');
  const field = fieldLines(said, besideWidth(index, said, canvas), style);
  const first = [...stamp(number, timesAt(index, row.at, canvas), canvas), ...lifelinePieces(canvas, glyphs.life)];
  return withField(first, field, besideColumn(index, canvas), canvas);
}

function noteLines(row: LadderRow & NoteRow, canvas: Canvas): string[] {
  return besideLines(
    row,
    row.column,
    [
      { text: noteMark(row.role, canvas.glyphs) + row.text, tone: noteTones[row.role] },
      { text: row.comment, tone: 'dim' },
    ],
    canvas,
  );
}

/** A sentence across everything, with the lifelines above it so that the eye follows them through. */
function sentenceLines(text: string, tone: Tone, canvas: Canvas): string[] {
  const { style } = canvas;
  const lines = wrap(visible(text, style), Math.min(style.width, 100) - 3);
  const mark = visible('▸', style);
  return [
    lineOf(lifelinePieces(canvas, canvas.glyphs.life), style),
    ...lines.map((line, index) => `${index === 0 ? ` ${mark} ` : '   '}${paint(style, tone, line)}`),
  ];
}

function markLines(text: string, canvas: Canvas): string[] {
  const { style, glyphs, layout } = canvas;
  const mark = `${glyphs.more} ${visible(text, style)}`;
  const covered = 4 + textWidth(mark);
  const pieces = lifelinePieces(canvas, glyphs.gap).filter(({ column }) => column > covered);
  return [
    lineOf([{ column: 4, text: cut(mark, layout.margin + layout.marginWidth - 4), tone: 'dim' }, ...pieces], style),
  ];
}

const rowLines: ByKind<LadderRow, Canvas, string[]> = {
  arrow: arrowLines,
  note: noteLines,
  step: ({ text }, canvas) => sentenceLines(text, 'step', canvas),
  failed: ({ text }, canvas) => sentenceLines(text, 'bad', canvas),
  gap: ({ duration }, canvas) => markLines(duration, canvas),
  omitted: ({ rows }, canvas) => markLines(wordsOf(canvas.style.language).ladder.omitted(countText(rows)), canvas),
};

/** Over the times: those left of the first lifeline, and those behind the last. */
function timeHeads({ layout, style }: Canvas): Piece[] {
  const text = visible(wordsOf(style.language).ladder.seconds, style);
  const columns = [14 - textWidth(text), ...(layout.clock === undefined ? [] : [layout.clock])];
  return columns.map((column) => ({ column, text, tone: 'dim' }));
}

/** One text over each lifeline, from there to the right; over the last one to the left where a time stands behind it. */
function heads(textOf: (index: number) => string, tone: Tone, { ladder, layout, style }: Canvas): Piece[] {
  const { lifelines, clock, margin, marginWidth } = layout;
  const last = lifelines.length - 1;
  const texts = ladder.columns.map((_, index) => visible(textOf(index), style));
  const half = Math.floor(((lifelines[last] ?? 0) - (lifelines[last - 1] ?? 0)) / 2);
  const ending = clock === undefined ? undefined : cut(texts[last] ?? '', Math.max(half, 20));
  const until = (index: number): number => {
    if (index === last) return margin + marginWidth + 1;
    const next = lifelines[index + 1] ?? 0;
    return index === last - 1 && ending !== undefined ? next - textWidth(ending) : next;
  };
  return texts.map((text, index) => {
    const column = lifelines[index] ?? 0;
    if (index === last && ending !== undefined) return { column: column + 1 - textWidth(ending), text: ending, tone };
    return { column, text: cut(text, until(index) - column - 1), tone };
  });
}

/** Host names and endpoints over their lifelines, and whose times stand below. */
function headLines(canvas: Canvas): string[] {
  const { ladder, style } = canvas;
  const number: Piece = { column: 2, text: '#', tone: 'dim' };
  const hosts = heads((index) => ladder.columns[index]?.host ?? '', 'strong', canvas);
  const endpoints = heads((index) => ladder.columns[index]?.endpoint ?? '', 'dim', canvas);
  return [lineOf([number, ...timeHeads(canvas), ...hosts], style), lineOf(endpoints, style)];
}

/** Without the word `seq` everywhere, when that is what lets all arrows hold their label and their time. */
function fitting(ladder: Ladder, layout: LadderLayout, glyphs: Glyphs): Ladder {
  const isFull = (row: ArrowRow): boolean => {
    const { label, transit } = drawArrow(row, layout, glyphs);
    return row.from === row.to || (label && transit);
  };
  if (ladder.rows.every((row) => row.kind !== 'arrow' || isFull(row))) return ladder;
  const rows = ladder.rows.map((row) =>
    row.kind === 'arrow' ? { ...row, label: row.label.replace('seq ', '') } : row,
  );
  return { ...ladder, rows };
}

/** The lines of a ladder; a plain list where the terminal is too narrow for its lifelines. */
export function ladderLines(ladder: Ladder, style: TerminalStyle): string[] {
  const layout = layoutFor(ladder.columns.length, style.width);
  if (layout === undefined) return ladderList(ladder, style);
  const canvas: Canvas = { ladder: fitting(ladder, layout, glyphsOf(style)), layout, style, glyphs: glyphsOf(style) };
  return [...headLines(canvas), ...canvas.ladder.rows.flatMap((row) => byKind(rowLines, row, canvas))];
}

/** The beginning and the end of a long ladder, with a mark for what is between; all of it when it is short enough. */
export function windowed(ladder: Ladder, most: number): Ladder {
  const excess = ladder.rows.length - most;
  if (excess <= 0) return ladder;
  const head = ladder.rows.slice(0, Math.ceil((most * 2) / 3));
  const tail = ladder.rows.slice(head.length + excess);
  return { ...ladder, rows: [...head, { at: head.at(-1)?.at ?? 0, kind: 'omitted', rows: excess }, ...tail] };
}
