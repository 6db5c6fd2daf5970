// That tshark tells the same is held by `npm run truth -- subflows`.

import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { Mptcp } from './mptcp.ts';

const key = [1, 2, 3, 4, 5, 6, 7, 8];
const token = (hash: string): number[] => [...createHash(hash).update(Uint8Array.from(key)).digest().subarray(0, 4)];
const option = (...bytes: number[]): Uint8Array => Uint8Array.from([30, bytes.length + 2, ...bytes]);
const dataSequence = option(0x20, 1, 0, 0, 0, 9);
const join = (of: number[]): Uint8Array => option(0x10, 1, ...of, 0, 0, 0, 9);

it('finds the connection of a joining subflow by the token of a key, in both versions', () => {
  for (const [version, hash] of [
    [0, 'sha1'],
    [1, 'sha256'],
  ] as const) {
    const mptcp = new Mptcp();
    const first = mptcp.see(option(version, 0x81, ...key), 0, 1, -1);
    expect(mptcp.see(join(token(hash)), 1, 0, -1)).toBe(first);
    expect(mptcp.see(join([9, 9, 9, 9]), 2, 0, -1), 'another token').not.toBe(first);
    expect(mptcp.see(join([9, 9, 9, 9]), 3, 0, -1), 'unknown, but the same').toBe(first + 1);
  }
});

it('begins no connection with a SYN that shows no key', () => {
  expect(new Mptcp().see(option(1, 0x81), 0, 0, -1)).toBe(-1);
});

it('counts what was done in a connection over all its subflows', () => {
  const mptcp = new Mptcp();
  const connection = mptcp.see(option(0, 0x81, ...key), 0, 0, -1);
  mptcp.see(join(token('sha1')), 1, 0, -1);
  expect(mptcp.see(dataSequence, 1, 0, connection)).toBe(connection);
  expect(mptcp.done(connection)).toBe(0b111);
  mptcp.see(option(0x80, 1), 1, 0, connection);
  expect(mptcp.done(connection), 'a reset is not counted').toBe(0b111);
});

it('begins a connection of which only the middle was captured', () => {
  const mptcp = new Mptcp();
  expect(mptcp.see(dataSequence, 7, 0, -1)).toBe(0);
  expect(mptcp.see(option(0, 0x81, ...key, ...key), 8, 0, -1)).toBe(1);
});
