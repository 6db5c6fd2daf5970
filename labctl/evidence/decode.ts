// Turns a captured frame into a Packet: the layers it understood, and why it stopped if it did.

import type { CapturePoint, Packet } from '../model/packet.ts';
import type { CapturedFrame } from './capture-frame.ts';

/** Never throws. `number` is the 1-based frame number within the file. */
export function decode(_frame: CapturedFrame, _point: CapturePoint, _number: number): Packet {
  throw new Error('not yet');
}
