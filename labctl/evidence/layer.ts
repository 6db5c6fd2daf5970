// What every layer's decoder shares: the packet that grows, how far it reaches, and the one way to give up.

import type { Packet } from '../model/packet.ts';

/** A packet while it is decoded. */
export interface Decoding {
  packet: Packet;
  bytes: Uint8Array;
  /** Where the packet ends by its IP header's word: beyond `bytes` if the snaplen cut, before it if Ethernet padded. */
  end: number;
}

/** Everything from `at` on is payload: the last header that was understood ends there. */
export function payloadFrom({ packet, bytes, end }: Decoding, at: number): void {
  packet.payload = bytes.subarray(Math.min(at, bytes.length), Math.max(at, Math.min(end, bytes.length)));
}

/** Decoding stops at `at`: no bytes after the first error are trusted. */
export function giveUp(decoding: Decoding, layer: string, at: number, why: string): void {
  decoding.packet.undecoded = { layer, why };
  payloadFrom(decoding, at);
}

/** True if a header of `size` bytes is there; otherwise says that it is not. */
export function hasHeader(decoding: Decoding, layer: string, at: number, size: number): boolean {
  const there = Math.min(decoding.bytes.length, decoding.end) - at;
  if (there >= size) return true;
  giveUp(decoding, layer, at, `${Math.max(0, there)} of ${size} header bytes`);
  return false;
}
