// Patterns for text that programs print: regular expressions kept so small that no text can make them slow.

import type { Parsed } from './notation.ts';

const longest = 200;
/** Each repetition multiplies the time by the length of the line: two of them over such a line are still nothing. */
const mostRepetitions = 2;
const longestLine = 300;
/** `{3,5}` may repeat so often and is written out, so it counts for nothing. */
const mostTimes = 20;

/** One atom (an escape, a class, a group's edge, a character) and the quantifier behind it. */
const token = /(\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]|\((?:\?[:=!<][=!]?)?|[\s\S])((?:[*+?]|\{\d+(?:,\d*)?\})\??)?/g;

function whyNot(text: string): string | undefined {
  let repetitions = 0;
  for (const [, atom = '', quantifier = ''] of text.matchAll(token)) {
    if (/^\\[1-9k]/.test(atom)) return 'a pattern does not refer back to a part of itself';
    if (/^\(\?[=!<]/.test(atom)) return 'a pattern does not look ahead or behind';
    if (quantifier === '' || quantifier.startsWith('?')) continue;
    if (atom === ')') return 'a group in a pattern may be optional "( )?" but not repeated';
    const [, from = 0, to] = /^\{(\d+)(,\d*)?\}/.exec(quantifier) ?? [];
    const times = to === undefined ? Number(from) : Number(to.slice(1) || Infinity);
    if (quantifier.startsWith('{') && times <= mostTimes) continue;
    if (++repetitions > mostRepetitions) return `a pattern repeats at most ${mostRepetitions} times (* + {n,m})`;
  }
  return undefined;
}

/**
 * Reads a regular expression that is matched with one line at a time. Neither groups that are repeated nor references nor
 * looking around, so that matching takes a time bounded by the line's length. Never throws.
 */
export function parseTextPattern(text: string): Parsed<RegExp> {
  if (text === '') return { wrong: 'a pattern must not be empty' };
  if (text.length > longest) return { wrong: `a pattern has at most ${longest} characters` };
  const wrong = whyNot(text);
  if (wrong !== undefined) return { wrong };
  try {
    return { value: new RegExp(text, 'u') };
  } catch (error) {
    return { wrong: `this is no pattern: ${(error as Error).message.replace(/^Invalid regular expression: /, '')}` };
  }
}

/** Where in `text` each line begins that the pattern matches. */
export function matchingLines(pattern: RegExp, text: string): number[] {
  const places: number[] = [];
  let place = 0;
  for (const line of text.split('\n')) {
    if (pattern.test(line.replace(/\r$/, '').slice(0, longestLine))) places.push(place);
    place += line.length + 1;
  }
  return places;
}
