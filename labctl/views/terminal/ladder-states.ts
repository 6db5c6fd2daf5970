// Socket states under an arrow, beside the lifelines of the ends that the packet brought into them.

import type { ArrowRow } from '../ladder-rows.ts';
import { visible } from '../visible.ts';
import type { Canvas } from './ladder-canvas.ts';
import type { Piece } from './line.ts';

/** Words at one lifeline on one line where the gap beside it has room for them. */
function besideOneAnother(states: ArrowRow['states'], room: number): ArrowRow['states'] {
  const joined: ArrowRow['states'] = [];
  for (const { column, state } of states) {
    const same = joined.find((one) => one.column === column && one.state.length + 2 + state.length <= room);
    if (same) same.state += `, ${state}`;
    else joined.push({ column, state });
  }
  return joined;
}

/** Socket states under an arrow, each in the gap beside its lifeline; two that do not fit into one gap take two lines. */
export function statePieces(row: ArrowRow, { layout, style }: Canvas): Piece[][] {
  const last = layout.lifelines.length - 1;
  const gap = (layout.lifelines[1] ?? 0) - (layout.lifelines[0] ?? 0) - 3;
  const states = row.states.map(({ column, state }) => ({ column, state: visible(state, style) }));
  const lines: Piece[][] = [];
  for (const { column: index, state } of last === 0 ? [] : besideOneAnother(states, gap)) {
    const lifeline = layout.lifelines[index] ?? 0;
    const column = index === last ? lifeline - 1 - state.length : lifeline + 2;
    const fits = (line: readonly Piece[]): boolean =>
      line.every(
        (piece) => column >= piece.column + piece.text.length + 2 || column + state.length + 2 <= piece.column,
      );
    const line = lines.find(fits);
    if (line) line.push({ column, text: state, tone: 'dim' });
    else lines.push([{ column, text: state, tone: 'dim' }]);
  }
  return lines;
}
