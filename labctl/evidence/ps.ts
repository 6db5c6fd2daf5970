// Reads the process table that `ps -eww -o pid:10=,ppid:10=,uid:10=,stat:8=,comm:20=,args=` prints.

import type { ProcessRow } from '../model/look.ts';
import { badLine } from './bad-line.ts';

// The name's column is found by its width: names hold blanks, and so do commands. A zombie's name may overflow it.
const nameWidth = 20;
const rowShape = /^ *(\d+) +(\d+) +(\d+) (\S+) */;
const deadMark = / <defunct>$/;

/** Where the name ends: at its column's width, or where an over-long zombie's mark does. */
function splitName(rest: string): { name: string; command: string } {
  const marked = /^.{0,64}? <defunct>(?= )/.exec(rest);
  const end = marked && marked[0].length > nameWidth ? marked[0].length : nameWidth;
  return { name: rest.slice(0, end).trimEnd().replace(deadMark, ''), command: rest.slice(end).trim() };
}

function parseRow(line: string, row: number): ProcessRow {
  const match = rowShape.exec(line);
  const [head = '', pid, ppid, uid, state = ''] = match ?? [];
  if (!match) throw badLine('ps', row, line);
  // STAT is 8 wide and followed by one blank, so that a name's own leading blanks survive.
  const statAt = head.lastIndexOf(state);
  const { name, command } = splitName(line.slice(statAt + Math.max(8, state.length) + 1));
  return { row, pid: Number(pid), ppid: Number(ppid), uid: Number(uid), state, name, command };
}

/** One row a line, numbered by line. Throws LabError for a line that is no ps row. */
export const parseProcesses = (text: string): ProcessRow[] =>
  text.split('\n').flatMap((line, i) => (line.trim() === '' ? [] : [parseRow(line, i + 1)]));
