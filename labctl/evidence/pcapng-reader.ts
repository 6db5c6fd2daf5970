// Knows how a pcapng file is cut into sections and blocks, and delivers the frames of its packet blocks.

import { type Body, readInterface, readNames, readOptions, readStatistics, textOption } from './block-content.ts';
import { type CaptureInterface, noLink } from './capture-frame.ts';
import { setInstant } from './capture-time.ts';
import { FrameRecord, type TakeFrame } from './frame-record.ts';
import { bigEndian, littleEndian, type Numbers } from './octets.ts';
import { blockTypes, byteOrderMagic, optionCodes, padded } from './pcapng-format.ts';
import { readRecord } from './pcapng-records.ts';
import { BrokenRecord, largestPacket, largestRecord, type RecordReader } from './record-reader.ts';

/** What the whole file tells besides its frames; the parser shows it to its user. */
export interface CaptureFacts {
  interfaces: CaptureInterface[];
  names: Map<string, string>;
  comments: string[];
}

const known = new Set<number>(Object.values(blockTypes));
/** Options of packets with a length of their own: flags, packets dropped, number of the packet, queue. */
const packetOptions = [
  [2, 4],
  [4, 8],
  [5, 8],
  [6, 4],
] as const;
/** A block that nobody reads is stepped over; one that claims more is damage (Wireshark's limit too). */
const largestBlock = 134_348_832;
/** What is kept of a file's facts, so that none fills the memory: more interfaces are damage, other names are left out. */
export const mostFacts = { interfaces: 100_000, names: 100_000, comments: 1000 } as const;
/** Bytes before the body of a packet block's data. */
const packetHeader = 20;

function byteOrder(bytes: Uint8Array, at: number): Numbers {
  const numbers = [littleEndian, bigEndian].find((order) => order.u32(bytes, at) === byteOrderMagic);
  if (!numbers) throw new BrokenRecord('a section header without a byte-order mark');
  return numbers;
}

export class PcapngReader implements RecordReader {
  readonly #facts: CaptureFacts;
  readonly #record = new FrameRecord();
  #numbers: Numbers = littleEndian;
  /** Where this section's interfaces begin in the table of the whole file. */
  #sectionStart = 0;

  constructor(facts: CaptureFacts) {
    this.#facts = facts;
  }

  read(bytes: Uint8Array, at: number, take: TakeFrame): number {
    if (bytes.length - at < 12) return -12;
    if (bigEndian.u32(bytes, at) === blockTypes.section) this.#numbers = byteOrder(bytes, at + 8);
    const type = this.#numbers.u32(bytes, at);
    const length = this.#numbers.u32(bytes, at + 4);
    if (length < 12 || length % 4 !== 0) throw new BrokenRecord(`a block of type ${type} claims ${length} bytes`);
    if (length > (known.has(type) ? largestRecord : largestBlock))
      throw new BrokenRecord(`a block of type ${type} claims ${length} bytes`);
    if (length > largestRecord) return length;
    if (bytes.length - at < length) return -length;
    if (this.#numbers.u32(bytes, at + length - 4) !== length) {
      throw new BrokenRecord(`a block of type ${type} whose two lengths differ`);
    }
    this.#block(type, bytes, at, length, take);
    return length;
  }

  #block(type: number, bytes: Uint8Array, at: number, length: number, take: TakeFrame): void {
    const end = at + length - 4;
    if (type === blockTypes.enhancedPacket || type === blockTypes.packet) this.#packet(type, bytes, at, end, take);
    else if (type === blockTypes.simplePacket) this.#simplePacket(bytes, at, end, take);
    else {
      const body = { bytes: bytes.subarray(at + 8, end), numbers: this.#numbers };
      if (readRecord(type, body, this.#record)) this.#noPacket(bytes, at + 8, end, take);
      else this.#fact(type, body);
    }
  }

  #noPacket(bytes: Uint8Array, start: number, end: number, take: TakeFrame): void {
    const record = this.#record;
    Object.assign(record, { interface: 0, linkType: noLink, checkLength: 0, start, end, comment: undefined });
    take(bytes, record);
  }

  /** Everything but packets. */
  #fact(type: number, body: Body): void {
    if (type === blockTypes.section) this.#section(body);
    else if (type === blockTypes.interface) this.#describe(body);
    else if (type === blockTypes.names) this.#name(body);
    else if (type === blockTypes.statistics) this.#statistics(atLeast(body, 12));
  }

