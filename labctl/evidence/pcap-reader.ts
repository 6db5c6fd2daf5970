// Knows the classic pcap format (draft-ietf-opsawg-pcap): one interface, one header, then records.

import { LabError } from '../model/lab-error.ts';
import type { CapturedFrame, CaptureInterface } from './capture-frame.ts';
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
  #interface: CaptureInterface | undefined;

  constructor(kind: { numbers: Numbers; ticksPerSecond: number }, interfaces: CaptureInterface[]) {
    this.#numbers = kind.numbers;
    this.#nanosecondsPerTick = 1e9 / kind.ticksPerSecond;
    this.#interfaces = interfaces;
  }

  read(bytes: Uint8Array, at: number, frames: CapturedFrame[]): number {
    return this.#interface ? this.#record(bytes, at, this.#interface, frames) : this.#header(bytes, at);
  }

  #header(bytes: Uint8Array, at: number): number {
    if (bytes.length - at < fileHeader) return -fileHeader;
    const major = this.#numbers.u16(bytes, at + 4);
    if (major !== 2) throw new LabError('usage', `pcap version ${major} is not known; 2 is`);
    this.#interface = {
      // The upper bits tell of a frame check sequence.
      linkType: this.#numbers.u32(bytes, at + 20) & 0xffff,
      snapLength: this.#numbers.u32(bytes, at + 16),
      ticksPerSecond: 1e9 / this.#nanosecondsPerTick,
    };
    this.#interfaces.push(this.#interface);
    return fileHeader;
  }

  #record(bytes: Uint8Array, at: number, { linkType, snapLength }: CaptureInterface, frames: CapturedFrame[]): number {
    if (bytes.length - at < recordHeader) return -recordHeader;
    const numbers = this.#numbers;
    const captured = numbers.u32(bytes, at + 8);
    if (captured > Math.min(Math.max(snapLength, usualSnapLength), largestRecord)) {
      throw new BrokenRecord(`a packet record claims ${captured} captured bytes`);
    }
    const length = recordHeader + captured;
    if (bytes.length - at < length) return -length;
    frames.push({
      interface: 0,
      linkType,
      seconds: numbers.u32(bytes, at),
      nanoseconds: numbers.u32(bytes, at + 4) * this.#nanosecondsPerTick,
      wireLength: numbers.u32(bytes, at + 12),
      bytes: bytes.subarray(at + recordHeader, at + length),
    });
    return length;
  }
}

/** True for the magic of a pcap variant that is known by name only (Kuznetzov's). */
export const isModifiedPcap = (bytes: Uint8Array, at: number): boolean =>
  [u32(bytes, at), littleEndian.u32(bytes, at)].includes(0xa1b2cd34);
