// Bytes as people read them: sixteen a line, in hexadecimal and as characters, each one a place that headers can point at.

import { type Element, h } from '../element.ts';
import type { Layer } from './dissect.ts';

const perLine = 16;
/** More lines would be a book. */
const mostLines = 128;

const hex = (byte: number): string => byte.toString(16).padStart(2, '0');
const character = (byte: number): string => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·');

/** Neighbouring layers get different grounds: even and odd ones. */
function layerIndex(layers: readonly Layer[]): (at: number) => string {
  const owner = new Map<number, number>();
  for (const [index, { from, until }] of layers.entries())
    for (let at = from; at < until; at += 1) owner.set(at, index);
  return (at) => `layer-${(owner.get(at) ?? 0) % 4}`;
}

function lineElement(bytes: Uint8Array, start: number, classOf: (at: number) => string): Element {
  const places = Array.from({ length: Math.min(perLine, bytes.length - start) }, (_, index) => start + index);
  const cells = (text: (byte: number) => string): Element[] =>
    places.map((at) => h('span', { class: classOf(at), 'data-byte': at }, text(bytes[at] ?? 0)));
  return h(
    'div',
    { class: 'line' },
    h('span', { class: 'offset' }, start.toString(16).padStart(4, '0')),
    h('span', { class: 'hex' }, cells(hex)),
    h('span', { class: 'characters' }, cells(character)),
  );
}

/** The dump of a frame; a very long one ends with `…`. */
export function dumpElement(bytes: Uint8Array, layers: readonly Layer[], name: string): Element {
  const classOf = layerIndex(layers);
  const starts = Array.from({ length: Math.ceil(bytes.length / perLine) }, (_, index) => index * perLine);
  return h(
    'div',
    { class: 'dump', tabindex: '0', role: 'group', 'aria-label': name },
    starts.slice(0, mostLines).map((start) => lineElement(bytes, start, classOf)),
    starts.length > mostLines && h('div', { class: 'line' }, '…'),
  );
}
