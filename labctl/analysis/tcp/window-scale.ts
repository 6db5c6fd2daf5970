// How far the windows of a flow are shifted, and where its window ends (RFC 7323, section 2). A flow is given by where its
// row begins in `ints` (flows.ts).

import type { Segment } from '../../evidence/scan/segment.ts';
import * as flow from './flows.ts';

const syn = 2;
const ack = 16;

/** RFC 7323, section 2.2: only where both SYNs offer it is anything scaled. */
export function noteScale(ints: Int32Array, own: number, other: number, segment: Segment): void {
  const { flags, windowScale, whole } = segment;
  if (flags & syn) ints[own + flow.plainWindow] = 1;
  else if (flags & ack) ints[own + flow.plainWindow] = 0;
  if (windowScale >= 0) ints[own + flow.scale] = windowScale;
  if (!whole) return;
  if (windowScale < 0 && flags & syn && ints[own + flow.scale] === flow.unknown) {
    ints[own + flow.scale] = flow.unscaled;
    ints[other + flow.scale] = flow.unscaled;
  }
  if ((flags & (syn | ack)) === (syn | ack) && ints[other + flow.scale] === flow.unscaled)
    ints[own + flow.scale] = flow.unscaled;
}

/** Data that ends at `end` goes up to the very edge of the window that `other` announced, where the scale is known. */
export function fillsWindow(ints: Int32Array, other: number, end: number): boolean {
  const shift = ints[other + flow.scale] as number;
  if (shift === flow.unknown) return false;
  const isPlain = shift === flow.unscaled || ints[other + flow.plainWindow] === 1;
  const window = ints[other + flow.lastWindow] as number;
  const edge = (ints[other + flow.lastAck] as number) + (isPlain ? window : window << shift);
  return ((end - edge) | 0) === 0;
}

/** A window in bytes; as on the wire where the scale is not known. */
export const scaledWindow = (ints: Int32Array, own: number, window: number): number =>
  window * 2 ** Math.max(0, ints[own + flow.scale] as number);
