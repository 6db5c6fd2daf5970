import { describe, expect, it } from 'vitest';
import { same } from '../../model/language.ts';
import type { Question } from '../../model/lesson.ts';
import { judgedStory } from '../stories.ts';
import { plainStyle } from '../testing.ts';
import { textWidth } from '../width.ts';
import { evidenceLines } from './evidence.ts';
import { answerLines, hintLines, predictLines, questionAskedLines } from './lesson-text.ts';
import { lessonsText } from './list.ts';
import { english } from './words-en.ts';
import { french } from './words-fr.ts';

const question: Question = {
  ask: same('What happens to the second client?'),
  predict: [{ say: same('It is refused.') }, { say: same('It waits.'), if: ['queue'] }],
  hints: [same('Look at ss.'), same('Look at Recv-Q.')],
  answer: same('It waits.'),
};
const asked = { question, number: 2, of: 3 };
const [refused, waits] = question.predict ?? [];
const shown = (...parts: string[][]): string => `\n${parts.flat().join('\n')}\n`;

/** The judged story, its expectations named by their place. */
const report = (() => {
  const story = judgedStory();
  for (const [index, verdict] of story.verdicts.entries())
    verdict.expectation.id = ['met', 'unmet', 'blind'][index] ?? '';
  return story;
})();

describe('a question', () => {
  it('offers what may be predicted', () => {
    expect(shown(predictLines(asked, plainStyle))).toMatchInlineSnapshot(`
      "

      Before the run: question 2 of 3 ────────────────────────────────────────────────
       What happens to the second client?

        1  It is refused.
        2  It waits.

       What do you think? 1 to 2, or Enter if you would rather not guess.
      "
    `);
  });
  it('tells afterwards whether the run agrees, but not yet what it shows', () => {
    const right = questionAskedLines(asked, { outcome: 'right', said: waits, holds: waits ? [waits] : [] }, plainStyle);
    expect(shown(right)).toMatchInlineSnapshot(`
      "

      Question 2 of 3 ────────────────────────────────────────────────────────────────
       What happens to the second client?

       You said: It waits.
       ✓ And so it was.
      "
    `);
    const wrong = questionAskedLines(
      asked,
      { outcome: 'wrong', said: refused, holds: waits ? [waits] : [] },
      plainStyle,
    );
    expect(wrong.join('\n')).not.toContain('It waits.');
  });
  it('gives its hints one at a time, and says when there are no more', () => {
    expect(shown(hintLines(asked, 1, plainStyle), hintLines(asked, 3, plainStyle))).toMatchInlineSnapshot(`
      "
       Hint 1 of 2
         Look at ss.
       There are no more hints. Enter shows the answer.
      "
    `);
  });
  it('is answered with the rows that prove it and no others', () => {
    const answer = answerLines(
      {
        compared: { outcome: 'wrong', said: refused, holds: waits ? [waits] : [] },
        words: 'it is shy',
        answer: 'It waits in the accept queue.',
        evidence: evidenceLines(report, ['met', 'unmet', 'blind', 'nobody'], plainStyle),
        unmet: 1,
      },
      plainStyle,
    );
    expect(shown(answer)).toMatchInlineSnapshot(`
      "

       You wrote: it is shy

      The answer ─────────────────────────────────────────────────────────────────────
       What the run shows: It waits.
       It waits in the accept queue.

       In this run 1 expectation was not met, so it may differ from what is said here:
       labctl show tells more.

      What proves it, in this very run ───────────────────────────────────────────────
       ✓ The handshake completes though nobody accepts.
       ✗ The second client is answered.
       ? The client prints nothing.
         the run was interrupted

        #    seconds client2                           server
                     172.30.0.4:41024                  172.30.0.2:5000
           0.000 150 │                                 │ accept(3) = 4 ← client1:41022
        4  0.000 500 ├── S seq 0 ───────────── 31 µs ─►│ SYN: client2 asks to connect
        5  0.000 548 │◄─ S. seq 0 ack 1 ────── 28 µs ──┤ SYN-ACK from server’s kernel
        6  0.000 597 ├── . ack 1 ───────────── 22 µs ─►│ ACK: open; initial RTT 97 µs

      Look “waiting” at server, 0.000 900 s ──────────────────────────────────────────
       row  state        local            peer              queue           owner
         4  ESTABLISHED  172.30.0.2:5000  172.30.0.4:41024  8 bytes unread  no process
      "
    `);
  });
  it('stays within the terminal, in ASCII where it must', () => {
    for (const width of [20, 40, 66, 140])
      for (const unicode of [true, false]) {
        const style = { ...plainStyle, width, unicode };
        const lines = [
          ...predictLines(asked, style),
          ...hintLines(asked, 1, style),
          ...evidenceLines(report, ['met', 'unmet'], style),
        ];
        expect(lines.filter((line) => textWidth(line) > width)).toEqual([]);
        if (!unicode) expect(lines.join('\n')).toMatch(/^[\x20-\x7e\n]*$/);
      }
  });
});

it('the lessons stand with their progress, and the one to take next', () => {
  const row = { title: same('A title'), answered: 0, of: 3, begun: false, finished: false };
  const rows = [
    { ...row, name: 'first-client', answered: 3, begun: true, finished: true },
    { ...row, name: 'second-client', answered: 1, begun: true },
    { ...row, name: 'many-clients' },
  ];
  expect(`\n${lessonsText(rows, 'labctl learn', plainStyle)}\n`).toMatchInlineSnapshot(`
    "
     lesson         progress         what it is about
     first-client   ✓ finished       A title
     second-client  1 of 3 answered  A title
     many-clients   not begun        A title

      labctl learn second-client  begin, or go on where you left off
    "
  `);
});

/** Every phrase, functions called with sample arguments, as `path: text`. */
function phrases(value: unknown, path = ''): string[] {
  if (typeof value === 'string') return [`${path}: ${value}`];
  if (typeof value === 'function') return [`${path}: ${(value as (...given: number[]) => string)(2, 3)}`];
  return Object.entries(value as object).flatMap(([key, each]) => phrases(each, `${path}/${key}`));
}

it('a lesson says everything in both languages, each with its own punctuation', () => {
  for (const phrase of [...phrases(english), ...phrases(french)]) expect(phrase).toMatch(/: ./);
  for (const phrase of phrases(french)) expect(phrase.replace(/^[^:]*: /, '')).not.toMatch(/[a-zé][;:?!](\s|$)/);
  for (const phrase of phrases(english)) expect(phrase).not.toMatch(/ [;:?!](\s|$)/);
  const untranslated = phrases(english).filter((phrase) => phrases(french).includes(phrase));
  expect(untranslated).toEqual([]);
});
