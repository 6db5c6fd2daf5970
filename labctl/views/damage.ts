// What is missing of a capture that could not be read to its end, in one sentence.

import { countText } from './format.ts';

/** A place in a capture file and what was wrong there. */
interface DamagedPlace {
  at: number;
  why: string;
  missing?: number;
}

/** `the capture ends inside a record at byte 1,234; at least 56 bytes are missing; what came before is whole`. */
export function damageText({ at, why, missing }: DamagedPlace): string {
  const lack =
    missing === undefined ? '' : `, ${countText(missing)} ${missing === 1 ? 'byte is' : 'bytes are'} missing`;
  return `${why} at byte ${countText(at)}${lack}; everything before is shown`;
}
