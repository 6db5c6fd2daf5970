import { describe, expect, it } from 'vitest';
import { LabError } from '../model/lab-error.ts';
import type { Damage } from './capture-frame.ts';
import { CaptureParser } from './capture-reader.ts';
import { isMarker, markerFrame } from './marker.ts';
import { type MergeInput, type MergeOptions, mergeCaptures } from './merge.ts';
import { PcapngWriter } from './pcapng-writer.ts';
import { ethernet, join } from './sample-frames.ts';

/** A capture whose frames have these times, in nanoseconds, and their interface's letter as content. */
function capture(letter: string, times: readonly number[], ...frames: Uint8Array[]): Uint8Array[] {
  const writer = new PcapngWriter();
  const write = (nanoseconds: number, bytes: Uint8Array) =>
    writer.packet(0, { seconds: 1, nanoseconds, wireLength: bytes.length, bytes });
  return [
    join(writer.section(), writer.interface({ name: 'x', linkType: 1 })),
    ...times.map((time) => write(time, Buffer.from(`${letter}${time}`))),
    ...frames.map((bytes) => write(999, bytes)),
  ];
}

async function* stream(chunks: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

async function merge(inputs: readonly MergeInput[], options: MergeOptions = {}) {
  const parser = new CaptureParser();
  const frames = [];
  for await (const chunk of mergeCaptures(inputs, options)) frames.push(...parser.push(chunk));
  return { parser, texts: frames.map(({ bytes }) => Buffer.from(bytes).toString()), frames };
}

describe('mergeCaptures', () => {
  it('orders by time, equals by input, and names the interfaces', async () => {
    const { parser, texts, frames } = await merge([
      { name: 'server/eth0', description: 'lab', chunks: stream(capture('a', [10, 30, 30, 50])) },
      { name: 'server/eth1', chunks: stream(capture('b', [5, 30, 60])) },
      { name: 'server/lo', chunks: stream(capture('c', [])) },
    ]);
    expect(texts).toEqual(['b5', 'a10', 'a30', 'a30', 'b30', 'a50', 'b60']);
    expect(frames.map((frame) => frame.interface)).toEqual([1, 0, 0, 0, 1, 0, 1]);
    expect(parser.interfaces.map(({ name }) => name)).toEqual(['server/eth0', 'server/eth1', 'server/lo']);
  });

  it('leaves out markers and tells what was kept', async () => {
    const { parser, texts } = await merge(
      [
        {
          name: 'client1/eth0',
          chunks: stream(capture('a', [1], markerFrame('0123'), markerFrame('4567'))),
          statistics: (kept) => ({ at: 2_000_000, received: kept, dropped: 0, osDropped: 4 }),
        },
      ],
      {
        section: { comment: 'first-client' },
        names: [['172.25.0.2', 'server']],
        keep: ({ bytes, linkType }) => !isMarker(bytes, linkType, '0123'),
      },
    );
    expect(texts).toHaveLength(2);
    expect(parser.interfaces[0]).toMatchObject({ received: 2, dropped: 4 });
    expect([parser.comments, [...parser.names]]).toEqual([['first-client'], [['172.25.0.2', 'server']]]);
  });

  it('keeps what came before damage, and tells it', async () => {
    const told: [number, Damage][] = [];
    const cut = capture('a', [1, 2]);
    cut[2] = cut[2]?.slice(0, -3) ?? new Uint8Array();
    const { texts } = await merge(
      [
        { name: 'h/eth0', chunks: stream(cut) },
        { name: 'h/eth1', chunks: stream([]) },
      ],
      { onDamage: (input, damage) => told.push([input, damage]) },
    );
    expect(texts).toEqual(['a1']);
    expect(told).toMatchObject([
      [0, { missing: 3 }],
      [1, { why: 'the capture is empty' }],
    ]);
  });

  it('refuses what is no capture, and closes every input', async () => {
    let closed = false;
    async function* watched() {
      try {
        yield* capture('a', [1, 2, 3]);
      } finally {
        closed = true;
      }
    }
    const inputs = [
      { name: 'h/eth0', chunks: watched() },
      { name: 'h/eth1', chunks: stream([Buffer.from('no capture')]) },
    ];
    await expect(merge(inputs)).rejects.toThrow(LabError);
    expect(closed).toBe(true);
  });
});

describe('isMarker', () => {
  it('knows its own, of any nonce or of one', () => {
    const frame = markerFrame('abcd');
    expect(frame).toHaveLength(60);
    expect([isMarker(frame, 1), isMarker(frame, 1, 'abcd'), isMarker(frame, 1, 'abce')]).toEqual([true, true, false]);
  });

  it('knows no others', () => {
    const word = Buffer.from('labctl-end');
    const others = [ethernet(0x0800, word), ethernet(0x88b5, Buffer.from('labctl')), new Uint8Array(3)];
    expect(others.map((bytes) => isMarker(bytes, 1))).toEqual([false, false, false]);
    expect(isMarker(markerFrame('x'), 113)).toBe(false);
  });
});
