import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LabError } from '../model/lab-error.ts';
import type { CapturedFrame } from './capture-frame.ts';
import { CaptureParser } from './capture-reader.ts';
import { PcapngWriter } from './pcapng-writer.ts';
import { join } from './sample-frames.ts';

type Order = 'little' | 'big';
const number = (bits: 16 | 32, value: number, order: Order): Uint8Array => {
  const bytes = Buffer.alloc(bits / 8);
  if (order === 'little') bytes.writeUIntLE(value, 0, bits / 8);
  else bytes.writeUIntBE(value, 0, bits / 8);
  return bytes;
};

function pcap(
  order: Order,
  magic: number,
  linkType = 1,
  minor = 4,
  lengths = [3, 60],
  more: number[] = [],
): Uint8Array {
  const n = (value: number) => number(32, value, order);
  const short = (value: number) => number(16, value, order);
  const record = join(n(1_700_000_000), n(123_456), ...lengths.map(n), more, [1, 2, 3]);
  return join(n(magic), short(2), short(minor), n(0), n(0), n(2000), n(linkType), record, record);
}

function block(order: Order, type: number, body: Uint8Array): Uint8Array {
  const length = number(32, 12 + body.length, order);
  return join(number(32, type, order), length, body, length);
}
const section = (order: Order) =>
  block(
    order,
    0x0a0d0d0a,
    join(number(32, 0x1a2b3c4d, order), number(16, 1, order), number(16, 0, order), Array<number>(8).fill(255)),
  );
const description = (order: Order, resolution?: number) =>
  block(
    order,
    1,
    join(
      number(16, 1, order),
      [0, 0],
      number(32, 0, order),
      resolution === undefined ? [] : [...number(16, 9, order), ...number(16, 1, order), resolution, 0, 0, 0],
    ),
  );
const packet = (order: Order, high: number, low: number, bytes: readonly number[] = [1, 2, 3, 4], inSection = 0) => {
  const numbers = [inSection, high, low, bytes.length, bytes.length].map((value) => number(32, value, order));
  return block(order, 6, join(...numbers, bytes));
};

function readAll(bytes: Uint8Array, sizes: readonly number[] = []): { frames: CapturedFrame[]; parser: CaptureParser } {
  const parser = new CaptureParser();
  const frames: CapturedFrame[] = [];
  let at = 0;
  for (const size of sizes) {
    frames.push(...parser.push(bytes.slice(at, at + size)));
    at += size;
  }
  frames.push(...parser.push(bytes.slice(at)));
  return { frames, parser };
}

