// Reads captures as they come: pcap and pcapng, files and live streams, in chunks of any size.

import type { CapturedFrame, CaptureInterface, Damage } from './capture-frame.ts';

/** Push bytes, get whole frames. Throws LabError only for input that is no capture at all; damage further on is told by `end()`. */
export class CaptureParser {
  /** Grows as interface descriptions are read; a pcap stream fills it with its file header, before any frame. */
  readonly interfaces: CaptureInterface[] = [];
  /** Name resolution: address → name. */
  readonly names = new Map<string, string>();
  /** Comments of section headers. */
  readonly comments: string[] = [];

  push(_chunk: Uint8Array): CapturedFrame[] {
    throw new Error('not yet');
  }

  end(): Damage | undefined {
    throw new Error('not yet');
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
