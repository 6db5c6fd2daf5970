// Knows the shapes of strace's lines: who and when, then a call's beginning, its resumption, a signal, or an end.

import type { Micros } from '../model/time.ts';

/** One line of `strace -f -ttt -o`: the same moment of one process, by what happened. */
export type StraceLine =
  | { kind: 'stack'; object: string; offset: number }
  | ({ pid: number; at: Micros } & (
      | { kind: 'entered'; text: string }
      | { kind: 'whole'; text: string }
      | { kind: 'resumed'; name: string; text: string }
      | { kind: 'signal'; signal: string }
      | { kind: 'exited'; code: number }
      | { kind: 'killed'; signal: string }
    ));

// With -f and -o each line begins with the pid; on a terminal strace writes [pid N]; a single process has neither.
const headShape = /^(?:\[pid\s+(\d+)\]\s+|(\d+)\s+)?(\d+)\.(\d{6})\s(.*)$/s;
const stackShape = /^ > ([^(]+)\(.*\) \[0x([0-9a-f]+)\]$/;
const unfinished = '<unfinished ...>';

type Said = Extract<StraceLine, { pid: number }>;

function readCallText(text: string, head: { pid: number; at: Micros }): Said | undefined {
  const resumed = /^<\.\.\. (\w+) resumed>\s?(.*)$/s.exec(text);
  if (resumed) return { ...head, kind: 'resumed', name: resumed[1] ?? '', text: resumed[2] ?? '' };
  if (!/^\w+\(/.test(text)) return undefined;
  if (text.endsWith(unfinished)) {
    return { ...head, kind: 'entered', text: text.slice(0, -unfinished.length).trimEnd() };
  }
  return { ...head, kind: 'whole', text };
}

function readText(text: string, head: { pid: number; at: Micros }): Said | undefined {
  const exited = /^\+\+\+ exited with (\d+) \+\+\+/.exec(text);
  if (exited) return { ...head, kind: 'exited', code: Number(exited[1]) };
  const killed = /^\+\+\+ killed by (\w+)/.exec(text);
  if (killed) return { ...head, kind: 'killed', signal: killed[1] ?? '' };
  const signal = /^--- (SIG\w+) \{/.exec(text);
  if (signal) return { ...head, kind: 'signal', signal: signal[1] ?? '' };
  return readCallText(text, head);
}

/** What a line says; undefined for lines that say nothing of calls, signals and ends (`strace: …`, `--- stopped by … ---`). */
export function readLine(line: string): StraceLine | undefined {
  const stack = stackShape.exec(line);
  if (stack) return { kind: 'stack', object: stack[1] ?? '', offset: Number.parseInt(stack[2] ?? '', 16) };
  const match = headShape.exec(line);
  if (!match) return undefined;
  const [, bracketed, plain, seconds, micros, text = ''] = match;
  return readText(text, { pid: Number(bracketed ?? plain ?? 0), at: Number(seconds) * 1_000_000 + Number(micros) });
}
