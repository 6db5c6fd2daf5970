// Takes apart the one stream in which the engine sends a program's output: frames of an 8-byte header and a payload.
// Docker Engine API, "ContainerAttach": byte 0 names the stream, bytes 4-7 hold the payload's length, big-endian.

import { LabError } from '../../model/lab-error.ts';

export interface OutputChunk {
  stream: 'stdout' | 'stderr';
  bytes: Uint8Array;
}

const headerLength = 8;
const stderr = 2;
/** Not in the API's text: the engine reports an error of its own in such a frame. */
const engineError = 3;

/**
 * The payloads in order, as they come: a frame that arrives in pieces is handed on in pieces, nothing is collected.
 * Pulling decides the pace. Throws LabError when the stream is no such stream or ends within a frame.
 */
export async function* demultiplex(source: AsyncIterable<Uint8Array>): AsyncGenerator<OutputChunk> {
  const header = Buffer.alloc(headerLength);
  let headerBytes = 0;
  let remaining = 0;
  for await (const chunk of source) {
    let at = 0;
    while (at < chunk.length) {
      if (remaining === 0) {
        const taken = chunk.subarray(at, at + headerLength - headerBytes);
        header.set(taken, headerBytes);
        headerBytes += taken.length;
        at += taken.length;
        if (headerBytes < headerLength) break;
        headerBytes = 0;
        remaining = payloadLength(header);
      } else {
        const bytes = chunk.subarray(at, at + remaining);
        at += bytes.length;
        remaining -= bytes.length;
        if (header[0] === engineError) throw new LabError('engine', Buffer.from(bytes).toString().trim());
        yield { stream: header[0] === stderr ? 'stderr' : 'stdout', bytes };
      }
    }
  }
  if (headerBytes > 0 || remaining > 0) throw new LabError('engine', "the engine's output ended in the middle");
}

function payloadLength(header: Buffer): number {
  const isFrame = header.readUInt8(0) <= engineError && header.readUIntBE(1, 3) === 0;
  if (isFrame) return header.readUInt32BE(4);
  throw new LabError('engine', 'the engine sent output in a form that labctl does not know');
}