describe('CaptureParser on pcap', () => {
  it.each([
    ['little', 0xa1b2c3d4, 123_456_000],
    ['big', 0xa1b2c3d4, 123_456_000],
    ['little', 0xa1b23c4d, 123_456],
    ['big', 0xa1b23c4d, 123_456],
  ] as const)('reads %s-endian, magic %i', (order, magic, nanoseconds) => {
    const { frames, parser } = readAll(pcap(order, magic));
    expect(frames).toHaveLength(2);
    expect(frames[1]).toEqual({
      interface: 0,
      linkType: 1,
      seconds: 1_700_000_000,
      nanoseconds,
      wireLength: 60,
      bytes: Uint8Array.of(1, 2, 3),
    });
    expect(parser.interfaces).toMatchObject([{ linkType: 1, snapLength: 2000 }]);
    expect(parser.end()).toBeUndefined();
  });

  it.each([
    ['the oldest, with the lengths the other way round', pcap('little', 0xa1b2c3d4, 1, 2, [60, 3])],
    ['old ones, with the lengths either way', pcap('big', 0xa1b2c3d4, 1, 3, [60, 3])],
    ['old ones, with the lengths as usual', pcap('big', 0xa1b2c3d4, 1, 3)],
    ['Kuznetzov’s variant', pcap('little', 0xa1b2cd34, 1, 4, [3, 60], [1, 0, 0, 0, 0, 8, 0, 0])],
  ])('reads %s', (_, file) => {
    const { frames, parser } = readAll(file);
    expect(frames.map(({ wireLength, bytes }) => `${wireLength}: ${bytes.join(' ')}`)).toEqual([
      '60: 1 2 3',
      '60: 1 2 3',
    ]);
    expect(parser.end()).toBeUndefined();
  });

  it('knows the interface before the first packet', () => {
    const parser = new CaptureParser();
    expect(parser.push(pcap('little', 0xa1b2c3d4, 276).slice(0, 24))).toEqual([]);
    expect(parser.interfaces[0]?.linkType).toBe(276);
  });

  it('delivers what is whole of a cut file and says how much is missing', () => {
    const { frames, parser } = readAll(pcap('little', 0xa1b2c3d4).slice(0, -2));
    expect(frames).toHaveLength(1);
    expect(parser.end()).toEqual({ at: 43, why: 'the capture ends inside a record', missing: 2 });
  });

  it('stops at a record that claims gigabytes', () => {
    const bytes = pcap('little', 0xa1b2c3d4);
    bytes.set([0xff, 0xff, 0xff, 0xff], 43 + 8);
    const { frames, parser } = readAll(bytes);
    expect([frames.length, parser.end()]).toEqual([
      1,
      { at: 43, why: 'a packet record claims 4294967295 captured bytes' },
    ]);
    expect(parser.push(bytes)).toEqual([]);
  });

  it.each([
    ['an empty stream', []],
    ['two bytes', [0xd4, 0xc3]],
    ['half a header', [0xd4, 0xc3, 0xb2, 0xa1, 2, 0]],
  ])('tells the damage of %s', (_, bytes) => expect(readAll(Uint8Array.from(bytes)).parser.end()?.at).toBe(0));

  it.each([
    ['gzip', [0x1f, 0x8b, 8, 0]],
    ['text', [...Buffer.from('tcpdump: permission denied')]],
    ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ])('refuses %s', (_, bytes) => expect(() => readAll(Uint8Array.from(bytes))).toThrow(LabError));
});

const replaced = (bytes: Uint8Array, at: number, value: number): Uint8Array =>
  join(bytes.slice(0, at), [value], bytes.slice(at + 1));
const halves = (ticks: bigint): [number, number] => [Number(ticks >> 32n), Number(ticks & 0xffff_ffffn)];

