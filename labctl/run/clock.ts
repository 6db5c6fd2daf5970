// Notices when the machine's clock is set, or the machine sleeps, while a run is recorded.

import { type Micros, now } from '../model/time.ts';

/** Less than this is how time servers usually correct a clock, and no lesson's times are so long. */
const smallest: Micros = 50_000;

/** Compares the time that people set with the one that nobody can. */
export class Clock {
  readonly #offset: () => Micros;
  #last: Micros;

  constructor(offset = (): Micros => Date.now() * 1000 - now()) {
    this.#offset = offset;
    this.#last = offset();
  }

  /** By how much the clock was set since the last look; undefined where it was not. */
  step(): Micros | undefined {
    const offset = this.#offset();
    const by = offset - this.#last;
    if (Math.abs(by) < smallest) return undefined;
    this.#last = offset;
    return Math.round(by / 1000) * 1000;
  }
}
