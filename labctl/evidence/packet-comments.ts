// Gives the packets of a pcapng file comments: every block is handed on as it is, packet blocks with their comment.

import { Block } from './block-builder.ts';
import { littleEndian } from './octets.ts';
import { blockTypes, optionCodes, padded } from './pcapng-format.ts';

/** Bytes of an enhanced packet block before its data, the block's type and length included. */
const packetHead = 28;

/** The block with this comment and no other option. */
function commented(block: Uint8Array, comment: string): Uint8Array {
  const end = packetHead + padded(littleEndian.u32(block, 20));
  return new Block(blockTypes.enhancedPacket, end + 16 + 3 * comment.length)
    .bytes(block.subarray(8, end))
    .text(optionCodes.comment, comment)
    .finish();
}

/**
 * The same file with a comment at every frame (counted from 1, as Wireshark does) for which there is one. For files that
 * `PcapngWriter` wrote: one section, little-endian, enhanced packet blocks.
 */
export async function* withComments(
  chunks: AsyncIterable<Uint8Array>,
  commentOf: (frame: number) => string | undefined,
): AsyncGenerator<Uint8Array> {
  let rest: Uint8Array = new Uint8Array(0);
  let frame = 0;
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const whole: Uint8Array[] = [];
    let at = 0;
    while (rest.length - at >= 12) {
      const length = littleEndian.u32(rest, at + 4);
      if (length < 12 || at + length > rest.length) break;
      const block = rest.subarray(at, at + length);
      const isPacket = littleEndian.u32(block, 0) === blockTypes.enhancedPacket;
      const comment = isPacket ? commentOf(++frame) : undefined;
      whole.push(comment === undefined ? block : commented(block, comment));
      at += length;
    }
    rest = rest.subarray(at);
    if (whole.length > 0) yield Buffer.concat(whole);
  }
  if (rest.length > 0) yield rest;
}