  /** Of the format's versions there are 1.0 and, in some files, 1.2, which is the same. */
  #describe(body: Body): void {
    const { interfaces } = this.#facts;
    if (interfaces.length >= mostFacts.interfaces)
      throw new BrokenRecord(`more than ${mostFacts.interfaces} interfaces are described`);
    interfaces.push(readInterface(atLeast(body, 8)));
  }

  #name(body: Body): void {
    const { names } = this.#facts;
    for (const [address, name] of readNames(body)) if (names.size < mostFacts.names) names.set(address, name);
  }

  #section(body: Body): void {
    const [major, minor] = [body.numbers.u16(body.bytes, 4), body.numbers.u16(body.bytes, 6)];
    if (major !== 1 || (minor !== 0 && minor !== 2))
      throw new BrokenRecord(`a section of version ${major}.${minor}, which is not known`);
    this.#sectionStart = this.#facts.interfaces.length;
    const comment = textOption(readOptions(atLeast(body, 16), 16), optionCodes.comment);
    const { comments } = this.#facts;
    if (comment !== undefined && comments.length < mostFacts.comments) comments.push(comment);
  }

  #interface(inSection: number): CaptureInterface {
    const index = this.#sectionStart + inSection;
    const found = this.#facts.interfaces[index];
    if (!found) throw new BrokenRecord(`a packet of interface ${inSection}, which was not described`);
    this.#record.interface = index;
    this.#record.linkType = found.linkType;
    this.#record.checkLength = found.checkLength ?? 0;
    return found;
  }

  /** Enhanced and obsolete packet blocks agree from the time stamp on. */
  #packet(type: number, bytes: Uint8Array, at: number, end: number, take: TakeFrame): void {
    const numbers = this.#numbers;
    const start = at + 8 + packetHeader;
    if (start > end) throw shortBlock(end - at - 8);
    const inSection = type === blockTypes.packet ? numbers.u16(bytes, at + 8) : numbers.u32(bytes, at + 8);
    const found = this.#interface(inSection);
    const captured = numbers.u32(bytes, at + 20);
    if (captured > largestPacket(found.linkType)) throw new BrokenRecord(`a packet of ${captured} bytes`);
    if (start + captured > end) throw new BrokenRecord(`a packet larger than its block: ${captured} bytes`);
    const record = this.#record;
    setInstant(record, numbers.u32(bytes, at + 12), numbers.u32(bytes, at + 16), found.ticksPerSecond);
    record.seconds += found.offsetSeconds ?? 0;
    record.wireLength = numbers.u32(bytes, at + 24);
    record.start = start;
    record.end = start + captured;
    record.comment = this.#comment(bytes, start + padded(captured), end);
    take(bytes, record);
  }

  #comment(bytes: Uint8Array, optionsAt: number, end: number): string | undefined {
    if (optionsAt >= end) return undefined;
    const options = readOptions({ bytes: bytes.subarray(optionsAt, end), numbers: this.#numbers }, 0);
    for (const [code, length] of packetOptions)
      if ((options.get(code)?.length ?? length) !== length)
        throw new BrokenRecord(`option ${code} is not ${length} bytes`);
    return textOption(options, optionCodes.comment);
  }

  /** A simple packet block has neither time nor interface: it is of the section's first. It holds nothing but the packet. */
  #simplePacket(bytes: Uint8Array, at: number, end: number, take: TakeFrame): void {
    const start = at + 12;
    if (start > end) throw shortBlock(end - at - 8);
    const { snapLength } = this.#interface(0);
    const wireLength = this.#numbers.u32(bytes, at + 8);
    const record = this.#record;
    record.seconds = 0;
    record.nanoseconds = 0;
    record.wireLength = wireLength;
    record.start = start;
    record.end = start + Math.min(wireLength, snapLength || wireLength);
    record.comment = undefined;
    if (padded(record.end - start) !== end - start)
      throw new BrokenRecord(`a packet of ${record.end - start} bytes in a block for ${end - start}`);
    take(bytes, record);
  }

  #statistics(body: Body): void {
    const found = this.#facts.interfaces[this.#sectionStart + body.numbers.u32(body.bytes, 0)];
    Object.assign(found ?? {}, readStatistics(body));
  }
}

const shortBlock = (length: number) => new BrokenRecord(`a block with ${length} bytes of content`);

function atLeast(body: Body, length: number): Body {
  if (body.bytes.length < length) throw shortBlock(body.bytes.length);
  return body;
}
