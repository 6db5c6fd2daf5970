// One chosen row in full: a packet's two sightings, headers and bytes; a call as strace printed it; what was typed or printed.

import type { Language } from '../../model/language.ts';
import { type Child, type Element, h } from '../element.ts';
import { clockText, durationText } from '../format.ts';
import type { ArrowRow, LadderRow, NoteRow } from '../ladder-rows.ts';
import type { PageCall, PageData, PagePacket, PageSighting } from './data.ts';
import { dissect, type Field, type Layer } from './dissect.ts';
import { dumpElement } from './dump.ts';
import { legendElement } from './legend.ts';
import { anchors, link, tied } from './part.ts';
import { type PageWords, pageWordsOf } from './words.ts';

export interface Chosen {
  row: LadderRow;
  data: PageData;
  /** The captured bytes of its packet, where it is one. */
  bytes?: Uint8Array;
}

type Pair = [term: string, ...Child[]];

const list = (pairs: readonly (Pair | undefined)[]): Element =>
  h(
    'dl',
    { class: 'facts' },
    pairs.flatMap((pair) => (pair ? [h('dt', {}, pair[0]), h('dd', {}, pair.slice(1))] : [])),
  );

function sightingPair(term: string, seen: PageSighting | undefined, otherwise: string, words: PageWords): Pair {
  if (seen === undefined) return [term, h('strong', {}, otherwise)];
  return [
    term,
    h('code', {}, `${clockText(seen.at)} s`),
    h('span', { class: 'tone-dim' }, ` ${words.details.frame(seen.frame, seen.point)}`),
  ];
}

function relativePair({ seq, ack, length }: PagePacket, words: PageWords): Pair | undefined {
  if (seq === undefined) return undefined;
  const range = length ? `${seq}:${seq + length}` : `${seq}`;
  return [words.details.relative, h('code', {}, `seq ${range}${ack === undefined ? '' : `, ack ${ack}`}`)];
}

const fieldElement = ({ name, value, from, until }: Field, words: PageWords): Element =>
  h(
    'div',
    { class: 'field', 'data-from': from, 'data-until': until },
    h('dt', {}, words.field[name]),
    h('dd', {}, value),
  );

function layerElement({ name, from, until, fields }: Layer, words: PageWords): Element {
  const known = words.layer as Record<string, string>;
  return h(
    'details',
    { open: name === 'TCP' || name === 'UDP', class: 'layer' },
    h(
      'summary',
      { 'data-from': from, 'data-until': until },
      known[name] ?? name,
      h('span', { class: 'tone-dim' }, ` ${from}–${until - 1}`),
    ),
    h(
      'dl',
      {},
      fields.map((field) => fieldElement(field, words)),
    ),
  );
}

function bytesOf(packet: PagePacket, bytes: Uint8Array | undefined, words: PageWords): Element[] {
  if (bytes === undefined || bytes.length === 0) return [];
  const layers = dissect(bytes, packet.linkType ?? 1);
  return [
    h('h3', {}, words.details.layers),
    h(
      'div',
      { class: 'layers' },
      layers.map((layer) => layerElement(layer, words)),
    ),
    h(
      'h3',
      {},
      words.details.dump,
      h('span', { class: 'tone-dim' }, ` ${words.details.bytes(bytes.length, packet.wireLength)}`),
    ),
    dumpElement(bytes, layers, words.details.dump),
  ];
}

function packetDetails(row: ArrowRow, packet: PagePacket, { bytes }: Chosen, words: PageWords): Element[] {
  const { from, to, sent, arrived, lost, undecoded } = packet;
  const way = sent && arrived && from !== to ? durationText(Math.max(0, arrived.at - sent.at)) : undefined;
  return [
    h('h3', { class: 'what' }, h('span', { class: 'tone-dim' }, `#${packet.number} `), h('code', {}, row.label)),
    h('p', {}, tied(row.comment)),
    list([
      [words.details.from, `${from} → ${to}`],
      sightingPair(words.details.sent, sent, words.details.unseen, words),
      [
        ...sightingPair(words.details.arrived, arrived, lost ? words.details.never : words.details.unseen, words),
        ...(way === undefined ? [] : [`, ${words.details.onTheWay(way)}`]),
      ],
      relativePair(packet, words),
      row.repeats === undefined
        ? undefined
        : [words.details.again, link(anchors.packet(row.repeats), `#${row.repeats}`)],
      undecoded === undefined ? undefined : [words.details.undecoded, undecoded],
    ]),
    ...bytesOf(packet, bytes, words),
  ];
}

function callDetails(row: NoteRow, call: PageCall, words: PageWords): Element[] {
  const links = call.caused.flatMap((number, index) => [
    index > 0 ? ', ' : '',
    link(anchors.packet(number), `#${number}`),
  ]);
  return [
    h('h3', { class: 'what' }, h('code', {}, row.text)),
    ...(row.comment === '' ? [] : [h('p', {}, row.comment)]),
    list([
      [words.details.process, `${call.program} ${call.pid}, ${call.host}`],
      [words.details.call, h('code', { class: 'long' }, call.text)],
      [words.details.result, h('code', {}, call.result || '…')],
      call.took === undefined ? undefined : [words.details.took, durationText(call.took)],
      call.line === undefined ? undefined : [words.details.line, h('code', {}, call.line)],
      links.length === 0 ? undefined : [words.details.caused, ...links],
    ]),
  ];
}

function noteDetails(row: NoteRow, words: PageWords): Element[] {
  const look = row.look === undefined ? [] : [h('p', {}, link(anchors.look(row.look), words.details.look))];
  return [h('h3', { class: 'what' }, h('pre', {}, row.text)), ...look];
}

function contents(chosen: Chosen, words: PageWords): Element[] {
  const { row, data } = chosen;
  if (row.kind === 'arrow') {
    const packet = data.packets[row.number];
    return packet ? packetDetails(row, packet, chosen, words) : [];
  }
  if (row.kind === 'note') {
    const call = data.calls[row.call ?? -1];
    return call ? callDetails(row, call, words) : noteDetails(row, words);
  }
  return row.kind === 'step' || row.kind === 'failed' ? [h('p', {}, row.text)] : [];
}

/** The panel's content for a chosen row. */
export const detailsElement = (chosen: Chosen, language: Language): Element =>
  h('div', { class: 'chosen' }, contents(chosen, pageWordsOf(language)));

/** What the panel says while no row of these is chosen. */
export function nothingChosen(rows: readonly LadderRow[], language: Language): Element {
  const words = pageWordsOf(language);
  return h('div', {}, h('p', { class: 'tone-dim' }, words.details.none), legendElement(rows, words));
}
