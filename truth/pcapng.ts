// A capture as a pcapng file that uses what the format allows: both byte orders, several sections and interfaces,
// every kind of packet block, resolutions, options, and blocks that nobody knows.

import type { Capture, Frame } from './capture.ts';
import { concat, linkTypeOf } from './frames.ts';
import type { Random } from './random.ts';

/** Powers of ten, and of two (the top bit). */
const resolutions = [undefined, 3, 6, 9, 0x80 | 10, 0x80 | 20] as const;

class Blocks {
  readonly #little: boolean;
  readonly #parts: Uint8Array[] = [];

  constructor(little: boolean) {
    this.#little = little;
  }

  word(value: number): number[] {
    const bytes = [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
    return this.#little ? bytes.reverse() : bytes;
  }

  short(value: number): number[] {
    const bytes = [(value >> 8) & 255, value & 255];
    return this.#little ? bytes.reverse() : bytes;
  }

  /** 64 bits with a sign. */
  long(value: number): number[] {
    const [high, low] = [this.word(value < 0 ? 0xffff_ffff : 0), this.word(value >>> 0)];
    return this.#little ? [...low, ...high] : [...high, ...low];
  }

  option(code: number, value: readonly number[]): number[] {
    const padding = Array<number>((4 - (value.length % 4)) % 4).fill(0);
    return [...this.short(code), ...this.short(value.length), ...value, ...padding];
  }

  add(type: number, ...body: (readonly number[] | Uint8Array)[]): void {
    const inside = concat(...body);
    const padding = (4 - (inside.length % 4)) % 4;
    const length = this.word(12 + inside.length + padding);
    this.#parts.push(concat(this.word(type), length, inside, Array<number>(padding).fill(0), length));
  }

  get bytes(): Uint8Array {
    return concat(...this.#parts);
  }
}

interface Interface {
  resolution: number | undefined;
  /** Seconds that the file leaves out of its time stamps. */
  offset: number;
}

const ticksOf = (resolution: number | undefined): bigint => {
  if (resolution === undefined) return 1_000_000n;
  return resolution & 0x80 ? 2n ** BigInt(resolution & 0x7f) : 10n ** BigInt(resolution);
};

function stamp(blocks: Blocks, at: number, { resolution, offset }: Interface): number[] {
  const nanoseconds = BigInt(1_700_000_000 - offset) * 1_000_000_000n + BigInt(at);
  const ticks = (nanoseconds * ticksOf(resolution)) / 1_000_000_000n;
  return [...blocks.word(Number(ticks >> 32n)), ...blocks.word(Number(ticks & 0xffff_ffffn))];
}

function beginSection(blocks: Blocks, link: Capture['link'], random: Random): Interface[] {
  blocks.add(0x0a0d0d0a, blocks.word(0x1a2b3c4d), blocks.short(1), blocks.short(0), Array<number>(8).fill(0xff));
  return Array.from({ length: 1 + random.below(2) }, () => {
    const resolution = random.pick(resolutions);
    const offset = random.pick([0, 0, 3600, -5]);
    const options = [
      ...(resolution === undefined ? [] : blocks.option(9, [resolution])),
      ...(offset === 0 ? [] : blocks.option(14, blocks.long(offset))),
    ];
    const end = random.chance(50) ? blocks.option(0, []) : [];
    blocks.add(1, blocks.short(linkTypeOf(link)), [0, 0], blocks.word(262_144), options, end);
    return { resolution, offset };
  });
}

const padded = (bytes: Uint8Array): Uint8Array => concat(bytes, Array<number>((4 - (bytes.length % 4)) % 4).fill(0));

function addPacket(blocks: Blocks, frame: Frame, interfaces: readonly Interface[], random: Random): void {
  const index = random.below(interfaces.length);
  const time = stamp(blocks, frame.at, interfaces[index] as Interface);
  const lengths = [...blocks.word(frame.bytes.length), ...blocks.word(frame.wireLength)];
  if (random.chance(10)) blocks.add(2, blocks.short(index), blocks.short(0), time, lengths, frame.bytes);
  else {
    const comment = random.chance(10) ? [...blocks.option(1, [104, 105]), ...blocks.option(0, [])] : [];
    blocks.add(6, blocks.word(index), time, lengths, padded(frame.bytes), comment);
  }
}

/** Simple packet blocks have no time: a capture has only such, or none. */
export function pcapngBytes({ link, frames }: Capture, random: Random): Uint8Array {
  const blocks = new Blocks(random.chance(50));
  const simple = random.chance(20);
  let interfaces = beginSection(blocks, link, random);
  for (const frame of frames) {
    if (random.chance(1)) interfaces = beginSection(blocks, link, random);
    if (random.chance(2)) blocks.add(random.pick([4, 0xbad, 0x4000_0bad, 77]), [0, 0, 0, 0]);
    if (simple) blocks.add(3, blocks.word(frame.bytes.length), frame.bytes);
    else addPacket(blocks, frame, interfaces, random);
  }
  return blocks.bytes;
}
