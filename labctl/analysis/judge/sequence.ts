// Finds segments in a given order, gaps allowed, and never patches one conversation's beginning to another's end.

import type { EndPattern, SegmentPattern } from '../../model/notation.ts';
import type { Passage } from '../../model/report.ts';

const endKey = ({ host = '*', network = '*', port = 0 }: EndPattern): string => `${host}@${network}.${port}`;

/** The two ends that a pattern speaks of, whichever sends. */
const pairOf = ({ source, destination }: SegmentPattern): string =>
  [endKey(source), endKey(destination)].sort().join(' ');

const isSyn = ({ flags }: SegmentPattern): boolean => flags === 'S';

interface Found {
  /** Whether all patterns were found. */
  whole: boolean;
  /** The passages of the longest beginning that was found. */
  path: Passage[];
}

/** Indexes into `pool` where each pattern fits. */
export type Fits = readonly (readonly number[])[];

/**
 * Searches `pool` (in order of time). Patterns of the same two ends must lie in one conversation; only a bare SYN may
 * turn to another, because it begins one.
 */
export function findSequence(patterns: readonly SegmentPattern[], pool: readonly Passage[], fits: Fits): Found {
  const pairs = patterns.map(pairOf);
  const dead = new Set<string>();
  let best: Passage[] = [];

  const choices = (step: number, from: number, bound: number | undefined): number[] => {
    const free = bound === undefined || isSyn(patterns[step] as SegmentPattern);
    const chosen = new Map<number, number>();
    for (const place of fits[step] ?? []) {
      if (place < from) continue;
      const conversation = pool[place]?.tcp?.conversation ?? -1;
      if ((free || conversation === bound) && !chosen.has(conversation)) chosen.set(conversation, place);
      if (!free && chosen.size > 0) break;
    }
    return [...chosen.values()];
  };
  const search = (step: number, from: number, path: Passage[], bindings: ReadonlyMap<string, number>): boolean => {
    if (path.length > best.length) best = path;
    if (step === patterns.length) return true;
    const state = `${step} ${from} ${[...bindings].join(' ')}`;
    if (dead.has(state)) return false;
    const pair = pairs[step] ?? '';
    for (const place of choices(step, from, bindings.get(pair))) {
      const passage = pool[place] as Passage;
      const next = new Map(bindings).set(pair, passage.tcp?.conversation ?? -1);
      if (search(step + 1, place + 1, [...path, passage], next)) return true;
    }
    dead.add(state);
    return false;
  };
  const whole = search(0, 0, [], new Map());
  return { whole, path: best };
}
