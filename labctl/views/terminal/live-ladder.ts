// A ladder that grows on a terminal: its head once, then the lines of each row when it comes, long pauses marked.

import type { LadderColumn } from '../ladder-columns.ts';
import { withGaps } from '../ladder-gaps.ts';
import type { Ladder, LadderRow } from '../ladder-rows.ts';
import type { TerminalStyle } from '../style.ts';
import { ladderLines } from './ladder.ts';

/** Gives the lines of each row, the head before the first. */
export function growingLadder(columns: readonly LadderColumn[], style: TerminalStyle): (row: LadderRow) => string[] {
  const ladderOf = (rows: LadderRow[]): Ladder => ({ columns: [...columns], rows, hidden: 0 });
  const head = ladderLines(ladderOf([]), style);
  let before: LadderRow | undefined;
  return (row) => {
    const rows = before === undefined ? [row] : (withGaps([before, row]).slice(1) as LadderRow[]);
    const lines = ladderLines(ladderOf(rows), style);
    const first = before === undefined;
    // What is heard of late does not turn the clock back.
    if (before === undefined || row.at > before.at) before = row;
    return first ? lines : lines.slice(head.length);
  };
}
