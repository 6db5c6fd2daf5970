// Decodes TCP with its options, and UDP.

import type { TcpOptions } from '../model/packet.ts';
import { type Decoding, giveUp, hasHeader, payloadFrom } from './layer.ts';
import { u8, u16, u32 } from './octets.ts';

/** RFC 9293, section 3.1. A header whose options the snaplen cut is kept, with the options that are whole. */
export function decodeTcp(decoding: Decoding, at: number): void {
  if (!hasHeader(decoding, 'tcp', at, 20)) return;
  const { packet, bytes, end } = decoding;
  const headerLength = (u8(bytes, at + 12) >> 4) * 4;
  if (headerLength < 20) return giveUp(decoding, 'tcp', at, `a header of ${headerLength} bytes`);
  if (at + headerLength > end) return giveUp(decoding, 'tcp', at, `a header of ${headerLength} bytes in ${end - at}`);
  const options: TcpOptions = {};
  packet.tcp = {
    sourcePort: u16(bytes, at),
    destinationPort: u16(bytes, at + 2),
    seq: u32(bytes, at + 4),
    ack: u32(bytes, at + 8),
    flags: u8(bytes, at + 13),
    window: u16(bytes, at + 14),
    options,
    length: end - at - headerLength,
  };
  payloadFrom(decoding, at + headerLength);
  const wrong = readOptions(options, bytes, at + 20, at + headerLength);
  if (wrong) packet.undecoded = { layer: 'tcp', why: wrong };
}

/** Reads options up to `end`; a text says why it stopped early. */
function readOptions(options: TcpOptions, bytes: Uint8Array, from: number, end: number): string | undefined {
  for (let at = from; at < end; ) {
    if (at >= bytes.length) return 'options cut off';
    const kind = u8(bytes, at);
    if (kind === 0) return undefined;
    const length = kind === 1 ? 1 : u8(bytes, at + 1);
    if (at + 1 >= bytes.length && kind !== 1) return 'options cut off';
    if (length < (kind === 1 ? 1 : 2) || at + length > end) return `option ${kind} claims ${length} bytes`;
    if (at + length > bytes.length) return 'options cut off';
    readOption(options, kind, bytes, at + 2, length - 2);
    at += length;
  }
  return undefined;
}

/** Kinds of the IANA registry; RFC 9293 (2), RFC 7323 (3, 8), RFC 2018 (4, 5). An option of the wrong size is none. */
function readOption(options: TcpOptions, kind: number, bytes: Uint8Array, at: number, size: number): void {
  if (kind === 2 && size === 2) options.mss = u16(bytes, at);
  else if (kind === 3 && size === 1) options.windowScale = u8(bytes, at);
  else if (kind === 4 && size === 0) options.sackPermitted = true;
  else if (kind === 5 && size % 8 === 0) options.sack = readSack(bytes, at, size / 8);
  else if (kind === 8 && size === 8) options.timestamps = { value: u32(bytes, at), echo: u32(bytes, at + 4) };
}

const readSack = (bytes: Uint8Array, at: number, blocks: number): { left: number; right: number }[] =>
  Array.from({ length: blocks }, (_, i) => ({ left: u32(bytes, at + 8 * i), right: u32(bytes, at + 8 * i + 4) }));

/** RFC 768. A length of 0 means "as long as the packet" (RFC 2675, section 4). */
export function decodeUdp(decoding: Decoding, at: number): void {
  if (!hasHeader(decoding, 'udp', at, 8)) return;
  const { packet, bytes, end } = decoding;
  const claimed = u16(bytes, at + 4);
  if (claimed !== 0 && claimed < 8) return giveUp(decoding, 'udp', at, `a length of ${claimed} bytes`);
  const length = (claimed || end - at) - 8;
  packet.udp = { sourcePort: u16(bytes, at), destinationPort: u16(bytes, at + 2), length };
  decoding.end = Math.min(end, at + 8 + length);
  payloadFrom(decoding, at + 8);
}
