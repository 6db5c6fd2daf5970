// Holds the shipped lessons level: what is said in one language is said in the other, with the same facts of the run.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Text } from '../model/language.ts';
import { type Question, questionSchema } from '../model/lesson.ts';
import { readSource } from '../plan/source.ts';
import { packageRoot } from '../root.ts';

const folder = join(packageRoot, 'scenarios');
const lessonOf = (file: string): Question[] => {
  const { value } = readSource(readFileSync(join(folder, file), 'utf8'), file) as { value: { lesson: unknown[] } };
  return value.lesson.map((question) => questionSchema.parse(question));
};

/** Every text of a question, by where it stands. */
const textsOf = ({ ask, predict = [], hints = [], answer }: Question): [string, Text][] => [
  ['ask', ask],
  ...predict.map(({ say }, index): [string, Text] => [`predict ${index + 1}`, say]),
  ...hints.map((hint, index): [string, Text] => [`hint ${index + 1}`, hint]),
  ['answer', answer],
];

const facts = (text: string): string[] => [...text.matchAll(/\{[a-z][a-z0-9-]*(?:\.[a-z]+)?\}/g)].map(String).sort();

/** Languages differ in length, but not by half. */
const isLevel = ({ en, fr }: Text): boolean =>
  en.trim() !== '' && fr.trim() !== '' && fr.length < 2 * en.length + 20 && en.length < 2 * fr.length + 20;

/** What is wrong with a text, if anything. */
function complaint(text: Text): string | undefined {
  if (!isLevel(text)) return 'is not level';
  if (text.en.trim() === text.fr.trim()) return 'is not translated';
  if (facts(text.en).join() !== facts(text.fr).join()) return 'names other facts';
  if (/[a-zé»][;:?!](\s|$)/.test(text.fr)) return 'needs a space before its French punctuation';
  return undefined;
}

describe.each(readdirSync(folder))('the lesson of %s', (file) => {
  const lesson = lessonOf(file);
  it('says the same in both languages', () => {
    const wrong = lesson.flatMap((question, index) =>
      textsOf(question).flatMap(([where, text]) => {
        const what = complaint(text);
        return what === undefined ? [] : [`question ${index + 1}, ${where} ${what}: ${JSON.stringify(text)}`];
      }),
    );
    expect(wrong).toEqual([]);
  });
  it('has hints to every question, and at least one thing to predict', () => {
    expect(lesson.filter(({ hints }) => hints === undefined).map(({ ask }) => ask.en)).toEqual([]);
    expect(lesson.some(({ predict }) => predict !== undefined)).toBe(true);
  });
});
