import { expect, it } from 'vitest';
import { frame, framesIn } from './frames.ts';

const collect = async (bytes: Buffer, size: number) => {
  const pieces = async function* () {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  };
  const found: string[] = [];
  for await (const { kind, payload } of framesIn(pieces())) found.push(`${kind}:${payload.toString()}`);
  return found;
};

it.each([1, 3, 7, 100])('finds frames in pieces of %i bytes, and leaves out what is cut off', async (size) => {
  const bytes = Buffer.concat([frame('o', Buffer.from('hello')), frame('c'), frame('e', Buffer.from('cut off'))]);
  expect(await collect(bytes.subarray(0, -1), size)).toEqual(['o:hello', 'c:']);
});
