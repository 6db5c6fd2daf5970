// The characters that ladders are drawn with, for terminals that have them and for those that do not.

import type { NoteRow } from '../ladder-rows.ts';
import type { TerminalStyle } from '../style.ts';

const drawn = {
  life: '│',
  gap: '┊',
  dash: '─',
  faint: '╌',
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
  typed: '» ',
  printed: '« ',
  look: '◆ ',
  around: '↺ ',
};
type Glyphs = typeof drawn;

const ascii: Glyphs = {
  life: '|',
  gap: ':',
  dash: '-',
  faint: '.',
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
  typed: '> ',
  printed: '< ',
  look: '* ',
  around: '@ ',
};

export const glyphsOf = ({ unicode }: Pick<TerminalStyle, 'unicode'>): Glyphs => (unicode ? drawn : ascii);
export type { Glyphs };

/** The mark before a note of this role; `$` is the prompt at which a program would have been typed. */
export function noteMark(role: NoteRow['role'], glyphs: Glyphs): string {
  if (role === 'started') return '$ ';
  return role === 'typed' || role === 'printed' || role === 'look' ? glyphs[role] : '';
}
