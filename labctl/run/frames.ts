// The recorder's frames: kind, channel and length before each payload, cut out of a stream of chunks of any size.

/** What a frame says about its channel; recorder.py lists the meanings. */
export type FrameKind = 'hello' | 'ready' | 'data' | 'end' | 'refused' | 'new-log' | 'gone';

export interface Frame {
  kind: FrameKind;
  channel: number;
  payload: Uint8Array;
}

const kinds: Record<string, FrameKind> = {
  h: 'hello',
  r: 'ready',
  d: 'data',
  e: 'end',
  x: 'refused',
  n: 'new-log',
  g: 'gone',
};
const headerLength = 9;

/** Push bytes, get whole frames. Throws Error for a kind that recorder.py does not have: the stream is lost then. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);

  push(chunk: Uint8Array): Frame[] {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const frames: Frame[] = [];
    let at = 0;
    while (this.#rest.length - at >= headerLength) {
      const kind = kindOf(this.#rest[at]);
      const end = at + headerLength + this.#rest.readUInt32BE(at + 5);
      if (end > this.#rest.length) break;
      frames.push({
        kind,
        channel: this.#rest.readUInt32BE(at + 1),
        payload: this.#rest.subarray(at + headerLength, end),
      });
      at = end;
    }
    this.#rest = this.#rest.subarray(at);
    return frames;
  }
}

function kindOf(letter: number | undefined): FrameKind {
  const kind = kinds[String.fromCharCode(letter ?? 0)];
  if (kind === undefined) throw new Error(`the recorder sent a frame of unknown kind ${letter}`);
  return kind;
}
