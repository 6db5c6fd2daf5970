// The states of a socket as scenarios write them: `ESTABLISHED`, `ESTABLISHED, no owner`, `LISTEN, owner server`.

import type { SocketState } from './look.ts';
import type { Parsed } from './notation.ts';
import { socketState } from './scenario-words.ts';

export interface StatePattern {
  state: SocketState;
  /** A program that has the socket open; null: nobody has. */
  owner?: string | null;
}

/** TCP's, the one after the last included, and those of sockets for datagrams, by ss(8). */
const states: readonly SocketState[] = [...socketState.options, 'CLOSED', 'UNCONN'];

/** Reads `STATE[, no owner | , owner PROGRAM]`. Never throws. */
export function parseStatePattern(text: string): Parsed<StatePattern> {
  const [, name = '', none, owner] =
    /^\s*([^,\s]+)(?:,\s*(?:(no owner)|owner ([a-z][a-z0-9-]*)))?\s*$/.exec(text) ?? [];
  if (name === '')
    return { wrong: 'a state is written like "ESTABLISHED", "ESTABLISHED, no owner" or "LISTEN, owner server"' };
  const state = states.find((known) => known === name);
  if (state === undefined) return { wrong: `unknown state "${name}"; states: ${states.join(', ')}` };
  if (none !== undefined) return { value: { state, owner: null } };
  return { value: owner === undefined ? { state } : { state, owner } };
}