describe('CaptureParser on pcapng', () => {
  it.each(['little', 'big'] as const)('reads %s-endian sections and every resolution exactly', (order) => {
    const ticks = 1_700_000_000_123_456_789n;
    const file = join(
      section(order),
      description(order),
      packet(order, ...halves(ticks / 1000n)),
      section(order),
      description(order, 9),
      packet(order, ...halves(ticks)),
      section(order),
      description(order, 0x80 | 10),
      packet(order, ...halves((1_700_000_000n << 10n) + 512n)),
      section(order),
      description(order, 12),
      packet(order, ...halves(1_700_123_456_789_012n)),
    );
    const { frames, parser } = readAll(file);
    expect(frames.map(({ seconds, nanoseconds }) => [seconds, nanoseconds])).toEqual([
      [1_700_000_000, 123_456_000],
      [1_700_000_000, 123_456_789],
      [1_700_000_000, 500_000_000],
      [1700, 123_456_789],
    ]);
    expect(frames.map((frame) => frame.interface)).toEqual([0, 1, 2, 3]);
    expect(parser.end()).toBeUndefined();
  });

  it('reads simple and obsolete packet blocks and skips unknown ones', () => {
    const simple = block('little', 3, join(number(32, 3, 'little'), [7, 8, 9, 0]));
    const old = block(
      'little',
      2,
      join([0, 0, 0, 0], ...[0, 5, 2, 9].map((value) => number(32, value, 'little')), [5, 6, 0, 0]),
    );
    const unknown = block('little', 0x0bae, new Uint8Array(64));
    const { frames } = readAll(join(section('little'), description('little'), unknown, simple, unknown, old));
    expect(frames.map(({ bytes, wireLength, nanoseconds }) => [[...bytes], wireLength, nanoseconds])).toEqual([
      [[7, 8, 9], 3, 0],
      [[5, 6], 9, 5000],
    ]);
  });

  it('skips an unknown block that claims 100 MB without keeping it', () => {
    const claim = join(number(32, 0x0bae, 'little'), number(32, 100_000_000, 'little'), new Uint8Array(100));
    const { parser } = readAll(join(section('little'), description('little'), claim));
    expect(parser.push(new Uint8Array(1000))).toEqual([]);
    expect(parser.end()).toMatchObject({ missing: 100_000_000 - 108 - 1000 });
  });

  it('takes what Wireshark counts as frames for frames: custom blocks, entries of a journal, events of sysdig', () => {
    const entry = Buffer.from('__REALTIME_TIMESTAMP=1700000000123456\nMESSAGE=hi\n\n\0\0');
    const event = join([1, 0], [0x15, 0xcd, 0x5b, 7, 0, 0, 0, 0], new Uint8Array(8), [40, 0, 0, 0, 1, 0]);
    const blocks = [
      block('little', 0x0bad, Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)),
      block('little', 0x4000_0bad, Uint8Array.of(1, 2, 3, 4)),
      block('little', 9, entry),
      block('little', 0x204, event),
    ];
    const { frames, parser } = readAll(join(section('little'), ...blocks));
    expect(
      frames.map(({ linkType, wireLength, seconds, nanoseconds }) => [linkType, wireLength, seconds, nanoseconds]),
    ).toEqual([
      [-1, 4, 0, 0],
      [-1, 0, 0, 0],
      [-1, 50, 1_700_000_000, 123_456_000],
      [-1, 40, 0, 123_456_789],
    ]);
    expect(parser.end()).toBeUndefined();
  });

  it('reads how long a frame check sequence is, in bytes or in bits, and takes no time resolution of another length', () => {
    const withOption = (...option: number[]) => block('little', 1, join([1, 0, 0, 0, 0, 0, 0, 0], option));
    const { parser } = readAll(
      join(
        section('little'),
        withOption(13, 0, 1, 0, 4, 0, 0, 0),
        withOption(13, 0, 1, 0, 32, 0, 0, 0),
        withOption(9, 0, 2, 0, 9, 9, 0, 0),
      ),
    );
    expect(parser.interfaces.map(({ checkLength, ticksPerSecond }) => [checkLength, ticksPerSecond])).toEqual([
      [4, 1e6],
      [4, 1e6],
      [undefined, 1e6],
    ]);
  });

  const whole = join(section('little'), description('little'), packet('little', 0, 1));
  const second = packet('little', 0, 2);
  it.each([
    [
      'a packet block of 4 GB',
      join([6, 0, 0, 0], [0xf0, 0xff, 0xff, 0xff], new Uint8Array(40)),
      /claims 4294967280 bytes/,
    ],
    ['a block of 8 bytes', join([6, 0, 0, 0], [8, 0, 0, 0], new Uint8Array(40)), /claims 8 bytes/],
    ['a block of 13 bytes', join([6, 0, 0, 0], [13, 0, 0, 0], new Uint8Array(40)), /claims 13 bytes/],
    ['two different lengths', join(second.slice(0, -4), [1, 2, 3, 4]), /two lengths differ/],
    ['an unknown interface', packet('little', 0, 1, [1, 2, 3, 4], 9), /interface 9/],
    ['a packet larger than its block', join(second.slice(0, 20), [99], second.slice(21)), /larger than its block/],
    ['an empty interface block', block('little', 1, new Uint8Array(0)), /0 bytes of content/],
    [
      'an unknown block of 4 GB',
      join([77, 0, 0, 0], [0xf0, 0xff, 0xff, 0xff], new Uint8Array(40)),
      /claims 4294967280/,
    ],
    [
      'an unknown block whose lengths differ',
      join([77, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0, 99, 0, 0, 0]),
      /lengths differ/,
    ],
    ['a section of version 2', replaced(section('little'), 12, 2), /version 2\.0/],
    ['a packet of more than 256 KiB', packet('little', 0, 1, Array<number>(262_148).fill(0)), /262148 bytes/],
    [
      'an option larger than its block',
      block('little', 1, Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 99, 0)),
      /99 bytes/,
    ],
    ['a name larger than its block', block('little', 4, Uint8Array.of(1, 0, 99, 0, 0, 0, 0, 0)), /99 bytes/],
    [
      'a simple packet in too large a block',
      block('little', 3, Uint8Array.of(1, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0)),
      /1 bytes/,
    ],
    ['a custom block of nobody', block('little', 0x0bad, new Uint8Array(0)), /nobody/],
    ['no byte order', join([0x0a, 0x0d, 0x0d, 0x0a], new Uint8Array(24)), /byte-order/],
  ])('stops at %s with everything before it', (_, wrong, why) => {
    const { frames, parser } = readAll(join(whole, wrong, second));
    expect(frames).toHaveLength(1);
    expect(parser.end()).toMatchObject({ at: whole.length, why: expect.stringMatching(why) as string });
  });

  it('never throws but LabError, whatever the bytes', () => {
    const file = join(whole, second, section('big'), description('big', 6), packet('big', 0, 3));
    const change = fc.tuple(fc.nat(file.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { maxLength: 10 }), fc.nat(file.length), (changes, length) => {
        const copy = file.slice(0, length);
        for (const [at, value] of changes) if (at < copy.length) copy[at] = value;
        try {
          readAll(copy).parser.end();
        } catch (error) {
          expect(error).toBeInstanceOf(LabError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('PcapngWriter and CaptureParser', () => {
  const frame = fc.record({
    interface: fc.nat(2),
    seconds: fc.nat(4_000_000_000),
    nanoseconds: fc.nat(999_999_999),
    bytes: fc.uint8Array({ maxLength: 80 }),
    more: fc.nat(2000),
    comment: fc.option(
      fc.string({ unit: 'grapheme' }).filter((text) => !text.endsWith('\0')),
      { nil: undefined },
    ),
  });

  it('give back what was written, however the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 10 }), fc.array(fc.nat(60), { maxLength: 40 }), (written, sizes) => {
        const writer = new PcapngWriter();
        const frames = written.map(({ more, ...rest }) => ({ ...rest, wireLength: rest.bytes.length + more }));
        const file = join(
          writer.section({ comment: 'c' }),
          ...[1, 113, 101].map((linkType, i) => writer.interface({ name: `h/eth${i}`, linkType })),
          ...frames.map((one) => writer.packet(one.interface, one)),
        );
        const { frames: read, parser } = readAll(file, sizes);
        expect(read).toEqual(
          frames.map(({ comment, ...rest }) => ({
            ...rest,
            linkType: [1, 113, 101][rest.interface],
            ...(comment === undefined ? {} : { comment }),
          })),
        );
        expect(parser.end()).toBeUndefined();
      }),
    );
  });

  it('keep names, comments and statistics', () => {
    const writer = new PcapngWriter();
    const { parser } = readAll(
      join(
        writer.section({ comment: 'scenario é', hardware: 'h', os: 'Linux', application: 'labctl' }),
        writer.interface({ name: 'client1/eth0', description: 'lab', linkType: 1, snapLength: 2000 }),
        writer.names([
          ['172.25.0.2', 'server'],
          ['2001:db8::5', 'client1'],
          ['::ffff:192.0.2.1', 'mapped'],
          ['nonsense', 'nobody'],
        ]),
        writer.statistics(0, { at: 1_700_000_000_123_456, received: 2 ** 40, dropped: 1, osDropped: 2 }),
      ),
    );
    expect(parser.comments).toEqual(['scenario é']);
    expect([...parser.names]).toEqual([
      ['172.25.0.2', 'server'],
      ['2001:db8::5', 'client1'],
      ['::ffff:192.0.2.1', 'mapped'],
    ]);
    expect(parser.interfaces).toEqual([
      {
        name: 'client1/eth0',
        description: 'lab',
        linkType: 1,
        snapLength: 2000,
        ticksPerSecond: 1e9,
        received: 2 ** 40,
        dropped: 3,
      },
    ]);
  });

  it('cut a comment that no option can hold', () => {
    const writer = new PcapngWriter();
    const { parser } = readAll(writer.section({ comment: 'é'.repeat(40_000) }));
    expect(parser.comments[0]).toBe('é'.repeat(32_767));
  });
});
