import { describe, expect, it } from 'vitest';
import type { Passage } from '../model/report.ts';
import { differenceOf, type Stream } from './streams.ts';

/** Pieces of text, each with its time. */
function stream(...pieces: [at: number, text: string][]): Stream {
  let upTo = 0;
  return {
    bytes: Buffer.from(pieces.map(([, text]) => text).join('')),
    pieces: pieces.map(([at, text]) => ({ at, upTo: (upTo += text.length), passage: {} as Passage })),
    torn: false,
  };
}

const difference = (asked: Stream, returned: Stream) => differenceOf({ asked, returned })?.kind;

describe('differenceOf', () => {
  const hello = stream([1, 'hello\n'], [5, 'again\n']);

  it.each([
    ['every byte', stream([2, 'hello\n'], [6, 'again\n']), undefined],
    ['in other pieces', stream([2, 'hel'], [3, 'lo\n'], [6, 'a'], [7, 'gain\n']), undefined],
    ['nothing', stream(), 'missing'],
    ['the first line only', stream([2, 'hello\n']), 'missing'],
    ['without line ends', stream([2, 'hello'], [6, 'again']), 'gaps'],
    ['a greeting', stream([0, 'hi\n'], [2, 'hello\n'], [6, 'again\n']), 'too-early'],
    ['what was not sent yet', stream([2, 'hello\nagain\n']), 'too-early'],
    ['a byte more each', stream([2, 'hello\n\0'], [6, 'again\n\0']), 'more'],
    ['a word before', stream([2, 'echo hello\n'], [6, 'echo again\n']), 'more'],
    ['in another order', stream([2, 'olleh\n'], [6, 'again\n']), 'order'],
    ['changed', stream([2, 'HELLO\n'], [6, 'again\n']), 'changed'],
  ])('%s', (_, returned, kind) => expect(difference(hello, returned)).toBe(kind));
});
