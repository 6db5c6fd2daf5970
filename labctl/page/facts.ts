// What is known of each row: for filters, and in words for whoever hears the page.

import type { RowFacts } from '../views/filter.ts';
import { clockText } from '../views/format.ts';
import type { PageData } from '../views/html/data.ts';
import type { LadderRow } from '../views/ladder-rows.ts';

const hostOf = ({ columns }: PageData, column: number): string => columns[column]?.host ?? '';

function arrowFacts(row: LadderRow & { kind: 'arrow' }, data: PageData): RowFacts {
  const packet = data.packets[row.number];
  return {
    kind: 'packet',
    text: `#${row.number} ${row.label} ${row.comment} ${row.states.map(({ state }) => state).join(' ')}`,
    hosts: [hostOf(data, row.from), hostOf(data, row.to)],
    flags: packet?.flags,
    number: row.number,
    conversation: row.conversation === undefined ? undefined : row.conversation + 1,
    ends: packet?.ends ?? [],
    lost: row.lost,
    again: row.repetition,
    length: packet?.length,
  };
}

function noteFacts(row: LadderRow & { kind: 'note' }, data: PageData): RowFacts {
  const call = data.calls[row.call ?? -1];
  return {
    kind: row.role === 'call' ? 'call' : 'other',
    text: `${row.text} ${row.comment}`,
    hosts: [hostOf(data, row.column)],
    conversation: row.conversation === undefined ? undefined : row.conversation + 1,
    ends: [],
    call: call?.name,
    program: call?.program,
    lost: false,
    again: false,
  };
}

/** Facts of one row. */
export function factsOf(row: LadderRow, data: PageData): RowFacts {
  if (row.kind === 'arrow') return arrowFacts(row, data);
  if (row.kind === 'note') return noteFacts(row, data);
  const text = 'text' in row ? row.text : '';
  return { kind: 'other', text, hosts: [], ends: [], lost: false, again: false };
}

/** The row read out: `#3, 0.241 094 s, client1 → server: S seq 0, 33 µs. SYN: client1 asks to connect`. */
export function spoken(row: LadderRow, data: PageData): string {
  const clock = `${clockText(row.at)} s`;
  if (row.kind === 'arrow') {
    const way = `${hostOf(data, row.from)} → ${hostOf(data, row.to)}`;
    const states = row.states.map(({ column, state }) => `${hostOf(data, column)} ${state}`);
    const facts = [row.label, ...(row.transit === undefined ? [] : [row.transit])].join(', ');
    return [`#${row.number}, ${clock}, ${way}: ${facts}`, row.comment, ...states].filter(Boolean).join('. ');
  }
  if (row.kind === 'note')
    return [`${clock}, ${hostOf(data, row.column)}: ${row.text}`, row.comment].filter(Boolean).join(', ');
  return 'text' in row ? `${clock}, ${row.text}` : clock;
}
