// Reads a program's call log as strace writes it, line by line: joins calls that were interrupted by other processes' lines.

import type { Call, CallEvent } from '../model/call.ts';
import type { Micros } from '../model/time.ts';
import { readCall } from './strace-call.ts';
import { readLine, type StraceLine } from './strace-line.ts';

export interface StraceOptions {
  /** True unless told: `-k` stack lines may follow, so each call waits for the next one. False: no delay (live views). */
  stacks?: boolean;
}

/** A call that has been entered: the text so far, and what its end cannot change. */
interface Entered {
  number: number;
  pid: number;
  at: Micros;
  text: string;
}

/**
 * Push text of `strace -f -ttt -T -y [-k]` in pieces of any size. `number` counts calls in the order in which they were
 * entered; events come in the order in which they ended. Lines that are none of strace's are passed over. Never throws.
 */
export class StraceParser {
  readonly program: string;
  readonly host: string;
  readonly #stacks: boolean;
  #partial = '';
  #calls = 0;
  /** By pid: a thread of control is in one call at a time. */
  readonly #entered = new Map<number, Entered>();
  /** With stacks: the last call, whose stack may still follow, and what happened since. */
  #held: CallEvent[] = [];
  #latest: Call | undefined;

  constructor(program: string, host: string, options: StraceOptions = {}) {
    this.program = program;
    this.host = host;
    this.#stacks = options.stacks ?? true;
  }

  push(text: string): CallEvent[] {
    const lines = (this.#partial + text).split('\n');
    this.#partial = lines.pop() ?? '';
    return lines.flatMap((line) => this.#line(line));
  }

  /** Calls that were entered and have not returned yet, a line that is still being written included. */
  pending(): Call[] {
    const last = readLine(this.#partial);
    const entered = [...this.#entered.values()];
    if (last?.kind === 'whole') entered.push({ ...last, number: this.#calls + 1 });
    return entered.map((one) => this.#call(one)).sort((a, b) => a.number - b.number);
  }

  /** The rest, calls that never returned included: they have no `result`. */
  end(): CallEvent[] {
    const last = this.#partial === '' ? [] : this.#line(this.#partial);
    this.#partial = '';
    const open = this.pending();
    this.#entered.clear();
    return [...last, ...this.#release(), ...open];
  }

  #line(text: string): CallEvent[] {
    const line = readLine(text.replace(/\r$/, ''));
    if (!line) return [];
    if (line.kind === 'stack') {
      if (this.#latest) (this.#latest.stack ??= []).push({ object: line.object, offset: line.offset });
      return [];
    }
    if (line.kind === 'entered') {
      this.#enter(line);
      return [];
    }
    if (line.kind === 'whole' || line.kind === 'resumed') return this.#returned(line);
    return this.#ended(line);
  }

  #enter(line: { pid: number; at: Micros; text: string }): Entered {
    this.#calls += 1;
    const entered = { number: this.#calls, pid: line.pid, at: line.at, text: line.text };
    this.#entered.set(line.pid, entered);
    return entered;
  }

  #returned(line: Extract<StraceLine, { kind: 'whole' | 'resumed' }>): CallEvent[] {
    const open = line.kind === 'resumed' ? this.#entered.get(line.pid) : this.#enter(line);
    // A resumption whose beginning the log does not hold: nothing is known of its arguments.
    const entered = open ?? this.#enter({ ...line, text: `${line.kind === 'resumed' ? line.name : ''}(` });
    this.#entered.delete(line.pid);
    const call = this.#call(line.kind === 'resumed' ? { ...entered, text: entered.text + line.text } : entered);
    const released = this.#release();
    this.#latest = call;
    return [...released, ...this.#passOn(call)];
  }

  #passOn(event: CallEvent): CallEvent[] {
    if (!this.#stacks) return [event];
    this.#held.push(event);
    return [];
  }

  #release(): CallEvent[] {
    const held = this.#held;
    this.#held = [];
    this.#latest = undefined;
    return held;
  }

  #call({ number, pid, at, text }: Entered): Call {
    return { kind: 'call', number, program: this.program, host: this.host, pid, at, ...readCall(text) };
  }

  /** A process that ends takes a call that it had begun with it: that call never returned. */
  #ended(line: Extract<StraceLine, { kind: 'signal' | 'exited' | 'killed' }>): CallEvent[] {
    const open = line.kind === 'signal' ? undefined : this.#entered.get(line.pid);
    if (!open) return this.#passOn(this.#ending(line));
    this.#entered.delete(line.pid);
    return [...this.#passOn(this.#call(open)), ...this.#passOn(this.#ending(line))];
  }

  #ending(line: Extract<StraceLine, { kind: 'signal' | 'exited' | 'killed' }>): CallEvent {
    const who = { program: this.program, host: this.host, pid: line.pid, at: line.at };
    if (line.kind === 'signal') return { kind: 'signal', ...who, signal: line.signal };
    return line.kind === 'exited'
      ? { kind: 'exit', ...who, code: line.code }
      : { kind: 'exit', ...who, signal: line.signal };
  }
}

/** A whole log, everything in the order of entry: by time, then by number. */
export function parseCalls(text: string, program: string, host: string): CallEvent[] {
  const parser = new StraceParser(program, host);
  return [...parser.push(text), ...parser.end()].sort(inOrderOfEntry);
}

/** Sorts events of one log by the time at which they began. */
export function inOrderOfEntry(a: CallEvent, b: CallEvent): number {
  return a.at - b.at || (a.kind === 'call' && b.kind === 'call' ? a.number - b.number : 0);
}
