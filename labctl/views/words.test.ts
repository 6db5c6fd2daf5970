import { expect, it } from 'vitest';
import { english } from './words-en.ts';
import { french } from './words-fr.ts';

/** Every phrase, functions called with sample arguments, as `path: text`. */
function phrases(value: unknown, path = ''): string[] {
  if (typeof value === 'string') return [`${path}: ${value}`];
  if (typeof value === 'function') return [`${path}: ${String(value('A', 'B', 'C', 'D'))}`];
  return Object.entries(value as object).flatMap(([key, each]) => phrases(each, `${path}/${key}`));
}

it('says everything in both languages', () => {
  for (const phrase of [...phrases(english), ...phrases(french)]) expect(phrase).toMatch(/: ./);
});

it('puts a space before the double punctuation of French, and none before that of English', () => {
  for (const phrase of phrases(french)) expect(phrase.replace(/^[^:]*: /, '')).not.toMatch(/[a-zé][;?!](\s|$)/);
  for (const phrase of phrases(english)) expect(phrase).not.toMatch(/ [;:?!](\s|$)/);
});
