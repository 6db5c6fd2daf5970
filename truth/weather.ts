// What the network between two hosts is like, and what both want of each other.

import type { Random } from './random.ts';

/** What the network and both hosts of a conversation are like; times in nanoseconds, chances in percent. */
export interface Weather {
  /** From a host to the capture point, and on to the other host. */
  delays: [number, number];
  lossBefore: number;
  lossBehind: number;
  reorder: number;
  twice: number;
  /** The receivers' buffers, and how fast they are emptied. */
  buffer: number;
  reading: number;
  scales: [number, number];
  sack: boolean;
  segment: number;
  /** Bytes that the hosts want to send. */
  wants: [number, number];
  end: 'fin' | 'rst' | 'rst-data' | 'silence';
  keepAlive: 0 | 1 | undefined;
  fastOpen: boolean;
  simultaneous: boolean;
}

export const milliseconds = 1_000_000;

export function randomWeather(random: Random): Weather {
  const delay = (): number => random.pick([5000, 40_000, 400_000, 2_000_000, 12_000_000, 90_000_000]);
  return {
    delays: [delay(), delay()],
    lossBefore: random.pick([0, 0, 0, 2, 10]),
    lossBehind: random.pick([0, 0, 2, 5, 15]),
    reorder: random.pick([0, 0, 0, 3, 20]),
    twice: random.pick([0, 0, 0, 2]),
    buffer: random.pick([0, 500, 2920, 8192, 29_200, 65_535, 400_000]),
    reading: random.pick([5, 30, 100, 100]),
    scales: [random.pick([-1, 0, 2, 7, 14, 15]), random.pick([-1, 0, 2, 7, 14])],
    sack: random.chance(50),
    segment: random.pick([1, 100, 536, 1448, 1460]),
    wants: [random.pick([0, 1, 700, 20_000]), random.pick([0, 1, 3000, 60_000])],
    end: random.pick(['fin', 'fin', 'rst', 'rst-data', 'silence'] as const),
    keepAlive: random.chance(30) ? random.pick([0, 1] as const) : undefined,
    fastOpen: random.chance(10),
    simultaneous: random.chance(5),
  };
}
