// Lays out tables: columns as wide as their content, then shrunk, so that no line is ever longer than the terminal.

import { paint, type TerminalStyle, type Tone } from './style.ts';
import { visible } from './visible.ts';
import { cut, padEnd, padStart, textWidth, wrap } from './width.ts';

export interface Column {
  title: string;
  align?: 'left' | 'right';
  /** What happens when the table is too wide: this column is wrapped, or cut with `…` (the default). */
  overflow?: 'wrap' | 'cut';
}

export type Cell = string | { text: string; tone: Tone };

const between = '  ';
const smallest = 6;

const textOf = (cell: Cell | undefined): string => (typeof cell === 'object' ? cell.text : (cell ?? ''));
const toneOf = (cell: Cell | undefined): Tone => (typeof cell === 'object' ? cell.tone : 'plain');
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** The widest column that may still give; those that wrap give first. */
function widest(widths: readonly number[], columns: readonly Column[]): number | undefined {
  const largest = (least: number, indexes: number[]): number | undefined =>
    indexes.filter((index) => (widths[index] ?? 0) > least).sort((a, b) => (widths[b] ?? 0) - (widths[a] ?? 0))[0];
  const all = [...columns.keys()];
  return (
    largest(
      20,
      all.filter((index) => columns[index]?.overflow === 'wrap'),
    ) ?? largest(smallest, all)
  );
}

/** Widths that fit into `room`, or nothing when the columns cannot be made narrow enough. */
function shrink(natural: readonly number[], columns: readonly Column[], room: number): number[] | undefined {
  const widths = [...natural];
  while (sum(widths) > room) {
    const victim = widest(widths, columns);
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

/** For terminals too narrow for columns: each row as lines of `title  value`, rows apart by an empty line. */
function stackedLines(
  titles: readonly string[],
  rows: readonly (readonly Cell[])[],
  style: TerminalStyle,
  indent: number,
): string[] {
  return rows.flatMap((row, index) => [
    ...(index === 0 ? [] : ['']),
    ...row.flatMap((cell, column) => {
      const line = [titles[column] ?? '', textOf(cell)].filter(Boolean).join(between);
      return textOf(cell) === '' ? [] : wrap(line, style.width - indent, 2).map((each) => ' '.repeat(indent) + each);
    }),
  ]);
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
  const natural = columns.map((_, index) =>
    Math.max(...[titles, ...clean].map((row) => textWidth(row[index]?.text ?? ''))),
  );
  const widths = shrink(natural, columns, style.width - indent - between.length * (columns.length - 1));
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
