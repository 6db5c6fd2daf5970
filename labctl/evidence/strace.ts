// Reads a program's call log as strace writes it, line by line, finished calls out as soon as they are known.

import type { Call, CallEvent } from '../model/call.ts';

export interface StraceOptions {
  /** True unless told: `-k` stack lines may follow a call, so each is held until the next line. False: no delay (live views). */
  stacks?: boolean;
}

/** `number` counts calls in the order in which they were entered. Each returned batch is in that order; batches are in order of return. */
export class StraceParser {
  readonly program: string;
  readonly host: string;

  constructor(program: string, host: string, _options: StraceOptions = {}) {
    this.program = program;
    this.host = host;
  }

  push(_text: string): CallEvent[] {
    throw new Error('not yet');
  }

  /** Calls that were entered and have not returned yet. */
  pending(): Call[] {
    throw new Error('not yet');
  }

  /** The rest, calls that never returned included (no `result`). */
  end(): CallEvent[] {
    throw new Error('not yet');
  }
}

/** A whole log, everything in the order of time of entry. */
export function parseCalls(text: string, program: string, host: string): CallEvent[] {
  const parser = new StraceParser(program, host);
  return [...parser.push(text), ...parser.end()].sort((a, b) => a.at - b.at);
}
