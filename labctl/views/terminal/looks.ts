// What each look found at a host: sockets with their owners, the tree of processes, kernel counters that moved.

import { endpointText } from '../../model/endpoint.ts';
import type { Look, ProcessRow, SocketRow } from '../../model/look.ts';
import type { Report } from '../../model/report.ts';
import { counterChanges, lookBefore } from '../counter-changes.ts';
import { clockText } from '../format.ts';
import { processTree } from '../process-tree.ts';
import type { TerminalStyle, Tone } from '../style.ts';
import { type Cell, tableLines } from '../table.ts';
import { type Words, wordsOf } from '../words.ts';
import { glyphsOf } from './glyphs.ts';
import { headingLines, paragraphLines } from './section.ts';

/** Sockets of the lab's own in this run; Docker's DNS is the engine's, and TIME-WAIT may be left from an earlier run. */
function shownSockets(look: Look, { looks }: Report): { rows: SocketRow[]; earlier: number } {
  const own = look.sockets.filter(({ engineOwned }) => !engineOwned);
  const start = looks.find(({ name, host }) => name === 'start' && host === look.host);
  const old = new Set((start?.sockets ?? []).filter(({ state }) => state === 'TIME-WAIT').map(socketKey));
  const rows = own.filter((row) => row.state !== 'TIME-WAIT' || !old.has(socketKey(row)));
  return { rows, earlier: own.length - rows.length };
}

const socketKey = ({ state, local, peer, receiveQueue }: SocketRow): string =>
  `${state} ${endpointText(local)} ${endpointText(peer)} ${receiveQueue}`;

/** Nobody is named: said only where another row proves that owners can be seen, else not observable. */
function ownerCell(row: SocketRow, look: Look, { look: words }: Words): Cell {
  if (row.owners.length > 0) return row.owners.map(({ name, pid }) => `${name} ${pid}`).join(', ');
  if (['TIME-WAIT', 'SYN-RECEIVED', 'LAST-ACK', 'FIN-WAIT-1', 'FIN-WAIT-2', 'CLOSING'].includes(row.state))
    return { text: words.kernel, tone: 'dim' };
  const observable = row.inode === 0 && look.sockets.some(({ owners }) => owners.length > 0);
  return observable ? { text: words.noOwner, tone: 'warning' } : { text: words.ownerUnknown, tone: 'dim' };
}

function queueCell(row: SocketRow, { look: words }: Words): Cell {
  if (row.state === 'LISTEN')
    return { text: words.queued(row.receiveQueue, row.sendQueue), tone: row.receiveQueue > 0 ? 'warning' : 'plain' };
  const unread = row.receiveQueue > 0 ? [words.unread(row.receiveQueue)] : [];
  const unacknowledged = row.sendQueue > 0 ? [words.unacknowledged(row.sendQueue)] : [];
  return { text: [...unread, ...unacknowledged].join(', '), tone: 'warning' };
}

const stateTone = (state: SocketRow['state']): Tone =>
  state === 'LISTEN' || state === 'ESTABLISHED' ? 'good' : 'plain';

/** Port 0 stands for any port, as ss prints it. */
const endText = (row: SocketRow['local']): string =>
  row.port === 0 ? `${endpointText(row).replace(/:0$/, '')}:*` : endpointText(row);

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

function stateCell({ state }: ProcessRow, words: Words): Cell {
  if (state.startsWith('Z')) return { text: `Z ${words.look.zombie}`, tone: 'warning' };
  const known = words.processState[state.charAt(0) as keyof Words['processState']];
  return { text: known === undefined ? state : `${state.charAt(0)} ${known}`, tone: 'dim' };
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

/** True when there is nothing new to say: no program, and sockets and counters as at the look before. */
function isIdle(look: Look, report: Report, words: Words): boolean {
  if (processTree(look.processes).length > 0) return false;
  const before = lookBefore(look, report.looks);
  if (counterChanges(look, before, Object.keys(words.counter)).length > 0) return false;
  const keys = (each: Look | undefined): string =>
    each ? shownSockets(each, report).rows.map(socketKey).sort().join() : '';
  return keys(look) === '' || keys(look) === keys(before);
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
