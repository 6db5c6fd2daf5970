// The table of sockets and owners: which process had which socket open, from when until when, and how it got and lost it.

import { endpointText } from '../../model/endpoint.ts';
import type { Report, SocketHistory, SocketOwner } from '../../model/report.ts';
import { clockText } from '../format.ts';
import { waitsInQueue } from '../states.ts';
import type { TerminalStyle } from '../style.ts';
import { type Cell, type Column, tableLines } from '../table.ts';
import { type Words, wordsOf } from '../words.ts';
import { headingLines, paragraphLines } from './section.ts';

/** More sockets than this are counted, not shown. */
const mostSockets = 40;

interface Context {
  report: Report;
  words: Words;
  zero: number;
}

/** `server 0.0.0.0:5000 listens`, `server:5000 ← client1:41022`, `client1:41022 → server:5000`. */
function socketText({ host, side, local, conversation }: SocketHistory, { report, words }: Context): string {
  if (side === 'listener') return words.owners.listens(`${host} ${endpointText(local)}`);
  if (side === 'datagram') return `UDP ${host} ${endpointText(local)}`;
  const both = report.conversations[conversation ?? -1];
  if (!both) return `${host} ${endpointText(local)}`;
  const other = side === 'initiator' ? both.responder : both.initiator;
  return `${host}:${local.port} ${side === 'initiator' ? '→' : '←'} ${other.host}:${other.endpoint.port}`;
}

function ownerCells({ program, pid, from, until, by, ended }: SocketOwner, { words, zero }: Context): Cell[] {
  const how = [words.owners.by[by], ended && words.owners.ended[ended]].filter(Boolean).join(' … ');
  return [
    `${program} (${pid})`,
    { text: clockText(from - zero), tone: 'dim' },
    { text: until === undefined ? '' : clockText(until - zero), tone: 'dim' },
    { text: how, tone: 'dim' },
  ];
}

/** The time that a connection belonged to no process: complete, and not accepted yet. */
function waiting(history: SocketHistory, { report, words, zero }: Context): Cell[][] {
  const listeners = report.states.filter(({ side, host }) => side === 'listener' && host === history.host);
  const waits = listeners
    .flatMap(({ queue = [] }) => waitsInQueue(queue, report.calls))
    .filter(({ conversation }) => history.side === 'responder' && conversation === history.conversation);
  const [from, until] = [waits.find(({ passage }) => passage), waits.find(({ call }) => call !== undefined)];
  if (!from) return [];
  return [
    [
      { text: words.owners.none, tone: 'warning' },
      { text: clockText(from.at - zero), tone: 'dim' },
      { text: until ? clockText(until.at - zero) : '', tone: 'dim' },
      '',
    ],
  ];
}

function rowsOf(history: SocketHistory, context: Context): Cell[][] {
  const owned = history.owners.map((owner) => ownerCells(owner, context));
  return [...waiting(history, context), ...owned].map((cells, index) => [
    index === 0 ? socketText(history, context) : '',
    ...cells,
  ]);
}

/** The table, with its heading; nothing where no call of the run tells of a socket. */
export function ownerLines(report: Report, zero: number, style: TerminalStyle, conversation?: number): string[] {
  const words = wordsOf(style.language);
  const context: Context = { report, words, zero };
  const told = report.states
    .filter((history) => conversation === undefined || history.conversation === conversation - 1)
    .map((history) => rowsOf(history, context))
    .filter((rows) => rows.length > 0);
  if (told.length === 0) return [];
  const columns: Column[] = [
    { title: words.owners.socket, overflow: 'wrap' },
    { title: words.column.owner, overflow: 'wrap' },
    { title: words.owners.from, align: 'right' },
    { title: words.owners.until, align: 'right' },
    { title: words.owners.how, overflow: 'wrap' },
  ];
  return [
    ...headingLines(words.owners.heading, style),
    ...tableLines(columns, told.slice(0, mostSockets).flat(), style),
    ...(told.length > mostSockets ? paragraphLines(words.owners.more(told.length - mostSockets), style, 1, 'dim') : []),
  ];
}
