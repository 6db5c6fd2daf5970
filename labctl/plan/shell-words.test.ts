import { expect, it } from 'vitest';
import { shellLine, shellWords } from './shell-words.ts';

it.each<[string, string[] | undefined]>([
  ['', []],
  ['  sleep   infinity ', ['sleep', 'infinity']],
  [`sh -c "echo 'a b'; true"`, ['sh', '-c', "echo 'a b'; true"]],
  [`a'b c'd`, ['ab cd']],
  [`"a\\"b" 'c\\d' e\\ f ''`, ['a"b', 'c\\d', 'e f', '']],
  ['sh -c "open', undefined],
  ["it's", undefined],
])('%j', (text, words) => expect(shellWords(text)).toEqual(words));

it('writes words so that a shell reads them back', () => {
  const words = ['wireshark', '-Y', 'tcp.port == 5000', "it's", '', '/a/b-c.pcapng', '$HOME'];
  expect(shellLine(words)).toBe("wireshark -Y 'tcp.port == 5000' 'it'\\''s' '' /a/b-c.pcapng '$HOME'");
  expect(shellWords(shellLine(words.filter(Boolean)))).toEqual(words.filter(Boolean));
});
