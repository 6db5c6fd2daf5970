// Puts frames of several captures in order of time while they still come: each capture is in order, but none knows how
// far the others are.

import type { CapturedFrame } from './capture-frame.ts';

type Instant = Pick<CapturedFrame, 'seconds' | 'nanoseconds'>;

interface Waiting<Frame> {
  frame: Frame;
  input: number;
  /** When it was handed in, by the caller's clock. */
  came: number;
}

const isLater = (a: Instant, b: Instant): boolean =>
  a.seconds > b.seconds || (a.seconds === b.seconds && a.nanoseconds > b.nanoseconds);

/**
 * Holds frames back for a while. A frame leaves, and every earlier one with it, once it waited `hold` (in the unit of the
 * caller's clock): whoever delivers later than that comes out of order, and nothing is lost.
 */
export class LiveOrder<Frame extends Instant = CapturedFrame> {
  readonly #hold: number;
  readonly #waiting: Waiting<Frame>[] = [];

  constructor(hold: number) {
    this.#hold = hold;
  }

  get size(): number {
    return this.#waiting.length;
  }

  push(input: number, frames: readonly Frame[], now: number): void {
    for (const frame of frames) {
      let place = this.#waiting.length;
      while (place > 0 && isLater((this.#waiting[place - 1] as Waiting<Frame>).frame, frame)) place -= 1;
      this.#waiting.splice(place, 0, { frame, input, came: now });
    }
  }

  /** The frames that need not wait any longer; all of them with `Infinity`. */
  take(now: number): { frame: Frame; input: number }[] {
    const last = this.#waiting.findLastIndex(({ came }) => came + this.#hold <= now);
    return this.#waiting.splice(0, last + 1);
  }
}
