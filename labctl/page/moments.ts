// All instants at which anything changes: where the time cursor can stand still.

import type { Tracks } from '../model/instant.ts';
import type { LadderRow } from '../views/ladder-rows.ts';

/** Each once, in order of time, microseconds since the ladder's zero. */
export function momentsOf(rows: readonly LadderRow[], { sockets, processes, flights, counters }: Tracks): number[] {
  const times = new Set<number>([0]);
  const add = (at: number | undefined): void => void (at !== undefined && at >= 0 && times.add(at));
  for (const { at } of rows) add(at);
  for (const { states, queue = [] } of sockets) for (const [at] of [...states, ...queue]) add(at);
  for (const { from, until, waits } of processes)
    for (const at of [from, until, ...waits.flatMap((wait) => [wait[0], wait[1]])]) add(at);
  for (const { left, arrived } of flights) [left, arrived].forEach(add);
  for (const { rises } of counters) for (const [at] of rises) add(at);
  return [...times].sort((a, b) => a - b);
}

/** Index of the last moment at or before an instant. */
export function momentAt(moments: readonly number[], at: number): number {
  let [low, high] = [0, moments.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((moments[middle] ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}
