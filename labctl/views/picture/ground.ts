// What lies under the rows: lifelines, the states of sockets beside them, and bows from packets to their repetitions.

import { endpointText } from '../../model/endpoint.ts';
import type { SocketTrack } from '../../model/instant.ts';
import { type Element, s } from '../element.ts';
import { type Frame, laneWidth, lifelineOf } from './frame.ts';
import type { Lane, Stretch } from './lanes.ts';
import type { Picture } from './layout.ts';
import type { PlacedRow } from './placed.ts';

export interface Window {
  top: number;
  bottom: number;
}

const inside = (from: number, until: number, { top, bottom }: Window): boolean => until >= top && from <= bottom;

/** From its state's beginning to the next; what has no end fades out below. */
function stretchElement(lane: Lane, stretch: Stretch, picture: Picture, window: Window, socket: string): Element[] {
  const lifeline = picture.frame.lifelines.find(({ host }) => host === lane.host);
  if (lifeline === undefined) return [];
  const from = picture.yOf(stretch.from);
  const fades = stretch.state === 'TIME-WAIT';
  const until = fades ? from + 26 : stretch.until === undefined ? picture.height - 4 : picture.yOf(stretch.until);
  if (!inside(from, until, window)) return [];
  const x = lifeline.x + lifeline.side * (lane.place * laneWidth + 6);
  return [
    s(
      'line',
      {
        class: `lane state-${stretch.state}${fades ? ' fades' : ''}`,
        x1: x,
        y1: from,
        x2: x,
        y2: Math.max(from + 2, until),
      },
      s('title', {}, `${stretch.state} · ${socket}`),
    ),
  ];
}

const socketText = ({ local, peer }: SocketTrack): string =>
  [endpointText(local), ...(peer ? [endpointText(peer)] : [])].join(' → ');

/** A bow at the sender's lifeline from a packet to the one that carries its bytes again. */
function tieElement(original: PlacedRow, again: PlacedRow, frame: Frame): Element[] {
  const lifeline = again.row.kind === 'arrow' ? lifelineOf(frame, again.row.from) : undefined;
  if (lifeline === undefined) return [];
  const x = lifeline.x + lifeline.side * (lifeline.lanes * laneWidth + 4);
  const out = lifeline.side * 11;
  const [from, to] = [original.y, again.y];
  return [
    s('path', {
      class: 'tie',
      d: `M${x} ${from}h${out / 2}q${out / 2} 0 ${out / 2} 6V${to - 6}q0 6 ${-out / 2} 6h${-out / 2}`,
    }),
    s('path', { class: 'tie-head', d: `M${x} ${to}l${lifeline.side * 6} -3.5v7z` }),
  ];
}

/** Everything of the ground that the window shows. */
export function groundElements(picture: Picture, sockets: readonly SocketTrack[], window: Window): Element[] {
  const { frame, lanes, height } = picture;
  const [top, bottom] = [Math.max(0, window.top), Math.min(height, window.bottom)];
  const ties = picture.ties
    .filter(({ original, again }) => inside(original.y, again.y, window))
    .flatMap(({ original, again }) => tieElement(original, again, frame));
  return [
    ...frame.lifelines.map(({ x }) => s('line', { class: 'lifeline', x1: x, y1: top, x2: x, y2: bottom })),
    ...lanes.flatMap((lane) => {
      const socket = sockets[lane.track];
      const named = socket ? socketText(socket) : '';
      return lane.stretches.flatMap((stretch) => stretchElement(lane, stretch, picture, window, named));
    }),
    ...ties,
  ];
}
