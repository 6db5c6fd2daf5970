// Reads captures as they come: pcap and pcapng, files and live streams, in chunks of any size.

import { LabError } from '../model/lab-error.ts';
import type { CapturedFrame, CaptureInterface, Damage } from './capture-frame.ts';
import type { FrameRecord, TakeFrame } from './frame-record.ts';
import { bigEndian } from './octets.ts';
import { PcapReader, pcapKind } from './pcap-reader.ts';
import { blockTypes } from './pcapng-format.ts';
import { type CaptureFacts, PcapngReader } from './pcapng-reader.ts';
import { BrokenRecord, type RecordReader } from './record-reader.ts';

/** What a file that is no capture begins with, where its first bytes tell what it is. */
const others = new Map([
  ['28b52ffd', 'compressed with zstd'],
  ['04224d18', 'compressed with lz4'],
  ['fd377a58', 'compressed with xz'],
  ['425a6839', 'compressed with bzip2'],
  ['504b0304', 'a zip archive'],
]);

function noCapture(bytes: Uint8Array, at: number): LabError {
  const start = Buffer.from(bytes.subarray(at, at + 4)).toString('hex');
  const what = others.get(start) ?? `begins with 0x${start}`;
  return new LabError('usage', `not a pcap or pcapng capture: ${what}`, {
    hint: 'Give a file that tcpdump, Wireshark or labctl wrote; unpack a compressed one first.',
  });
}

const capturedFrame = (bytes: Uint8Array, record: FrameRecord): CapturedFrame => ({
  interface: record.interface,
  linkType: record.linkType,
  seconds: record.seconds,
  nanoseconds: record.nanoseconds,
  wireLength: record.wireLength,
  bytes: bytes.subarray(record.start, record.end),
  ...(record.comment === undefined ? {} : { comment: record.comment }),
});

const nothing = new Uint8Array(0);

/** `rest`, then `chunk`, in one piece: laid into the room before the chunk where there is enough, else copied. */
function joined(rest: Uint8Array, chunk: Uint8Array, headroom: number): Uint8Array {
  if (rest.length === 0) return chunk;
  const fits = rest.length <= headroom;
  const whole = fits
    ? new Uint8Array(chunk.buffer, chunk.byteOffset - rest.length, rest.length + chunk.length)
    : new Uint8Array(rest.length + chunk.length);
  whole.set(rest);
  if (!fits) whole.set(chunk, rest.length);
  return whole;
}

/**
 * Push bytes, get whole frames. Throws LabError only for input that is no capture at all; what is damaged or cut off
 * further on is told by `end()`, and every frame before it is delivered. Holds at most one record (16 MiB) back.
 */
export class CaptureParser {
  readonly #facts: CaptureFacts = { interfaces: [], names: new Map(), comments: [] };
  #reader: RecordReader | undefined;
  /** Bytes that were read and not understood yet. Large records come in many chunks, joined when all are there. */
  #chunks: Uint8Array[] = [];
  #buffered = 0;
  /** No use in looking again before so many bytes are there. */
  #needed = 4;
  /** Bytes of a skipped block that are still to come. */
  #toSkip = 0;
  /** File offset of the first buffered byte. */
  #offset = 0;
  #damage: Damage | undefined;

  /** Grows as interface descriptions are read; a pcap stream has its one as soon as its header was pushed. */
  get interfaces(): readonly CaptureInterface[] {
    return this.#facts.interfaces;
  }

  /** Name resolution: address → name. */
  get names(): ReadonlyMap<string, string> {
    return this.#facts.names;
  }

  /** Comments of section headers. */
  get comments(): readonly string[] {
    return this.#facts.comments;
  }

  push(chunk: Uint8Array): CapturedFrame[] {
    const frames: CapturedFrame[] = [];
    this.#take(chunk, 0, (bytes, record) => frames.push(capturedFrame(bytes, record)));
    return frames;
  }

  /**
   * Hands over every frame that the chunk completes, without an object for each. The chunk's memory may be used again
   * afterwards; so many bytes before the chunk, in the same buffer, may be overwritten (it saves a copy).
   */
  feed(chunk: Uint8Array, headroom: number, take: TakeFrame): void {
    this.#take(chunk, headroom, take);
    const last = this.#chunks.length - 1;
    const rest = this.#chunks[last];
    if (rest?.buffer === chunk.buffer) this.#chunks[last] = rest.slice();
  }

  #take(chunk: Uint8Array, headroom: number, take: TakeFrame): void {
    const rest = this.#skip(chunk);
    if (this.#damage || rest.length === 0) return;
    if (this.#buffered + rest.length < this.#needed) {
      this.#chunks.push(rest);
      this.#buffered += rest.length;
      return;
    }
    const before = this.#chunks.length > 1 ? Buffer.concat(this.#chunks) : (this.#chunks[0] ?? nothing);
    this.#readAll(joined(before, rest, headroom), take);
  }

  /** Tells what is missing or wrong; undefined when the capture ended where it should. */
  end(): Damage | undefined {
    if (this.#damage) return this.#damage;
    if (!this.#reader)
      return { at: 0, why: this.#buffered === 0 ? 'the capture is empty' : 'the capture ends in its header' };
    const missing = this.#toSkip || (this.#buffered > 0 ? this.#needed - this.#buffered : 0);
    return missing > 0 ? { at: this.#offset, why: 'the capture ends inside a record', missing } : undefined;
  }

  #skip(chunk: Uint8Array): Uint8Array {
    const skipped = Math.min(this.#toSkip, chunk.length);
    this.#toSkip -= skipped;
    this.#offset += skipped;
    return chunk.subarray(skipped);
  }

  #readAll(bytes: Uint8Array, take: TakeFrame): void {
    let at = 0;
    try {
      const reader = (this.#reader ??= this.#choose(bytes));
      while (at < bytes.length) {
        const length = reader.read(bytes, at, take);
        if (length < 0) {
          this.#keep(bytes, at, -length);
          return;
        }
        at += length;
      }
      this.#keep(bytes, Math.min(at, bytes.length), 1);
      this.#toSkip = at - bytes.length;
    } catch (error) {
      if (!(error instanceof BrokenRecord)) throw error;
      this.#damage = { at: this.#offset + at, why: error.message };
      this.#keep(bytes, bytes.length, 1);
    }
  }

  #keep(bytes: Uint8Array, from: number, needed: number): void {
    const rest = bytes.subarray(from);
    this.#chunks = rest.length > 0 ? [rest] : [];
    this.#buffered = rest.length;
    this.#offset += from;
    this.#needed = needed;
  }

  #choose(bytes: Uint8Array): RecordReader {
    if (bigEndian.u32(bytes, 0) === blockTypes.section) return new PcapngReader(this.#facts);
    const kind = pcapKind(bytes, 0);
    if (!kind) throw noCapture(bytes, 0);
    return new PcapReader(kind, this.#facts.interfaces);
  }
}

/** Batches of frames, one per chunk that completed any. Hand in a parser to read its interfaces and its `end()` afterwards. */
export async function* readCapture(
  chunks: AsyncIterable<Uint8Array>,
  parser: CaptureParser = new CaptureParser(),
): AsyncGenerator<CapturedFrame[]> {
  for await (const chunk of chunks) {
    const frames = parser.push(chunk);
    if (frames.length > 0) yield frames;
  }
}
