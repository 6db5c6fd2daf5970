// Which socket stands in which lane beside its host's lifeline: a lane is free again when its socket is gone.

import type { SocketTrack } from '../../model/instant.ts';
import type { SocketState } from '../../model/look.ts';

export interface Stretch {
  state: SocketState;
  from: number;
  /** Absent: the end of the ladder. */
  until?: number;
}

export interface Lane {
  host: string;
  /** Index into Tracks.sockets. */
  track: number;
  /** 0 is next to the lifeline. */
  place: number;
  stretches: Stretch[];
}

/** More would be a curtain, not a picture. */
const mostLanes = 5;
/** TIME-WAIT ends without evidence: it is drawn for a moment only, in microseconds. */
const fading = 1;

function stretchesOf({ states }: SocketTrack): Stretch[] {
  return states.flatMap(([from, state], index) => {
    if (state === 'CLOSED') return [];
    const until = states[index + 1]?.[0] ?? (state === 'TIME-WAIT' ? from + fading : undefined);
    return [{ state, from, until }];
  });
}

/** Lanes for these sockets, each host's own; sockets beyond the fifth at once are left out. */
export function lanesOf(sockets: readonly SocketTrack[], wanted: (socket: SocketTrack) => boolean): Lane[] {
  const taken = new Map<string, number[]>();
  const order = sockets.map((socket, track) => ({ socket, track, stretches: stretchesOf(socket) }));
  return order
    .filter(({ socket, stretches }) => stretches.length > 0 && wanted(socket))
    .sort((a, b) => (a.stretches[0]?.from ?? 0) - (b.stretches[0]?.from ?? 0))
    .flatMap(({ socket: { host }, track, stretches }) => {
      const ends = taken.get(host) ?? [];
      taken.set(host, ends);
      const from = stretches[0]?.from ?? 0;
      const free = ends.findIndex((end) => end < from);
      const place = free < 0 ? ends.length : free;
      if (place >= mostLanes) return [];
      ends[place] = stretches.at(-1)?.until ?? Number.POSITIVE_INFINITY;
      return [{ host, track, place, stretches }];
    });
}

/** So many lanes stand beside a host's lifeline. */
export const lanesAt = (lanes: readonly Lane[], host: string): number =>
  Math.max(0, ...lanes.filter((lane) => lane.host === host).map(({ place }) => place + 1));
