import { expect, test } from 'vitest';
import { Fragments } from './fragments.ts';

const piece = (length: number, value = 1): Uint8Array => new Uint8Array(length).fill(value);

test('a datagram is whole when its last hole is filled, in any order', () => {
  const fragments = new Fragments();
  expect(fragments.add('a', piece(4, 3), 16, false)).toBeUndefined();
  expect(fragments.add('a', piece(8, 1), 0, true)).toBeUndefined();
  expect(fragments.add('a', piece(8, 2), 8, true)).toEqual(
    Uint8Array.of(...piece(8, 1), ...piece(8, 2), ...piece(4, 3)),
  );
});

test('a piece that comes again and again is kept once', () => {
  const fragments = new Fragments();
  for (let again = 0; again < 20_000; again += 1) fragments.add('a', piece(8), 0, true);
  expect(fragments.add('a', piece(8), 8, false)).toEqual(piece(16));
});

test('of one datagram no more pieces are kept than could make it up', () => {
  const fragments = new Fragments();
  for (let offset = 0; offset < 24_000; offset += 8)
    for (let length = 1; length < 8; length += 1) fragments.add('a', piece(length), offset, true);
  expect(fragments.add('a', piece(24_000), 0, false)).toBeUndefined();
});
