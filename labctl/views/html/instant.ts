// Everything at one instant as the page shows it: each host with its sockets, processes and counters, then what is on the wire.

import { endpointText } from '../../model/endpoint.ts';
import type { CounterNow, Flight, Instant, ProcessNow, SocketNow } from '../../model/instant.ts';
import type { Language } from '../../model/language.ts';
import { type Element, h } from '../element.ts';
import { clockText } from '../format.ts';
import { flightText, ownersText, processText, queuesText } from '../instant-cells.ts';
import { type InstantWords, instantWordsOf } from '../instant-words.ts';
import { anchors, link } from './part.ts';

function socketItem(socket: SocketNow, words: InstantWords): Element {
  const { state, local, peer, since } = socket;
  const [owner, queues] = [ownersText(socket, words), queuesText(socket, words)];
  return h(
    'li',
    { class: state === 'CLOSED' ? 'closed' : undefined },
    h('span', { class: `state state-${state}` }, state),
    h('code', {}, ` ${endpointText(local)}${peer ? ` → ${endpointText(peer)}` : ''}`),
    h(
      'span',
      { class: 'under' },
      [owner, `${words.since} ${clockText(since)}`].filter(Boolean).join(' · '),
      queues !== '' && h('span', { class: socket.queue === 0 ? 'tone-dim' : 'tone-warning' }, ` · ${queues}`),
    ),
  );
}

function processItem(process: ProcessNow, words: InstantWords): Element {
  const { pid, program, parent, state } = process;
  const child = parent === undefined ? '' : ` (${words.child(parent)})`;
  return h(
    'li',
    {},
    h('code', {}, `${pid ?? ''} ${program}`.trim()),
    child,
    h('span', { class: `under ${state === 'zombie' ? 'tone-warning' : ''}` }, processText(process, words)),
  );
}

const counterItem = ({ name, rise }: CounterNow): Element =>
  h('li', {}, h('code', {}, `${name.replace(/^TcpExt/, '')} +${rise}`));

function group(title: string, items: readonly Element[], nothing: string, level: 'h3' | 'h4' = 'h4'): Element {
  return h(
    'div',
    { class: 'group' },
    h(level, {}, title),
    items.length === 0 ? h('p', { class: 'tone-dim' }, nothing) : h('ul', {}, items),
  );
}

function hostElement(host: string, instant: Instant, known: ReadonlySet<string>, words: InstantWords): Element {
  const own = <Each extends { host: string }>(all: readonly Each[]): Each[] => all.filter((each) => each.host === host);
  const counters = own(instant.counters).filter(({ name }) => known.has(name));
  return h(
    'section',
    { class: 'host', 'aria-label': host },
    h('h3', {}, host),
    group(
      words.sockets,
      own(instant.sockets).map((socket) => socketItem(socket, words)),
      words.noSockets,
    ),
    group(
      words.processes,
      own(instant.processes).map((process) => processItem(process, words)),
      words.noProcesses,
    ),
    counters.length > 0 && group(words.counters, counters.map(counterItem), words.noCounters),
  );
}

const flightItem = (flight: Flight, at: number, words: InstantWords): Element =>
  h(
    'li',
    { class: flight.lost ? 'tone-bad' : undefined },
    flight.lost && '✗ ',
    link(anchors.packet(flight.passage), `#${flight.passage}`),
    ` ${flight.from} → ${flight.to}`,
    h('span', { class: 'under' }, flightText(flight, at, words)),
  );

export interface InstantOptions {
  /** In the order of the ladder's columns. */
  hosts: readonly string[];
  /** Counters worth a word. */
  counters: ReadonlySet<string>;
  language: Language;
}

/** The instant for the page's panel. */
export function instantElement(instant: Instant, { hosts, counters, language }: InstantOptions): Element {
  const words = instantWordsOf(language);
  const flights = instant.flights.map((flight) => flightItem(flight, instant.at, words));
  return h(
    'div',
    { class: 'instant' },
    group(words.flights, flights, words.noFlights, 'h3'),
    h(
      'div',
      { class: 'hosts' },
      hosts.map((host) => hostElement(host, instant, counters, words)),
    ),
  );
}
