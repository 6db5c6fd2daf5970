// What proves an answer, drawn: the rows of the ladder, the sockets and processes that the verdicts rest on, no others.

import type { Proof, Report, Verdict } from '../../model/report.ts';
import { type Ladder, type LadderRow, ladderOf, ladderZero } from '../ladder-rows.ts';
import type { TerminalStyle } from '../style.ts';
import { ladderLines } from '../terminal/ladder.ts';
import { lookProofLines } from '../terminal/looks.ts';
import { paragraphLines } from '../terminal/section.ts';
import { verdictLine } from '../terminal/verdicts.ts';

type Of<Kind extends Proof['kind']> = Extract<Proof, { kind: Kind }>;

const proofsOf = <Kind extends Proof['kind']>(verdicts: readonly Verdict[], kind: Kind): Of<Kind>[] =>
  verdicts.flatMap(({ proofs }) => proofs.filter((proof): proof is Of<Kind> => proof.kind === kind));

/** The rows that are asked for, with a mark wherever others stand between two of them. */
function chosen(rows: readonly LadderRow[], isWanted: (row: LadderRow) => boolean): LadderRow[] {
  const result: LadderRow[] = [];
  let between = 0;
  for (const row of rows) {
    if (row.kind === 'gap') continue;
    if (!isWanted(row)) {
      between += 1;
      continue;
    }
    if (between > 0 && result.length > 0) result.push({ at: row.at, kind: 'omitted', rows: between });
    result.push(row);
    between = 0;
  }
  return result;
}

/** A hundred segments prove nothing better than the first and the last of them. */
const mostRows = 24;

function windowedRows(rows: LadderRow[]): LadderRow[] {
  if (rows.length <= mostRows) return rows;
  const [head, tail] = [rows.slice(0, mostRows / 2), rows.slice(-mostRows / 2)];
  const omitted = { at: head.at(-1)?.at ?? 0, kind: 'omitted' as const, rows: rows.length - mostRows };
  return [...head, omitted, ...tail];
}

/** The part of the ladder that these verdicts rest on; undefined where they rest on none of it. */
function provingLadder(report: Report, verdicts: readonly Verdict[], style: TerminalStyle): Ladder | undefined {
  const passages = new Set(proofsOf(verdicts, 'frame').map(({ passage }) => passage));
  const calls = new Set(proofsOf(verdicts, 'call').map(({ call }) => call));
  const whole = ladderOf(report, { language: style.language });
  const rows = chosen(whole.rows, (row) =>
    row.kind === 'arrow'
      ? passages.has(row.number)
      : row.kind === 'note' && row.call !== undefined && calls.has(row.call),
  );
  return rows.length === 0 ? undefined : onlyItsColumns({ ...whole, rows: windowedRows(rows) });
}

/** Hosts that have no part in these rows would only make them narrower. */
function onlyItsColumns(ladder: Ladder): Ladder {
  const used = new Set(
    ladder.rows.flatMap((row) => (row.kind === 'arrow' ? [row.from, row.to] : row.kind === 'note' ? [row.column] : [])),
  );
  const kept = ladder.columns.flatMap((_, index) => (used.has(index) ? [index] : []));
  const moved = (column: number): number => kept.indexOf(column);
  const rows = ladder.rows.map((row): LadderRow => {
    if (row.kind === 'note') return { ...row, column: moved(row.column) };
    if (row.kind !== 'arrow') return row;
    const states = row.states.map((state) => ({ ...state, column: moved(state.column) }));
    return { ...row, from: moved(row.from), to: moved(row.to), states };
  });
  return { ...ladder, columns: kept.flatMap((index) => ladder.columns[index] ?? []), rows };
}

/** Every look that has rows which prove something, drawn. */
function lookProofs(report: Report, verdicts: readonly Verdict[], zero: number, style: TerminalStyle): string[] {
  const rows = proofsOf(verdicts, 'row');
  return report.looks.flatMap((look) => {
    const here = rows.filter((proof) => proof.look === look.name && proof.host === look.host);
    if (here.length === 0) return [];
    const sockets = new Set(here.filter(({ table }) => table === 'sockets').map(({ row }) => row));
    return lookProofLines(look, { sockets, processes: here.some(({ table }) => table === 'processes') }, zero, style);
  });
}

/** The expectations in words, each with its verdict, then what they rest on. Ids that this run did not judge are left out. */
export function evidenceLines(report: Report, ids: readonly string[], style: TerminalStyle): string[] {
  const verdicts = ids.flatMap((id) => report.verdicts.filter(({ expectation }) => expectation.id === id));
  const ladder = provingLadder(report, verdicts, style);
  const zero = ladderZero(report);
  return [
    ...verdicts.flatMap((verdict) => [
      ...verdictLine(verdict, style),
      // An absence or a counter has no row to show, but a number.
      ...(verdict.proofs.length > 0 ? [] : paragraphLines(verdict.seen[style.language], style, 3, 'dim')),
    ]),
    ...(ladder === undefined ? [] : ['', ...ladderLines(ladder, style)]),
    ...lookProofs(report, verdicts, zero, style),
  ];
}
