// What a row of a capture's ladder will be made of: the beginning of a frame, and what the analysis said of it. Filled
// again for another frame where this one is not shown in the end.

import type { TcpAnalysis } from '../analysis/tcp/analysis.ts';
import { decode } from '../evidence/decode.ts';
import type { FrameRecord } from '../evidence/frame-record.ts';
import { kinds, type Segment } from '../evidence/scan/segment.ts';
import type { CaptureRow, RowSegment } from '../model/capture-report.ts';

/** Bytes of a frame that a row may speak of. */
const most = 256;

export class KeptFrame {
  readonly #bytes = new Uint8Array(most);
  #length = 0;
  #number = 0;
  readonly #record = { interface: 0, linkType: 0, seconds: 0, nanoseconds: 0, wireLength: 0 };
  #segment: RowSegment | undefined;

  /** The frame's bytes are copied: the chunk's memory is used again. */
  fill(bytes: Uint8Array, record: FrameRecord, segment: Segment, analysis: TcpAnalysis): void {
    this.#length = Math.min(most, record.end - record.start);
    for (let at = 0; at < this.#length; at += 1) this.#bytes[at] = bytes[record.start + at] as number;
    const own = this.#record;
    own.interface = record.interface;
    own.linkType = record.linkType;
    own.seconds = record.seconds;
    own.nanoseconds = record.nanoseconds;
    own.wireLength = record.wireLength;
    this.#number = segment.frame;
    if (segment.kind === kinds.none) this.#segment = undefined;
    else this.#tell(segment, analysis);
  }

  #tell({ flags: bits, length, kind }: Segment, analysis: TcpAnalysis): void {
    const { stream, flags, duplicate, duplicateOf, relativeSeq, relativeAck } = analysis;
    const quoted = kind === kinds.quoted;
    this.#segment = { stream, flags, duplicate, duplicateOf, relativeSeq, relativeAck, bits, length, quoted };
  }

  get row(): CaptureRow {
    const frame = { ...this.#record, bytes: this.#bytes.subarray(0, this.#length) };
    const packet = decode(frame, { host: '', interface: '' }, this.#number);
    return this.#segment ? { packet, segment: this.#segment } : { packet };
  }
}
