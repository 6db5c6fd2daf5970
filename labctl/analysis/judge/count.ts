// How a number of findings compares with the one that was expected, and what a gap in the evidence leaves of that.

import { same, type Text } from '../../model/language.ts';
import type { Count } from '../../model/scenario-words.ts';
import type { Finding } from './evidence.ts';

/** `3`, `at least 2`, `2-4`. */
export function countText({ least, most }: Count): Text {
  if (most === undefined) return { en: `at least ${least}`, fr: `au moins ${least}` };
  if (least === most) return same(String(least));
  return least === 0 ? { en: `at most ${most}`, fr: `au plus ${most}` } : same(`${least}-${most}`);
}

/** `4 × client1 > server.5000 S`; as it is where no number was asked for. */
export function counted(count: Count | undefined, text: Text): Text {
  if (count === undefined) return text;
  const number = countText(count);
  return { en: `${number.en} × ${text.en}`, fr: `${number.fr} × ${text.fr}` };
}

/**
 * What was found is there, whatever else was not recorded: so too many is unmet and a lower bound that is reached is met,
 * but that there were no more can only be told without a gap.
 */
export function compared(
  found: number,
  { least, most }: Count,
  blind: Text | undefined,
): Pick<Finding, 'matched' | 'blind'> {
  if (most !== undefined && found > most) return { matched: false };
  const enough = found >= least;
  return { matched: enough && (most === undefined || blind === undefined), blind };
}
