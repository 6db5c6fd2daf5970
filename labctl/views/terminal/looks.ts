// What each look found at a host: sockets with their owners, the tree of processes, kernel counters that moved.

import type { Look, SocketRow } from '../../model/look.ts';
import type { Report } from '../../model/report.ts';
import { counterChanges, lookBefore } from '../counter-changes.ts';
import { clockText } from '../format.ts';
import { endText, isIdle, ownerCell, queueCell, shownSockets, stateCell, stateTone } from '../look-cells.ts';
import { processTree } from '../process-tree.ts';
import type { TerminalStyle } from '../style.ts';
import { type Cell, tableLines } from '../table.ts';
import { type Words, wordsOf } from '../words.ts';
import { glyphsOf } from './glyphs.ts';
import { headingLines, paragraphLines } from './section.ts';

function socketLines(look: Look, report: Report, style: TerminalStyle, words: Words): string[] {
  const { rows: sockets, earlier } = shownSockets(look, report);
  const note = earlier === 0 ? [] : paragraphLines(words.look.earlier(earlier), style, 1, 'dim');
  if (sockets.length === 0) return [...paragraphLines(words.look.noSockets, style, 1, 'dim'), ...note];
  return [...socketTable(sockets, look, style, words), ...note];
}

function socketTable(sockets: readonly SocketRow[], look: Look, style: TerminalStyle, words: Words): string[] {
  const { column } = words;
  const rows = sockets.map((row): Cell[] => [
    { text: String(row.row), tone: 'dim' },
    { text: row.protocol === 'udp' ? `${row.state} (udp)` : row.state, tone: stateTone(row.state) },
    endText(row.local),
    endText(row.peer),
    queueCell(row, words),
    ownerCell(row, look, words),
  ]);
  const titles = [column.row, column.state, column.local, column.peer, column.queue, column.owner];
  return tableLines(
    titles.map((title, index) => ({
      title,
      align: index === 0 ? ('right' as const) : ('left' as const),
      overflow: 'wrap' as const,
    })),
    rows,
    style,
  );
}

function processLines(look: Look, style: TerminalStyle, words: Words): string[] {
  const tree = processTree(look.processes);
  if (tree.length === 0) return paragraphLines(words.look.noProcesses, style, 1, 'dim');
  const glyphs = glyphsOf(style);
  const rows = tree.map(({ process, last }): Cell[] => {
    const branch = last.map((isLast, depth) =>
      depth < last.length - 1 ? (isLast ? '   ' : glyphs.through) : isLast ? glyphs.last : glyphs.branch,
    );
    return [
      { text: String(process.row), tone: 'dim' },
      String(process.pid),
      branch.join('') + (process.state.startsWith('Z') ? process.name : process.command),
      stateCell(process, words),
    ];
  });
  const { column } = words;
  const right = 'right' as const;
  return tableLines(
    [
      { title: column.row, align: right },
      { title: column.pid, align: right },
      { title: column.process, overflow: 'wrap' },
      { title: column.state, overflow: 'wrap' },
    ],
    rows,
    style,
  );
}

function counterLines(look: Look, report: Report, style: TerminalStyle, words: Words): string[] {
  const before = lookBefore(look, report.looks);
  const changes = counterChanges(look, before, Object.keys(words.counter));
  if (before === undefined || changes.length === 0) return [];
  const rows = changes.map(({ name, change }): Cell[] => [
    name.replace(/^TcpExt/, ''),
    change > 0 ? `+${change}` : String(change),
    { text: words.counter[name as keyof Words['counter']], tone: 'dim' },
  ]);
  const since = words.look.sinceLook(before.name);
  return [
    '',
    ...tableLines(
      [{ title: words.column.counter }, { title: '', align: 'right' }, { title: since, overflow: 'wrap' }],
      rows,
      style,
    ),
  ];
}

/** One look: heading, sockets, processes, counters. Nothing for a look at a host where nothing was. */
export function lookLines(look: Look, report: Report, zero: number, style: TerminalStyle): string[] {
  const words = wordsOf(style.language);
  if (isIdle(look, report, words)) return [];
  return [
    ...headingLines(words.heading.look(look.name, look.host, clockText(look.at - zero)), style),
    ...socketLines(look, report, style, words),
    '',
    ...processLines(look, style, words),
    ...counterLines(look, report, style, words),
  ];
}

/** Those sockets of a look that prove something, with their numbers; processes as the whole tree, or not at all. */
export function lookProofLines(
  look: Look,
  { sockets, processes }: { sockets: ReadonlySet<number>; processes: boolean },
  zero: number,
  style: TerminalStyle,
): string[] {
  const words = wordsOf(style.language);
  const shown = look.sockets.filter(({ row }) => sockets.has(row));
  return [
    ...headingLines(words.heading.look(look.name, look.host, clockText(look.at - zero)), style),
    ...(shown.length === 0 ? [] : socketTable(shown, look, style, words)),
    ...(processes ? processLines(look, style, words) : []),
  ];
}
