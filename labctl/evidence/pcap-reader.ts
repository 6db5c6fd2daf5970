// Knows the classic pcap format (draft-ietf-opsawg-pcap): one interface, one header, then records.

import { LabError } from '../model/lab-error.ts';
import type { CaptureInterface } from './capture-frame.ts';
import { FrameRecord, type TakeFrame } from './frame-record.ts';
import { bigEndian, littleEndian, type Numbers } from './octets.ts';
import { BrokenRecord, largestPacket, type RecordReader } from './record-reader.ts';

const microMagic = 0xa1b2c3d4;
const nanoMagic = 0xa1b23c4d;
/** Of a patched libpcap (Kuznetzov's): its records say more of each packet. */
const modifiedMagic = 0xa1b2cd34;
const fileHeader = 24;
const recordHeader = 16;
const modifiedHeader = 24;
/** A version of its own, whose lengths are swapped as in the oldest files. */
const swappedVersion = 543;

export interface PcapKind {
  numbers: Numbers;
  ticksPerSecond: number;
  /** Bytes before the packet in each record. */
  recordHeader: number;
}

/** The byte order, resolution and records that the first four bytes tell; undefined for another format. */
export function pcapKind(bytes: Uint8Array, at: number): PcapKind | undefined {
  for (const numbers of [littleEndian, bigEndian]) {
    const magic = numbers.u32(bytes, at);
    if (magic === microMagic) return { numbers, ticksPerSecond: 1e6, recordHeader };
    if (magic === nanoMagic) return { numbers, ticksPerSecond: 1e9, recordHeader };
    if (magic === modifiedMagic) return { numbers, ticksPerSecond: 1e6, recordHeader: modifiedHeader };
  }
  return undefined;
}

export class PcapReader implements RecordReader {
  readonly #numbers: Numbers;
  readonly #isLittle: boolean;
  readonly #nanosecondsPerTick: number;
  readonly #recordHeader: number;
  readonly #interfaces: CaptureInterface[];
  readonly #record = new FrameRecord();
  /** 0 until the file's header was read. */
  #largest = 0;
  /** Up to version 2.2 the length on the wire came first; in 2.3 files either may. */
  #lengths: 'usual' | 'swapped' | 'smaller first' = 'usual';

  constructor(kind: PcapKind, interfaces: CaptureInterface[]) {
    this.#numbers = kind.numbers;
    this.#isLittle = kind.numbers === littleEndian;
    this.#nanosecondsPerTick = 1e9 / kind.ticksPerSecond;
    this.#recordHeader = kind.recordHeader;
    this.#interfaces = interfaces;
  }

  read(bytes: Uint8Array, at: number, take: TakeFrame): number {
    if (this.#largest === 0) return this.#header(bytes, at);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const next = this.#readWhole(bytes, view, at, take);
    if (next > at) return next - at;
    const header = this.#recordHeader;
    if (bytes.length - at < header) return -header;
    const captured = this.#capturedOf(view.getUint32(at + 8, this.#isLittle), view.getUint32(at + 12, this.#isLittle));
    if (captured > this.#largest) throw new BrokenRecord(`a packet record claims ${captured} captured bytes`);
    return -(header + captured);
  }

  /** All records that are whole, in one loop: most of what a large file costs. Gives where the first one is that is not. */
  #readWhole(bytes: Uint8Array, view: DataView, from: number, take: TakeFrame): number {
    const isLittle = this.#isLittle;
    const record = this.#record;
    const header = this.#recordHeader;
    const last = bytes.length - header;
    let at = from;
    while (at <= last) {
      const first = view.getUint32(at + 8, isLittle);
      const second = view.getUint32(at + 12, isLittle);
      const captured = this.#capturedOf(first, second);
      if (captured > this.#largest || captured > last - at) break;
      record.seconds = view.getUint32(at, isLittle);
      // Within 32 bits with a sign, as Wireshark keeps it: of a whole fraction of a second nothing is lost.
      record.nanoseconds = Math.imul(view.getUint32(at + 4, isLittle), this.#nanosecondsPerTick);
      record.wireLength = captured === first ? second : first;
      record.start = at + header;
      at = record.start + captured;
      record.end = at;
      take(bytes, record);
    }
    return at;
  }

  /** Of the two lengths of a record the one that was captured. */
  #capturedOf(first: number, second: number): number {
    if (this.#lengths === 'usual') return first;
    return this.#lengths === 'swapped' ? second : Math.min(first, second);
  }

  #header(bytes: Uint8Array, at: number): number {
    if (bytes.length - at < fileHeader) return -fileHeader;
    const numbers = this.#numbers;
    const [major, minor] = [numbers.u16(bytes, at + 4), numbers.u16(bytes, at + 6)];
    if (major < 2) throw new LabError('usage', `pcap version ${major} is not known; 2 is`);
    if (major === swappedVersion || (major === 2 && minor < 3)) this.#lengths = 'swapped';
    else if (major === 2 && minor === 3) this.#lengths = 'smaller first';
    const linkType = numbers.u16(bytes, at + (numbers === bigEndian ? 22 : 20));
    const snapLength = numbers.u32(bytes, at + 16);
    this.#interfaces.push({ linkType, snapLength, ticksPerSecond: 1e9 / this.#nanosecondsPerTick });
    this.#record.linkType = linkType;
    this.#record.checkLength = checkLength(numbers.u32(bytes, at + 20) >>> 16);
    this.#largest = largestPacket(linkType);
    return fileHeader;
  }
}

/** The upper half of the link type may tell the length of a frame check sequence, in units of two bytes. */
const checkLength = (upper: number): number => (upper & 0x400 ? 2 * (upper >> 12) : 0);
