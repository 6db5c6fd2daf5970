// Whether what a program printed is what a step awaits: a piece of text, or a line that fits a pattern.

import type { Printed } from '../model/scenario-words.ts';
import { matchingLines, parseTextPattern } from '../model/text-pattern.ts';

/** More than this is not looked through again and again while a program prints on. */
const mostText = 65_536;

/** A test of the text so far; a last line without its end counts, as it does for whoever reads it. */
export function printedTest(printed: Printed): (text: string) => boolean {
  if (typeof printed === 'string') return (text) => text.includes(printed);
  const pattern = parseTextPattern(printed.matches);
  if ('wrong' in pattern) throw new Error(pattern.wrong);
  return (text) => matchingLines(pattern.value, text.slice(-mostText)).length > 0;
}
