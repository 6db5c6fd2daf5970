// Knows how a pcapng file is cut into sections and blocks, and delivers the frames of its packet blocks.

import { type Body, readInterface, readNames, readOptions, readStatistics, textOption } from './block-content.ts';
import type { CapturedFrame, CaptureInterface } from './capture-frame.ts';
import { instantOf } from './capture-time.ts';
import { bigEndian, littleEndian, type Numbers } from './octets.ts';
import { blockTypes, byteOrderMagic, optionCodes, padded } from './pcapng-format.ts';
import { BrokenRecord, largestRecord, type RecordReader } from './record-reader.ts';

/** What the whole file tells besides its frames; the parser shows it to its user. */
export interface CaptureFacts {
  interfaces: CaptureInterface[];
  names: Map<string, string>;
  comments: string[];
}

const known = new Set<number>(Object.values(blockTypes));
/** Bytes before the body of a packet block's data. */
const packetHeader = 20;

function byteOrder(bytes: Uint8Array, at: number): Numbers {
  const numbers = [littleEndian, bigEndian].find((order) => order.u32(bytes, at) === byteOrderMagic);
  if (!numbers) throw new BrokenRecord('a section header without a byte-order mark');
  return numbers;
}

export class PcapngReader implements RecordReader {
  readonly #facts: CaptureFacts;
  #numbers: Numbers = littleEndian;
  /** Where this section's interfaces begin in the table of the whole file. */
  #sectionStart = 0;

  constructor(facts: CaptureFacts) {
    this.#facts = facts;
  }

  read(bytes: Uint8Array, at: number, frames: CapturedFrame[]): number {
    if (bytes.length - at < 12) return -12;
    const isSection = bigEndian.u32(bytes, at) === blockTypes.section;
    if (isSection) this.#numbers = byteOrder(bytes, at + 8);
    const type = this.#numbers.u32(bytes, at);
    const length = this.#numbers.u32(bytes, at + 4);
    if (length < 12 || length % 4 !== 0) throw new BrokenRecord(`a block of type ${type} claims ${length} bytes`);
    if (!known.has(type)) return length;
    if (length > largestRecord) throw new BrokenRecord(`a block of type ${type} claims ${length} bytes`);
    if (bytes.length - at < length) return -length;
    if (this.#numbers.u32(bytes, at + length - 4) !== length) {
      throw new BrokenRecord(`a block of type ${type} whose two lengths differ`);
    }
    this.#block(type, { bytes: bytes.subarray(at + 8, at + length - 4), numbers: this.#numbers }, frames);
    return length;
  }

  #block(type: number, body: Body, frames: CapturedFrame[]): void {
    if (type === blockTypes.enhancedPacket) frames.push(this.#enhancedPacket(body));
    else if (type === blockTypes.simplePacket) frames.push(this.#simplePacket(body));
    else if (type === blockTypes.packet) frames.push(this.#oldPacket(body));
    else if (type === blockTypes.section) this.#section(body);
    else if (type === blockTypes.interface) this.#facts.interfaces.push(readInterface(atLeast(body, 8)));
    else if (type === blockTypes.names)
      for (const [address, name] of readNames(body)) this.#facts.names.set(address, name);
    else if (type === blockTypes.statistics) this.#statistics(atLeast(body, 12));
  }

  #section(body: Body): void {
    this.#sectionStart = this.#facts.interfaces.length;
    const comment = textOption(readOptions(atLeast(body, 16), 16), optionCodes.comment);
    if (comment !== undefined) this.#facts.comments.push(comment);
  }

  #interface(inSection: number): { index: number; found: CaptureInterface } {
    const index = this.#sectionStart + inSection;
    const found = this.#facts.interfaces[index];
    if (!found) throw new BrokenRecord(`a packet of interface ${inSection}, which was not described`);
    return { index, found };
  }

  #enhancedPacket(body: Body): CapturedFrame {
    return this.#stampedPacket(body, body.numbers.u32(atLeast(body, packetHeader).bytes, 0));
  }

  #oldPacket(body: Body): CapturedFrame {
    return this.#stampedPacket(body, body.numbers.u16(atLeast(body, packetHeader).bytes, 0));
  }

  /** Both kinds agree from the time stamp on. */
  #stampedPacket(body: Body, inSection: number): CapturedFrame {
    const { bytes, numbers } = body;
    const { index, found } = this.#interface(inSection);
    const captured = numbers.u32(bytes, 12);
    if (packetHeader + captured > bytes.length)
      throw new BrokenRecord(`a packet larger than its block: ${captured} bytes`);
    const optionsAt = packetHeader + padded(captured);
    const comment =
      optionsAt < bytes.length ? textOption(readOptions(body, optionsAt), optionCodes.comment) : undefined;
    const instant = instantOf(numbers.u32(bytes, 4), numbers.u32(bytes, 8), found.ticksPerSecond);
    return {
      interface: index,
      linkType: found.linkType,
      seconds: instant.seconds + (found.offsetSeconds ?? 0),
      nanoseconds: instant.nanoseconds,
      wireLength: numbers.u32(bytes, 16),
      bytes: bytes.subarray(packetHeader, packetHeader + captured),
      ...(comment === undefined ? {} : { comment }),
    };
  }

  /** A simple packet block has neither time nor interface: it is of the section's first. */
  #simplePacket(body: Body): CapturedFrame {
    const { bytes, numbers } = atLeast(body, 4);
    const { index, found } = this.#interface(0);
    const wireLength = numbers.u32(bytes, 0);
    const captured = Math.min(wireLength, found.snapLength || wireLength, bytes.length - 4);
    const frame = { interface: index, linkType: found.linkType, seconds: 0, nanoseconds: 0, wireLength };
    return { ...frame, bytes: bytes.subarray(4, 4 + captured) };
  }

  #statistics(body: Body): void {
    const { found } = this.#interface(body.numbers.u32(body.bytes, 0));
    Object.assign(found, readStatistics(body));
  }
}

function atLeast(body: Body, length: number): Body {
  if (body.bytes.length < length) throw new BrokenRecord(`a block with ${body.bytes.length} bytes of content`);
  return body;
}
