// One direction of a conversation: its sequence space, which passage carried which bytes last, what was acknowledged.

import { firstAt } from './first-at.ts';

const space = 4_294_967_296;

/** A stretch of sequence space and the passage that carried it last. */
interface Carried {
  start: number;
  end: number;
  passage: number;
  at: number;
}

export interface Direction {
  /** Initial sequence number, or Wireshark's guess at it in a capture that begins mid-stream. */
  base?: number;
  /** One past the highest relative sequence number sent; a SYN and a FIN count one each (RFC 9293, section 3.4). */
  next: number;
  /** Payload bytes, repetitions left out. */
  bytes: number;
  /** Highest relative acknowledgment number of this direction that was not lost on its way. */
  acked: number;
  /** Relative sequence number of the FIN. */
  fin?: number;
  lastAck?: number;
  lastWindow?: number;
  carried: Carried[];
}

export const newDirection = (): Direction => ({ next: 0, bytes: 0, acked: 0, carried: [] });

/**
 * A sequence number relative to a base, unfolded to the turn of the 32-bit space that lies nearest to what is expected
 * (RFC 9293, section 3.4: arithmetic modulo 2^32).
 */
export function relative(absolute: number, base: number, near: number): number {
  const folded = (absolute - base + space) % space;
  return folded + Math.round((near - folded) / space) * space;
}

/**
 * Hands what a repetition covers over to it, from a place on; gives the copy before it. Segments may be cut anew, so
 * what lies before or behind it in a stretch stays with who carried it.
 */
function takeOver(carried: Carried[], from: number, copy: Carried): Carried {
  const before = { ...(carried[from] as Carried) };
  const until = firstAt(carried, ({ start }) => start >= copy.end);
  const pieces = carried
    .slice(from, until)
    .flatMap((old): Carried[] => [
      ...(old.start < copy.start ? [{ ...old, end: copy.start }] : []),
      ...(old.end > copy.end ? [{ ...old, start: copy.end }] : []),
    ]);
  const own = { ...copy, end: Math.min(copy.end, Math.max(...carried.slice(from, until).map(({ end }) => end))) };
  carried.splice(from, until - from, ...[...pieces, own].sort((x, y) => x.start - y.start));
  return before;
}

/**
 * Notes that a passage carries `start` to `end`. Gives the latest passage that carried its first bytes before, or
 * undefined when they are new.
 */
export function carry(direction: Direction, copy: Carried): { passage: number; at: number } | undefined {
  const { carried } = direction;
  if (copy.start >= direction.next || carried.length === 0) {
    carried.push(copy);
    direction.next = Math.max(direction.next, copy.end);
    return undefined;
  }
  const place = firstAt(carried, ({ start }) => start > copy.start) - 1;
  const old = carried[place];
  const before = old && old.end > copy.start ? takeOver(carried, place, copy) : undefined;
  if (!before) carried.splice(place + 1, 0, copy);
  else if (copy.end > direction.next)
    carried.push({ start: direction.next, end: copy.end, passage: copy.passage, at: copy.at });
  direction.next = Math.max(direction.next, copy.end);
  return before;
}
