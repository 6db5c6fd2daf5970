// Everything at one instant as tables: sockets with states and queues, processes, packets on the wire, kernel counters.

import { endpointText } from '../../model/endpoint.ts';
import type { Instant } from '../../model/instant.ts';
import type { Report } from '../../model/report.ts';
import { passageLabel } from '../comments.ts';
import { clockText } from '../format.ts';
import { flightText, ownersText, processText, queuesText } from '../instant-cells.ts';
import { type InstantWords, instantWordsOf } from '../instant-words.ts';
import type { TerminalStyle } from '../style.ts';
import { type Cell, tableLines } from '../table.ts';
import { wordsOf } from '../words.ts';
import { headingLines, paragraphLines } from './section.ts';

interface Page {
  instant: Instant;
  report: Report;
  style: TerminalStyle;
  words: InstantWords;
}

/** A table under its heading, or what is said where it would be empty. */
function section(title: string, titles: readonly string[], rows: Cell[][], nothing: string, style: TerminalStyle) {
  const columns = titles.map((each) => ({ title: each, overflow: 'wrap' as const }));
  return [
    ...headingLines(title, style),
    ...(rows.length === 0 ? paragraphLines(nothing, style, 1, 'dim') : tableLines(columns, rows, style)),
  ];
}

function socketLines({ instant, style, words }: Page): string[] {
  const { column } = wordsOf(style.language);
  const open = instant.sockets.filter(({ state }) => state !== 'CLOSED');
  const rows = open.map((socket): Cell[] => [
    { text: socket.host, tone: 'strong' },
    endpointText(socket.local),
    socket.peer ? endpointText(socket.peer) : '',
    { text: socket.state, tone: socket.state === 'LISTEN' || socket.state === 'ESTABLISHED' ? 'good' : 'plain' },
    { text: queuesText(socket, words, words.shortQueue), tone: socket.queue === 0 ? 'dim' : 'warning' },
    ownersText(socket, words),
  ]);
  const titles = [words.host, column.local, column.peer, column.state, column.queue, column.owner];
  const closed = instant.sockets.length - open.length;
  return [
    ...section(words.sockets, titles, rows, words.noSockets, style),
    ...(closed > 0 ? paragraphLines(words.closed(closed), style, 1, 'dim') : []),
  ];
}

function processLines({ instant, style, words }: Page): string[] {
  const { column } = wordsOf(style.language);
  const rows = instant.processes.map((process): Cell[] => [
    { text: process.host, tone: 'strong' },
    process.pid === undefined ? '' : String(process.pid),
    process.program + (process.parent === undefined ? '' : ` (${words.child(process.parent)})`),
    { text: processText(process, words), tone: process.state === 'zombie' ? 'warning' : 'plain' },
    { text: clockText(process.since), tone: 'dim' },
  ]);
  const titles = [words.host, column.pid, column.process, column.state, words.since];
  return section(words.processes, titles, rows, words.noProcesses, style);
}

function flightLines({ instant, report, style, words }: Page): string[] {
  const rows = instant.flights.map((flight): Cell[] => {
    const passage = report.passages[flight.passage - 1];
    return [
      { text: `#${flight.passage}`, tone: 'dim' },
      `${flight.from} → ${flight.to}`,
      passage ? passageLabel(passage) : '',
      { text: flightText(flight, instant.at, words), tone: flight.lost ? 'bad' : 'plain' },
    ];
  });
  return section(words.flights, ['#', words.way, '', ''], rows, words.noFlights, style);
}

function counterLines({ instant, style, words }: Page): string[] {
  const known = wordsOf(style.language).counter;
  const rows = instant.counters
    .filter(({ name }) => name in known)
    .map(({ host, name, rise, since }): Cell[] => [
      { text: host, tone: 'strong' },
      name.replace(/^TcpExt/, ''),
      `+${rise}`,
      { text: clockText(since), tone: 'dim' },
      { text: known[name as keyof typeof known], tone: 'dim' },
    ]);
  const { column } = wordsOf(style.language);
  return section(words.counters, [words.host, column.counter, '', words.since, ''], rows, words.noCounters, style);
}

/** The instant as text without a line break at its end; `end` is the last moment of the run. */
export function instantText(instant: Instant, end: number, report: Report, style: TerminalStyle): string {
  const words = instantWordsOf(style.language);
  const page: Page = { instant, report, style, words };
  const outside = instant.at > end ? paragraphLines(words.outside(clockText(end)), style, 1, 'warning') : [];
  return [
    ...headingLines(`${words.title(clockText(instant.at))} · ${report.scenario.title[style.language]}`, style).slice(1),
    ...outside,
    ...socketLines(page),
    ...processLines(page),
    ...flightLines(page),
    ...counterLines(page),
  ].join('\n');
}
