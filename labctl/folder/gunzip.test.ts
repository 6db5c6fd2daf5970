import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { gunzipped } from './gunzip.ts';

/** What comes out of the bytes, in pieces of `size`, and how it ended. */
async function unpack(packed: Uint8Array, size = 1000): Promise<{ bytes: Buffer; end: string }> {
  const found: Uint8Array[] = [];
  let end = 'whole';
  async function* chunks() {
    for (let at = 0; at < packed.length; at += size) yield packed.subarray(at, at + size);
  }
  try {
    for await (const bytes of gunzipped(chunks(), 64 * 1024)) found.push(bytes);
  } catch (error) {
    end = (error as Error).message;
  }
  return { bytes: Buffer.concat(found), end };
}

const content = Buffer.concat([randomBytes(70_000), Buffer.alloc(300_000, 'x')]);
const packed = gzipSync(content);

it.each([1, 7, 1000, 1_000_000])('unpacks in pieces of %i bytes', async (size) => {
  const small = size === 1 ? gzipSync('hello') : packed;
  expect(await unpack(small, size)).toEqual({ bytes: size === 1 ? Buffer.from('hello') : content, end: 'whole' });
});

it('unpacks several members, and takes zeros behind them for padding', async () => {
  const { bytes, end } = await unpack(Buffer.concat([packed, gzipSync('and'), gzipSync(' more'), Buffer.alloc(50)]));
  expect([bytes.length, bytes.subarray(-8).toString(), end]).toEqual([content.length + 8, 'and more', 'whole']);
});

it('gives all that is sound before garbage, before a wrong check sum, and of a file that breaks off', async () => {
  const garbage = await unpack(Buffer.concat([packed, Buffer.from('garbage behind it')]));
  expect([garbage.bytes.length, garbage.end]).toEqual([content.length, 'other bytes follow what is compressed']);
  const wrong = Buffer.from(packed);
  wrong.writeUInt32LE(1, wrong.length - 8);
  expect(await unpack(wrong)).toEqual({ bytes: content, end: 'incorrect data check' });
  const cut = await unpack(packed.subarray(0, 50_000));
  expect(cut.end).toBe('unexpected end of file');
  expect(cut.bytes.length).toBeGreaterThan(30_000);
  expect((await unpack(packed.subarray(0, 5))).end).toBe('unexpected end of file');
});

it('reads headers with a name, a comment, extra bytes and a check sum of their own', async () => {
  const plain = gzipSync('hello');
  const more = [3, 0, 1, 2, 3, ...Buffer.from('name\0comment\0'), 9, 9];
  const head = [...plain.subarray(0, 3), 2 + 4 + 8 + 16, ...plain.subarray(4, 10), ...more];
  const { bytes, end } = await unpack(Buffer.concat([Buffer.from(head), plain.subarray(10)]));
  expect([bytes.toString(), end]).toEqual(['hello', 'whole']);
});
