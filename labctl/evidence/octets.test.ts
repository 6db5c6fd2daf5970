import { expect, it } from 'vitest';
import { bigEndian, littleEndian } from './octets.ts';

it.each([0, 1, -1, -5, 3600, 2 ** 40, -(2 ** 40)])('reads %i as 64 bits with a sign, in either byte order', (value) => {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  view.setBigInt64(0, BigInt(value), false);
  expect(bigEndian.i64(bytes, 0)).toBe(value);
  view.setBigInt64(0, BigInt(value), true);
  expect(littleEndian.i64(bytes, 0)).toBe(value);
});
