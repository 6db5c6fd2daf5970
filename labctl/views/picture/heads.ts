// The heads of a ladder's columns: hosts with their endpoints over the lifelines, and what the columns beside them hold.

import { type Element, s } from '../element.ts';
import type { Frame } from './frame.ts';

export interface HeadWords {
  /** With two hosts each time column is a host's own. */
  at: (host: string) => string;
  sentAt: string;
  arrivedAt: string;
  meaning: string;
}

export const headHeight = 46;

/** The heads, `headHeight` pixels high. */
export function headElements(frame: Frame, words: HeadWords): Element[] {
  const { lifelines } = frame;
  const [left, right] = frame.ownTimes ? lifelines.map(({ host }) => words.at(host)) : [words.sentAt, words.arrivedAt];
  const small = (x: number, content: string, anchor?: 'end'): Element =>
    s('text', { x, y: 34, class: 'column', 'text-anchor': anchor }, content);
  const last = lifelines.length - 1;
  const anchorOf = (index: number): 'start' | 'middle' | 'end' =>
    index === 0 ? 'start' : index === last ? 'end' : 'middle';
  return [
    small(frame.number, '#', 'end'),
    small(frame.leftTime, left ?? '', 'end'),
    ...lifelines.flatMap(({ x, host, endpoint }, index) => [
      s('text', { x, y: 18, class: 'host', 'text-anchor': anchorOf(index) }, host),
      s('text', { x, y: 34, class: 'endpoint', 'text-anchor': anchorOf(index) }, endpoint),
      s('line', { class: 'lifeline', x1: x, y1: 40, x2: x, y2: headHeight }),
    ]),
    ...(last > 0 ? [small(frame.rightTime, right ?? '')] : []),
    small(frame.words, words.meaning),
  ];
}
