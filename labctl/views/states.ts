// Which socket states changed with which packet or call: what the ladder writes beside its lifelines.

import type { Report } from '../model/report.ts';

export interface StateAtHost {
  host: string;
  state: string;
}

export interface StateIndex {
  byPassage: Map<number, StateAtHost[]>;
  byCall: Map<number, StateAtHost[]>;
}

function add(index: Map<number, StateAtHost[]>, key: number | undefined, change: StateAtHost): void {
  if (key !== undefined) index.set(key, [...(index.get(key) ?? []), change]);
}

/** Every change of every socket, by what caused it; a change with a packet is the packet's. */
export function stateIndex({ states }: Report): StateIndex {
  const found: StateIndex = { byPassage: new Map(), byCall: new Map() };
  for (const { host, changes } of states)
    for (const { state, passage, call } of changes) {
      add(found.byPassage, passage, { host, state });
      if (passage === undefined) add(found.byCall, call, { host, state });
    }
  return found;
}
