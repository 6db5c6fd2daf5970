import { expect, it } from 'vitest';
import { shellWords } from './shell-words.ts';

it.each<[string, string[] | undefined]>([
  ['', []],
  ['  sleep   infinity ', ['sleep', 'infinity']],
  [`sh -c "echo 'a b'; true"`, ['sh', '-c', "echo 'a b'; true"]],
  [`a'b c'd`, ['ab cd']],
  [`"a\\"b" 'c\\d' e\\ f ''`, ['a"b', 'c\\d', 'e f', '']],
  ['sh -c "open', undefined],
  ["it's", undefined],
])('%j', (text, words) => expect(shellWords(text)).toEqual(words));
