// Which packets of those that pass a rule are dropped, as places in a cycle: what nft's `numgen inc` counts through.

import type { Chosen } from './wire.ts';

export interface Cycle {
  /** Packets in a round; the count begins again after it. */
  length: number;
  /** Places in the round that are dropped, from 0, in order. */
  places: number[];
}

/** So long that no run comes to its end, and a number that every version of nft shows as it was meant. */
const once = 1_000_000_000;
/** A random share repeats itself after so many packets. */
const randomRound = 1000;

/** Undefined: every packet. */
export function cycleOf({ nth, every, random }: Chosen): Cycle | undefined {
  if (nth !== undefined)
    return { length: once, places: [...new Set(nth)].map((place) => place - 1).sort((a, b) => a - b) };
  if (every !== undefined) return { length: every, places: [every - 1] };
  if (random === undefined || random.percent === 100) return undefined;
  return { length: randomRound, places: randomPlaces(Math.round(random.percent * (randomRound / 100)), random.seed) };
}

/** So many different places of a round: the first of a shuffled deck (Fisher and Yates). */
function randomPlaces(count: number, seed: number): number[] {
  const next = generator(seed);
  const deck = Array.from({ length: randomRound }, (_, place) => place);
  for (let last = randomRound - 1; last > 0; last--) {
    const other = Math.floor(next() * (last + 1));
    [deck[last], deck[other]] = [deck[other] ?? 0, deck[last] ?? 0];
  }
  return deck.slice(0, count).sort((a, b) => a - b);
}

/** Numbers from 0 to below 1 by a linear congruence (Numerical Recipes, section 7.1), its low bits left out. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
}
