// Finds packets in a given order, gaps allowed, and never patches one conversation's beginning to another's end.

import type { EndPattern } from '../../model/notation.ts';
import type { PacketPattern } from '../../model/packet-pattern.ts';
import type { Passage } from '../../model/report.ts';
import { isInRange } from '../../model/time-range.ts';

interface Found {
  /** Whether all patterns were found. */
  whole: boolean;
  /** The passages of the longest beginning that was found. */
  path: Passage[];
}

/** Indexes into `pool` where each pattern fits. */
export type Fits = readonly (readonly number[])[];

const mayBe = <T>(a: T | undefined, b: T | undefined): boolean => a === undefined || b === undefined || a === b;

/** The same host, by a name, and nothing said of it that contradicts the other. */
const sameEnd = (a: EndPattern, b: EndPattern): boolean =>
  a.host === b.host &&
  (a.host === undefined ? a.port === b.port : mayBe(a.port, b.port) && mayBe(a.network, b.network));

/** They speak of the same two ends, whichever sends. */
const samePair = (a: PacketPattern, b: PacketPattern): boolean =>
  (sameEnd(a.source, b.source) && sameEnd(a.destination, b.destination)) ||
  (sameEnd(a.source, b.destination) && sameEnd(a.destination, b.source));

/** For each pattern the first one of the same two ends; -1 for what belongs to no TCP conversation. */
function pairsOf(patterns: readonly PacketPattern[]): number[] {
  return patterns.map((pattern) =>
    pattern.protocol === 'tcp' ? patterns.findIndex((one) => one.protocol === 'tcp' && samePair(one, pattern)) : -1,
  );
}

/** Only a bare SYN may turn to another conversation, because it begins one. */
const begins = (pattern: PacketPattern): boolean => pattern.protocol === 'tcp' && pattern.flags === 'S';

/** The place of the first number that is not below `least`; the list is sorted. */
function firstFrom(list: readonly number[], least: number): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle] ?? 0) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

class Search {
  readonly patterns: readonly PacketPattern[];
  readonly pool: readonly Passage[];
  readonly fits: Fits;
  best: Passage[] = [];
  readonly #pairs: number[];
  /** By pair, the last pattern that speaks of it: after that it does not matter which conversation it was. */
  readonly #lastUse: Map<number, number>;
  readonly #dead = new Set<string>();

  constructor(patterns: readonly PacketPattern[], pool: readonly Passage[], fits: Fits) {
    this.patterns = patterns;
    this.pool = pool;
    this.fits = fits;
    this.#pairs = pairsOf(patterns);
    this.#lastUse = new Map(this.#pairs.map((pair, step) => [pair, step]));
  }

  #conversationAt = (place: number): number => this.pool[place]?.tcp?.conversation ?? -1;

  /** Places where a pattern fits behind another: any may be the right one where the next is a time away, else the first of each conversation is. */
  *#choices(step: number, before: number, bound: number | undefined): Generator<number> {
    const pattern = this.patterns[step] as PacketPattern;
    const free = bound === undefined || begins(pattern);
    const every = this.patterns[step + 1]?.since !== undefined;
    const since = before < 0 ? undefined : pattern.since;
    const from = this.pool[before]?.at ?? 0;
    const list = this.fits[step] ?? [];
    const tried = new Set<number>();
    for (let index = firstFrom(list, before + 1); index < list.length; index++) {
      const place = list[index] as number;
      const after = (this.pool[place]?.at ?? 0) - from;
      if (since && after > (since.most ?? Infinity)) return;
      if (since && !isInRange(since, after)) continue;
      const conversation = this.#conversationAt(place);
      if ((!free && conversation !== bound) || (!every && tried.has(conversation))) continue;
      tried.add(conversation);
      yield place;
      if (!every && (!free || pattern.protocol !== 'tcp')) return;
    }
  }

  /** What can still be found depends on the place and on the conversations that later patterns are bound to, nothing else. */
  #state(step: number, before: number, bindings: ReadonlyMap<number, number>): string {
    const live = [...bindings].filter(([pair]) => (this.#lastUse.get(pair) ?? -1) >= step);
    return `${step} ${before} ${live.sort(([a], [b]) => a - b).join(' ')}`;
  }

  find(step: number, before: number, path: Passage[], bindings: ReadonlyMap<number, number>): boolean {
    if (path.length > this.best.length) this.best = path;
    if (step === this.patterns.length) return true;
    const state = this.#state(step, before, bindings);
    if (this.#dead.has(state)) return false;
    const pair = this.#pairs[step] ?? -1;
    for (const place of this.#choices(step, before, bindings.get(pair))) {
      const next = pair < 0 ? bindings : new Map(bindings).set(pair, this.#conversationAt(place));
      if (this.find(step + 1, place, [...path, this.pool[place] as Passage], next)) return true;
    }
    this.#dead.add(state);
    return false;
  }
}

/**
 * Searches `pool` (in order of time). Patterns of the same two ends must lie in one TCP conversation; only a bare SYN
 * may turn to another. What was tried in vain is not tried again, so the time is bounded by the places, not by the paths.
 */
export function findSequence(patterns: readonly PacketPattern[], pool: readonly Passage[], fits: Fits): Found {
  const search = new Search(patterns, pool, fits);
  const whole = search.find(0, -1, [], new Map());
  return { whole, path: search.best };
}
