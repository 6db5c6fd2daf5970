// What a program asked the kernel for: system calls, signals and exits, as strace saw them.

import type { Endpoint } from './endpoint.ts';
import type { Micros } from './time.ts';

/** One line of a C source: where in its program a call stands. */
export interface SourceLine {
  file: string;
  line: number;
  function?: string;
}

/** A system call that was begun; `result` stays away while it had not returned when the recording ended. */
export interface Call {
  kind: 'call';
  /** Position in the program's call log, from 1; with the program's name it identifies the call. */
  number: number;
  program: string;
  host: string;
  pid: number;
  /** When the call was entered. */
  at: Micros;
  /** Microseconds between entry and return, as `strace -T` measured them. */
  took?: number;
  name: string;
  /** The arguments, each as strace printed it. */
  args: string[];
  /** The returned number; -1 for failures. */
  result?: number;
  /** The symbolic error of a failed call, e.g. `ECONNREFUSED`. */
  errno?: string;
  /** The file descriptor it worked on (first argument), or gave (socket, accept). */
  fd?: number;
  /** Socket inode of that descriptor, from `-y`: the same number that ss prints. */
  inode?: number;
  /** The socket address among the arguments: what bind, connect, accept, sendto, recvfrom name. */
  address?: Endpoint;
  /** Outermost line of the program's own source, where the recording asked for it. */
  line?: SourceLine;
  /** The stack frames of `strace -k`, innermost first, until they are resolved into `line`. */
  stack?: { object: string; offset: number }[];
}

/** A process ended: by `exit` with a code, or by a signal. */
export interface ProcessExit {
  kind: 'exit';
  program: string;
  host: string;
  pid: number;
  at: Micros;
  code?: number;
  signal?: string;
}

/** A process received a signal. */
export interface SignalReceived {
  kind: 'signal';
  program: string;
  host: string;
  pid: number;
  at: Micros;
  signal: string;
}

/** strace's octal escapes (`\303\251`) as the UTF-8 that they spell; what spells none stays as it was printed. */
export const utf8Text = (quoted: string): string =>
  quoted.replace(/(?:\\[23][0-7]{2})+/g, (escapes) => {
    const bytes = escapes
      .slice(1)
      .split('\\')
      .map((octal) => Number.parseInt(octal, 8));
    const text = new TextDecoder().decode(Uint8Array.from(bytes));
    return text.includes('\ufffd') ? escapes : text;
  });

export type CallEvent = Call | ProcessExit | SignalReceived;
