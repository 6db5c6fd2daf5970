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
import { countText } from '../format.ts';
import type { ArrowRow, Ladder, LadderRow, NoteRow } from '../ladder-rows.ts';
import { paint, type TerminalStyle, type Tone } from '../style.ts';
import { visible } from '../visible.ts';
import { cut, textWidth, wrap } from '../width.ts';
import { wordsOf } from '../words.ts';
import { drawArrow } from './arrow.ts';
import { fieldLines, lineWith, type Words } from './field.ts';
import { type Glyphs, glyphsOf, noteMark } from './glyphs.ts';
import { arrowTimes, besideColumn, type Canvas, lifelinePieces, stamp, timesAt } from './ladder-canvas.ts';
import { headLines } from './ladder-heads.ts';
import { type LadderLayout, layoutFor } from './ladder-layout.ts';
import { ladderList } from './ladder-list.ts';
import { statePieces } from './ladder-states.ts';
import { lineOf, type Piece } from './line.ts';

const noteTones: Record<NoteRow['role'], Tone> = {
  call: 'call',
  typed: 'strong',
  printed: 'strong',
  started: 'dim',
  ended: 'dim',
  look: 'dim',
  failed: 'bad',
};

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
