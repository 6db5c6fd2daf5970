// A program's life as a table: source line, call, result, time, and the frames it caused or "no packet".

import type { CallTableRow, Passage, Report } from '../../model/report.ts';
import { clockText } from '../format.ts';
import { frameList } from '../frames.ts';
import type { TerminalStyle } from '../style.ts';
import { type Cell, type Column, tableLines } from '../table.ts';
import { wordsOf } from '../words.ts';
import { headingLines } from './section.ts';

function packetsCell(row: CallTableRow, passages: readonly Passage[], none: string): Cell {
  const frames = row.passages.map((number) => passages[number - 1]).filter((passage) => passage !== undefined);
  return frames.length === 0 ? { text: none, tone: 'dim' } : frameList(frames.map(({ number }) => number));
}

const sourceText = ({ line }: CallTableRow): string => (line === undefined ? '' : `${line.file}:${line.line}`);

/** `accept(3) = 4`; a call that never came back ends in `…`. */
const callCell = ({ call, result }: CallTableRow): Cell => ({
  text: result === '' || result === '…' ? `${call} …` : `${call} = ${result}`,
  tone: 'call',
});

/** The table of one program, with its heading. */
export function callTableLines(
  table: Report['callTables'][number],
  report: Report,
  zero: number,
  style: TerminalStyle,
): string[] {
  const words = wordsOf(style.language);
  const { column } = words;
  const rows = table.rows.map((row): Cell[] => [
    { text: String(row.number), tone: 'dim' },
    { text: sourceText(row), tone: 'dim' },
    callCell(row),
    { text: clockText(row.at - zero), tone: 'dim' },
    packetsCell(row, report.passages, words.callTable.noPacket),
  ]);
  const columns: Column[] = [
    { title: column.number, align: 'right' },
    { title: column.source },
    { title: column.call, overflow: 'wrap' },
    { title: column.time, align: 'right' },
    { title: column.packets, overflow: 'wrap' },
  ];
  return [...headingLines(words.heading.callTable(table.program), style), ...tableLines(columns, rows, style)];
}
