// Turns a captured frame into a Packet: the layers it understood, and why it stopped if it did.

import type { CapturePoint, Packet } from '../model/packet.ts';
import type { CapturedFrame } from './capture-frame.ts';
import { decodeLink } from './decode-link.ts';

/**
 * Never throws, whatever the bytes: what cannot be decoded is named in `undecoded` and left in `payload`, which is a
 * view into the frame's bytes. `number` is the 1-based frame number within the file.
 */
export function decode(frame: CapturedFrame, point: CapturePoint, number: number): Packet {
  const { bytes } = frame;
  const packet: Packet = {
    frame: number,
    point,
    at: frame.seconds * 1_000_000 + Math.floor(frame.nanoseconds / 1000),
    wireLength: frame.wireLength,
    capturedLength: bytes.length,
    payload: bytes,
    bytes,
    linkType: frame.linkType,
  };
  decodeLink({ packet, bytes, end: Math.max(frame.wireLength, bytes.length) }, frame.linkType);
  return packet;
}
