import { describe, expect, it } from 'vitest';
import { CaptureParser } from './capture-reader.ts';
import { withComments } from './packet-comments.ts';
import { PcapngWriter } from './pcapng-writer.ts';

const writer = new PcapngWriter();
const frame = (text: string) => ({ seconds: 7, nanoseconds: 1, wireLength: 99, bytes: Buffer.from(text) });
const file = Buffer.concat([
  writer.section({ comment: 'all' }),
  writer.interface({ name: 'h/eth0', linkType: 1 }),
  writer.names([['10.0.0.1', 'client1']]),
  writer.packet(0, frame('abcde')),
  writer.packet(0, frame('fgh')),
  writer.packet(0, { ...frame(''), comment: 'old' }),
  writer.statistics(0, { at: 1, received: 3 }),
]);

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(size: number, commentOf: (frame: number) => string | undefined) {
  const parser = new CaptureParser();
  const frames = [];
  for await (const chunk of withComments(inPieces(file, size), commentOf)) frames.push(...parser.push(chunk));
  return { parser, frames, end: parser.end() };
}

describe('withComments', () => {
  it('comments the frames that it is asked for and leaves all else as it was, in chunks of any size', async () => {
    for (const size of [1, 7, 10_000]) {
      const { parser, frames, end } = await read(size, (number) => (number === 2 ? undefined : `n° ${number}`));
      expect(frames.map(({ bytes, comment }) => [Buffer.from(bytes).toString(), comment])).toEqual([
        ['abcde', 'n° 1'],
        ['fgh', undefined],
        ['', 'n° 3'],
      ]);
      expect(frames[0]).toMatchObject({ seconds: 7, nanoseconds: 1, wireLength: 99 });
      expect([parser.comments, [...parser.names], parser.interfaces[0], end]).toMatchObject([
        ['all'],
        [['10.0.0.1', 'client1']],
        { name: 'h/eth0', received: 3 },
        undefined,
      ]);
    }
  });

  it('hands on what it cannot read', async () => {
    async function* broken() {
      yield Buffer.concat([file.subarray(0, 40), Buffer.alloc(30)]);
    }
    const chunks: Uint8Array[] = [];
    for await (const chunk of withComments(broken(), () => 'x')) chunks.push(chunk);
    expect(Buffer.concat(chunks)).toEqual(Buffer.concat([file.subarray(0, 40), Buffer.alloc(30)]));
  });
});
