// Reads the process table that `ps -eww -o pid:10=,ppid:10=,uid:10=,stat:8=,comm:20=,args=` prints.

import type { ProcessRow } from '../model/look.ts';

export function parseProcesses(_text: string): ProcessRow[] {
  throw new Error('not yet');
}
