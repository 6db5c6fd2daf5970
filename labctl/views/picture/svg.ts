// A whole ladder as one SVG, for a file of its own.

import type { SocketTrack } from '../../model/instant.ts';
import { type Element, markup, s } from '../element.ts';
import type { Ladder } from '../ladder-rows.ts';
import { groundElements } from './ground.ts';
import { type HeadWords, headElements, headHeight } from './heads.ts';
import { layOut } from './layout.ts';
import { rowElement } from './row.ts';

export interface SvgOptions {
  width: number;
  words: HeadWords;
  title: string;
  /** 0-based: the states of this conversation's sockets alone. */
  conversation?: number;
  /** An identifier for the row of a packet, so that links find it: pages have links, files of their own do not. */
  idOf?: (number: number) => string;
}

/** The ladder with its heads as one `svg` element. */
export function ladderPicture(ladder: Ladder, sockets: readonly SocketTrack[], options: SvgOptions): Element {
  const picture = layOut(ladder, sockets, {
    width: options.width,
    scale: 'events',
    conversation: options.conversation,
  });
  const { frame, height, rows } = picture;
  const size = { width: Math.round(frame.width), height: Math.round(height + headHeight) };
  return s(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      class: 'ladder',
      viewBox: `0 0 ${size.width} ${size.height}`,
      ...size,
      role: 'img',
    },
    s('title', {}, options.title),
    s('g', { class: 'heads' }, headElements(frame, options.words)),
    s(
      'g',
      { transform: `translate(0 ${headHeight})` },
      groundElements(picture, sockets, { top: 0, bottom: height }),
      rows.map((placed) => rowElement(placed, frame)),
    ),
  );
}

/** The picture as an SVG file of its own, with its style sheet inside. */
export function svgFile(picture: Element, css: string): string {
  const { children, ...rest } = picture;
  const style = s('style', {}, css);
  const ground = s('rect', { class: 'paper', width: '100%', height: '100%' });
  return `<?xml version="1.0" encoding="UTF-8"?>\n${markup({ ...rest, children: [style, ground, ...children] })}\n`;
}
