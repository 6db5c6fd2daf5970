// Merges the captures of one host's interfaces by time into one pcapng stream.

import { LabError } from '../model/lab-error.ts';
import { type CapturedFrame, type Damage, linkTypes } from './capture-frame.ts';
import { CaptureParser, readCapture } from './capture-reader.ts';
import { PcapngWriter, type SectionOptions, type StatisticsOptions } from './pcapng-writer.ts';

export interface MergeInput {
  /** Name in the pcapng file: `client1/eth0`. */
  name: string;
  description?: string;
  /** A pcap or pcapng file or stream of one link type, in the order of time. */
  chunks: AsyncIterable<Uint8Array>;
  /** Asked once all frames are written, because drops are only known then; told how many frames were kept. */
  statistics?: (kept: number) => StatisticsOptions | undefined;
}

export interface MergeOptions {
  section?: SectionOptions;
  names?: Iterable<readonly [address: string, name: string]>;
  /** Frames for which this is false are left out, e.g. markers. */
  keep?: (frame: CapturedFrame, input: number) => boolean;
  /** Told when an input was empty, cut off or broken; what came before is kept. */
  onDamage?: (input: number, damage: Damage) => void;
}

/** One input with its next frame in sight. */
class Source {
  readonly input: MergeInput;
  readonly index: number;
  readonly parser = new CaptureParser();
  readonly #batches: AsyncIterator<CapturedFrame[]>;
  #batch: CapturedFrame[] = [];
  #at = 0;
  kept = 0;

  constructor(input: MergeInput, index: number) {
    this.input = input;
    this.index = index;
    this.#batches = readCapture(input.chunks, this.parser);
  }

  /** The next frame; undefined at the end, or before `fill`. */
  get next(): CapturedFrame | undefined {
    return this.#batch[this.#at];
  }

  /** Takes the next frame; true when the batch is used up and `fill` is due. */
  advance(): boolean {
    this.#at += 1;
    return this.#at >= this.#batch.length;
  }

  async fill(): Promise<void> {
    const { value, done } = await this.#batches.next();
    this.#batch = done ? [] : value;
    this.#at = 0;
  }

  async close(): Promise<void> {
    await this.#batches.return?.();
  }

  /** Known once the first batch is there; an empty input counts as Ethernet. */
  get linkType(): number {
    return this.parser.interfaces[0]?.linkType ?? linkTypes.ethernet;
  }
}

const isEarlier = (a: CapturedFrame, b: CapturedFrame): boolean =>
  a.seconds < b.seconds || (a.seconds === b.seconds && a.nanoseconds < b.nanoseconds);

/** The source whose next frame is the earliest, of equals the first; a host has few interfaces, so looking at each is cheap. */
function earliest(sources: readonly Source[]): { source: Source; frame: CapturedFrame } | undefined {
  let found: { source: Source; frame: CapturedFrame } | undefined;
  for (const source of sources) {
    const frame = source.next;
    if (frame && (!found || isEarlier(frame, found.frame))) found = { source, frame };
  }
  return found;
}

const outputChunk = 64 * 1024;

/** Gathers blocks, so that a file is written in few pieces. */
async function* inChunks(blocks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let gathered: Uint8Array[] = [];
  let size = 0;
  for await (const block of blocks) {
    gathered.push(block);
    size += block.length;
    if (size < outputChunk) continue;
    yield Buffer.concat(gathered, size);
    gathered = [];
    size = 0;
  }
  if (size > 0) yield Buffer.concat(gathered, size);
}

function* headBlocks(writer: PcapngWriter, sources: readonly Source[], options: MergeOptions): Generator<Uint8Array> {
  yield writer.section(options.section);
  for (const { input, linkType, parser } of sources) {
    const snapLength = parser.interfaces[0]?.snapLength ?? 0;
    yield writer.interface({ name: input.name, description: input.description, linkType, snapLength });
  }
  if (options.names) yield writer.names(options.names);
}

async function* packetBlocks(
  writer: PcapngWriter,
  sources: Source[],
  options: MergeOptions,
): AsyncGenerator<Uint8Array> {
  for (let found = earliest(sources); found; found = earliest(sources)) {
    const { source, frame } = found;
    if (frame.linkType !== source.linkType) throw new LabError('usage', `${source.input.name} mixes link types`);
    if (options.keep?.(frame, source.index) ?? true) {
      source.kept += 1;
      yield writer.packet(source.index, frame);
    }
    if (source.advance()) await source.fill();
  }
}

function* tailBlocks(writer: PcapngWriter, sources: readonly Source[], options: MergeOptions): Generator<Uint8Array> {
  for (const { input, index, kept, parser } of sources) {
    const damage = parser.end();
    if (damage) options.onDamage?.(index, damage);
    const statistics = input.statistics?.(kept);
    if (statistics) yield writer.statistics(index, statistics);
  }
}

async function* mergedBlocks(sources: Source[], options: MergeOptions): AsyncGenerator<Uint8Array> {
  const writer = new PcapngWriter();
  try {
    await Promise.all(sources.map((source) => source.fill()));
    yield* headBlocks(writer, sources, options);
    yield* packetBlocks(writer, sources, options);
    yield* tailBlocks(writer, sources, options);
  } finally {
    await Promise.all(sources.map((source) => source.close()));
  }
}

/**
 * The bytes of one pcapng file. Frames of equal time keep the order of the inputs; each input is read as it is needed,
 * one batch in memory. Throws LabError for an input that is no capture.
 */
export function mergeCaptures(inputs: readonly MergeInput[], options: MergeOptions = {}): AsyncGenerator<Uint8Array> {
  return inChunks(
    mergedBlocks(
      inputs.map((input, index) => new Source(input, index)),
      options,
    ),
  );
}
