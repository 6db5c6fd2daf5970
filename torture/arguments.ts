// What scripts are told on their command line: read, or refused in words with what would be taken.

import { type EngineName, engineNames } from '../labctl/engine/choose.ts';

/** What was asked for cannot be; nothing was started. */
export class Refused extends Error {}

/** A whole number from `least` on. */
export function numberOf(text: string, what: string, least = 1): number {
  if (/^\d{1,9}$/.test(text) && Number(text) >= least) return Number(text);
  throw new Refused(`${what}: a whole number from ${least} on is expected, not "${text}"`);
}

export function oneOf<Word extends string>(text: string, words: readonly Word[], what: string): Word {
  const found = words.find((word) => word === text);
  if (found !== undefined) return found;
  throw new Refused(`there is no ${what} "${text}"; there are ${words.join(', ')}`);
}

export const engineOf = (text: string): EngineName => oneOf(text, engineNames, 'engine');

/** Those of the words that are called so; `chosen` are parts of names. */
export function matching(names: readonly string[], chosen: readonly string[], what: string): string[] {
  const found = names.filter((name) => chosen.every((word) => name.includes(word)));
  if (found.length > 0) return found;
  throw new Refused(`no ${what} is called "${chosen.join(' ')}"; there are:\n  ${names.join('\n  ')}`);
}

/** Refuses words that nobody asked for. */
export function nothingMore(rest: readonly string[]): void {
  if (rest.length > 0) throw new Refused(`"${rest.join(' ')}" is one word too many`);
}
