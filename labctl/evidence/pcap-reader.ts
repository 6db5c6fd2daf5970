// Knows the classic pcap format (draft-ietf-opsawg-pcap): one interface, one header, then records.

import { LabError } from '../model/lab-error.ts';
import type { CaptureInterface } from './capture-frame.ts';
import { FrameRecord, type TakeFrame } from './frame-record.ts';
import { bigEndian, littleEndian, type Numbers, u32 } from './octets.ts';
import { BrokenRecord, largestRecord, type RecordReader } from './record-reader.ts';

const microMagic = 0xa1b2c3d4;
const nanoMagic = 0xa1b23c4d;
const fileHeader = 24;
const recordHeader = 16;
/** tcpdump's largest snaplen; a header may still promise more. */
const usualSnapLength = 262_144;

/** The byte order and resolution that the first four bytes tell; undefined for another format. */
export function pcapKind(bytes: Uint8Array, at: number): { numbers: Numbers; ticksPerSecond: number } | undefined {
  for (const numbers of [littleEndian, bigEndian]) {
    const magic = numbers.u32(bytes, at);
    if (magic === microMagic) return { numbers, ticksPerSecond: 1e6 };
    if (magic === nanoMagic) return { numbers, ticksPerSecond: 1e9 };
  }
  return undefined;
}

export class PcapReader implements RecordReader {
  readonly #numbers: Numbers;
  readonly #nanosecondsPerTick: number;
  readonly #interfaces: CaptureInterface[];
  readonly #record = new FrameRecord();
  /** 0 until the file's header was read. */
  #largest = 0;

  constructor(kind: { numbers: Numbers; ticksPerSecond: number }, interfaces: CaptureInterface[]) {
    this.#numbers = kind.numbers;
    this.#nanosecondsPerTick = 1e9 / kind.ticksPerSecond;
    this.#interfaces = interfaces;
  }

  read(bytes: Uint8Array, at: number, take: TakeFrame): number {
    if (this.#largest === 0) return this.#header(bytes, at);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const next = this.#readWhole(bytes, view, at, take);
    if (next > at) return next - at;
    if (bytes.length - at < recordHeader) return -recordHeader;
    const captured = this.#numbers.u32(bytes, at + 8);
    if (captured > this.#largest) throw new BrokenRecord(`a packet record claims ${captured} captured bytes`);
    return -(recordHeader + captured);
  }

  /** All records that are whole, in one loop: most of what a large file costs. Gives where the first one is that is not. */
  #readWhole(bytes: Uint8Array, view: DataView, from: number, take: TakeFrame): number {
    const isLittle = this.#numbers === littleEndian;
    const record = this.#record;
    const last = bytes.length - recordHeader;
    let at = from;
    while (at <= last) {
      const captured = view.getUint32(at + 8, isLittle);
      if (captured > this.#largest || captured > last - at) break;
      record.seconds = view.getUint32(at, isLittle);
      // Within 32 bits with a sign, as Wireshark keeps it: of a whole fraction of a second nothing is lost.
      record.nanoseconds = Math.imul(view.getUint32(at + 4, isLittle), this.#nanosecondsPerTick);
      record.wireLength = view.getUint32(at + 12, isLittle);
      record.start = at + recordHeader;
      at = record.start + captured;
      record.end = at;
      take(bytes, record);
    }
    return at;
  }

  #header(bytes: Uint8Array, at: number): number {
    if (bytes.length - at < fileHeader) return -fileHeader;
    const major = this.#numbers.u16(bytes, at + 4);
    if (major !== 2) throw new LabError('usage', `pcap version ${major} is not known; 2 is`);
    // The upper bits tell of a frame check sequence.
    const linkType = this.#numbers.u32(bytes, at + 20) & 0xffff;
    const snapLength = this.#numbers.u32(bytes, at + 16);
    this.#interfaces.push({ linkType, snapLength, ticksPerSecond: 1e9 / this.#nanosecondsPerTick });
    this.#record.linkType = linkType;
    this.#largest = Math.min(Math.max(snapLength, usualSnapLength), largestRecord);
    return fileHeader;
  }
}

/** True for the magic of a pcap variant that is known by name only (Kuznetzov's). */
export const isModifiedPcap = (bytes: Uint8Array, at: number): boolean =>
  [u32(bytes, at), littleEndian.u32(bytes, at)].includes(0xa1b2cd34);
