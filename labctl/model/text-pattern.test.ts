import { describe, expect, it } from 'vitest';
import { matchingLines, parseTextPattern } from './text-pattern.ts';

const wrong = (text: string): string | undefined => {
  const parsed = parseTextPattern(text);
  return 'wrong' in parsed ? parsed.wrong : undefined;
};

describe('a pattern for printed text', () => {
  it.each([
    'connected to \\S+:5000',
    '^[0-9.]+ (is|was) gone$',
    '(re)?connected',
    'a{3}',
    '\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}',
    '[(+*]+',
  ])('may be %j', (text) => expect(wrong(text)).toBeUndefined());

  it.each([
    ['(a+)+$', 'a group in a pattern may be optional "( )?" but not repeated'],
    ['(a|a)*b', 'a group in a pattern may be optional "( )?" but not repeated'],
    ['(?:a|aa){2,}b', 'a group in a pattern may be optional "( )?" but not repeated'],
    ['.*a.*b.*c', 'a pattern repeats at most 2 times (* + {n,m})'],
    ['(a)\\1', 'a pattern does not refer back to a part of itself'],
    ['(?<=a)b', 'a pattern does not look ahead or behind'],
    ['(?!a)b', 'a pattern does not look ahead or behind'],
    ['a('.repeat(101), 'a pattern has at most 200 characters'],
    ['', 'a pattern must not be empty'],
    ['a(', 'this is no pattern: /a(/u: Unterminated group'],
  ])('may not be %j', (text, why) => expect(wrong(text)).toBe(why));

  it('is matched line by line', () => {
    const pattern = /^two$/u;
    expect(matchingLines(pattern, 'one\ntwo\r\nthree\ntwo')).toEqual([4, 15]);
    expect(matchingLines(pattern, 'one two')).toEqual([]);
  });

  it('takes no long time, whatever is printed', () => {
    const parsed = parseTextPattern('.*a.*ab$');
    if ('wrong' in parsed) throw new Error(parsed.wrong);
    // Over the whole line this would take years.
    expect(matchingLines(parsed.value, 'a'.repeat(1_000_000))).toEqual([]);
  });
});
