// Lays out tables: columns as wide as their content, then shrunk, so that no line is ever longer than the terminal.

import { paint, type TerminalStyle, type Tone } from './style.ts';
import { visible } from './visible.ts';
import { cut, padEnd, padStart, textWidth, words, wrap } from './width.ts';

export interface Column {
  title: string;
  align?: 'left' | 'right';
  /** What happens when the table is too wide: this column is wrapped, or cut with `…` (the default). */
  overflow?: 'wrap' | 'cut';
}

export type Cell = string | { text: string; tone: Tone };

const between = '  ';
const smallest = 6;
const comfortable = 16;

const textOf = (cell: Cell | undefined): string => (typeof cell === 'object' ? cell.text : (cell ?? ''));
const toneOf = (cell: Cell | undefined): Tone => (typeof cell === 'object' ? cell.tone : 'plain');
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** A column never gets narrower: a wrapped one keeps its words whole, one of numbers (right) its digits and units. */
function leastWidth({ overflow, align }: Column, texts: readonly string[]): number {
  if (overflow === 'wrap') return Math.max(...texts.flatMap((text) => words(text).map(textWidth)));
  return align === 'right' ? Math.max(...texts.map(textWidth)) : smallest;
}

interface Widths {
  natural: number[];
  least: number[];
  wraps: boolean[];
}

/** Wrapped columns give first, as long as they are comfortable; then those that are cut; then the wrapped ones again. */
function victimOf(widths: readonly number[], { least, wraps }: Widths): number | undefined {
  const widest = (wrapping: boolean, comfort: number): number | undefined =>
    [...widths.keys()]
      .filter((index) => wraps[index] === wrapping && (widths[index] ?? 0) > Math.max(comfort, least[index] ?? 0))
      .sort((a, b) => (widths[b] ?? 0) - (widths[a] ?? 0))[0];
  return widest(true, comfortable) ?? widest(false, 0) ?? widest(true, 0);
}

/** Widths that fit into `room`, or nothing when the columns cannot be made narrow enough. */
function shrink(all: Widths, room: number): number[] | undefined {
  const widths = [...all.natural];
  while (sum(widths) > room) {
    const victim = victimOf(widths, all);
    if (victim === undefined) return undefined;
    widths[victim] = (widths[victim] ?? 0) - 1;
  }
  return widths;
}

/** The lines of one row: as many as its tallest wrapped cell needs. */
function rowLines(
  row: readonly Cell[],
  columns: readonly Column[],
  widths: readonly number[],
  style: TerminalStyle,
): string[] {
  const cells = columns.map(({ overflow, align }, index) => {
    const [cell, width] = [row[index], widths[index] ?? 0];
    const lines =
      overflow === 'wrap' ? wrap(textOf(cell), width) : [cut(textOf(cell), width, style.unicode ? '…' : '~')];
    const pad = align === 'right' ? padStart : index === columns.length - 1 ? (line: string) => line : padEnd;
    return { width, lines: lines.map((line) => paint(style, toneOf(cell), pad(line, width))) };
  });
  const height = Math.max(...cells.map(({ lines }) => lines.length));
  return Array.from({ length: height }, (_, line) =>
    cells
      .map(({ lines, width }) => lines[line] ?? ' '.repeat(width))
      .join(between)
      .trimEnd(),
  );
}

/** One cell of a stacked row: the value beside its title, or behind it where even that has no room. */
function stackedCell(title: string, cell: Cell, titleWidth: number, width: number, style: TerminalStyle): string[] {
  const hang = titleWidth + between.length;
  if (titleWidth === 0 || width - hang < 2 * smallest)
    return wrap([title, textOf(cell)].filter(Boolean).join(between), width, 2).map((line) =>
      paint(style, toneOf(cell), line),
    );
  return wrap(textOf(cell), width - hang).map((line, index) => {
    const beside = index === 0 ? paint(style, 'dim', padEnd(title, hang)) : ' '.repeat(hang);
    return beside + paint(style, toneOf(cell), line);
  });
}

/** For terminals too narrow for columns: each row as lines of `title  value`, rows apart by an empty line. */
function stackedLines(
  titles: readonly string[],
  rows: readonly (readonly Cell[])[],
  style: TerminalStyle,
  indent: number,
): string[] {
  const titleWidth = Math.max(...titles.map(textWidth));
  return rows.flatMap((row, index) => {
    const shown = row.flatMap((cell, column) =>
      textOf(cell) === '' ? [] : stackedCell(titles[column] ?? '', cell, titleWidth, style.width - indent, style),
    );
    return [...(index === 0 ? [] : ['']), ...shown.map((line) => ' '.repeat(indent) + line)];
  });
}

/**
 * The lines of a table, indented by `indent`, never wider than the style says. A table without titles gets no title
 * line; one that cannot fit is stacked, row by row.
 */
export function tableLines(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  style: TerminalStyle,
  indent = 1,
): string[] {
  const clean = rows.map((row) => row.map((cell) => ({ text: visible(textOf(cell), style), tone: toneOf(cell) })));
  const titles = columns.map(({ title }) => ({ text: visible(title, style), tone: 'dim' as const }));
  const textsOf = (index: number): string[] => [titles, ...clean].map((row) => row[index]?.text ?? '');
  const natural = columns.map((_, index) => Math.max(...textsOf(index).map(textWidth)));
  const least = columns.map((column, index) => leastWidth(column, textsOf(index)));
  const wraps = columns.map(({ overflow }) => overflow === 'wrap');
  const widths = shrink({ natural, least, wraps }, style.width - indent - between.length * (columns.length - 1));
  if (widths === undefined)
    return stackedLines(
      titles.map(({ text }) => text),
      clean,
      style,
      indent,
    );
  const shown = titles.some(({ text }) => text !== '') ? [titles, ...clean] : clean;
  return shown.flatMap((row) => rowLines(row, columns, widths, style)).map((line) => ' '.repeat(indent) + line);
}
