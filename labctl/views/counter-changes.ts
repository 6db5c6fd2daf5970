// Which kernel counters a look found changed since the look before it at the same host.

import type { Look } from '../model/look.ts';

export interface CounterChange {
  name: string;
  change: number;
}

/** The look before this one at the same host; the first has none. */
export const lookBefore = (look: Look, looks: readonly Look[]): Look | undefined =>
  looks.filter(({ host, at }) => host === look.host && at < look.at).sort((a, b) => b.at - a.at)[0];

/** The changes of the named counters, in the order of the names. A counter that did not exist before counts from 0. */
export function counterChanges(look: Look, before: Look | undefined, names: readonly string[]): CounterChange[] {
  if (before === undefined) return [];
  return names
    .map((name) => ({ name, change: (look.counters[name] ?? 0) - (before.counters[name] ?? 0) }))
    .filter(({ change }) => change !== 0);
}
