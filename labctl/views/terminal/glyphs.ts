// The characters that ladders are drawn with, for terminals that have them and for those that do not.

import type { TerminalStyle } from '../style.ts';

const drawn = {
  life: '│',
  gap: '┊',
  dash: '─',
  cross: '┼',
  leave: '├',
  leaveLeft: '┤',
  right: '►',
  left: '◄',
  lost: '✗',
  more: '⋮',
  branch: '├─ ',
  last: '└─ ',
  through: '│  ',
};
type Glyphs = typeof drawn;

const ascii: Glyphs = {
  life: '|',
  gap: ':',
  dash: '-',
  cross: '+',
  leave: '|',
  leaveLeft: '|',
  right: '>',
  left: '<',
  lost: 'x',
  more: ':',
  branch: '|- ',
  last: '`- ',
  through: '|  ',
};

export const glyphsOf = ({ unicode }: Pick<TerminalStyle, 'unicode'>): Glyphs => (unicode ? drawn : ascii);
export type { Glyphs };
