// The ladder as a Mermaid sequence diagram: text that wikis, Markdown and slides draw.

import { clockText } from './format.ts';
import type { Ladder, LadderRow } from './ladder-rows.ts';

/** Mermaid ends statements at `;` and line breaks and begins entities with `#`: those are written as entities (#35; is `#`). */
const escaped = (text: string): string =>
  text
    .replace(/[#;<>{}"\\%]/g, (sign) => `#${sign.charCodeAt(0)};`)
    .replace(/\p{Cc}+/gu, ' ')
    .trim();

/** Line breaks are meant: between a label and its comment. */
const joined = (...parts: (string | undefined)[]): string =>
  parts.flatMap((part) => (part ? [escaped(part)] : [])).join('<br/>') || ' ';

const node = (column: number): string => `h${column}`;

function rowLines(row: LadderRow, ladder: Ladder): string[] {
  const all = `${node(0)},${node(Math.max(0, ladder.columns.length - 1))}`;
  const over = ladder.columns.length > 1 ? all : node(0);
  if (row.kind === 'arrow') {
    const label = `#${row.number} ${row.label}${row.transit === undefined ? '' : ` · ${row.transit}`}`;
    const states = row.states.map(({ column, state }) => `Note over ${node(column)}: ${escaped(state)}`);
    return [
      `${node(row.from)}${row.lost ? '-x' : '->>'}${node(row.to)}: ${joined(`${clockText(row.at)} ${label}`, row.comment)}`,
      ...states,
    ];
  }
  if (row.kind === 'note') {
    const side = row.column === ladder.columns.length - 1 ? 'right' : 'left';
    return [`Note ${side} of ${node(row.column)}: ${joined(row.text, row.comment)}`];
  }
  if (row.kind === 'gap') return [`Note over ${over}: … ${escaped(row.duration)}`];
  if (row.kind === 'omitted') return [`Note over ${over}: … ${row.rows}`];
  return [`Note over ${over}: ${escaped(row.text)}`];
}

/** `sequenceDiagram` and its statements, a line each, ending without a line break. */
export function mermaidText(ladder: Ladder): string {
  const participants = ladder.columns.map(
    ({ host, endpoint }, column) => `participant ${node(column)} as ${joined(host, endpoint)}`,
  );
  const rows = ladder.rows.flatMap((row) => rowLines(row, ladder));
  return ['sequenceDiagram', ...[...participants, ...rows].map((line) => `  ${line}`)].join('\n');
}
