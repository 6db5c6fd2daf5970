// What the rules remember of each direction and each conversation: rows of numbers in typed arrays.

import { type OpenSpill, RowStore } from './row-store.ts';

/** Words of a flow's row. Sequence numbers are as on the wire; as in Wireshark, 0 also means "none yet". */
export const nextSeq = 2;
export const toBeAcked = 3;
export const lastWindow = 4;
export const lastAck = 5;
/** How far windows are shifted, or one of the two below. */
export const scale = 6;
export const unknown = -1;
export const unscaled = -2;
export const duplicates = 7;
export const ackFrame = 8;
export const lastFlags = 9;
/** Segments that wait for their ACK: how many, where the newest one ends, and the list of the others. */
export const unackedHead = 10;
export const unackedCount = 11;
export const unackedNewest = 13;
/** The window that was announced last is not scaled: it stood in a SYN. */
export const plainWindow = 12;
/** What had been done in its MPTCP connection when this flow's latest segment came. */
export const mptcp = 0;
const flowWords = 16;

/** Times of a flow, seconds and nanoseconds apart. */
export const advanced = 0;
export const acked = 2;
const timeDoubles = 4;

/** Of a conversation: when its latest SYN came, and its initial RTT in nanoseconds (0: not known). */
export const synTime = 0;
export const firstRtt = 2;
/** Its MPTCP connection, counted from 1; 0 for none. */
export const mptcpConnection = 3;

/** Words of a stream's row: two flows, their times, the conversation. */
const stride = 56;
const firstTime = 16;
const conversationTime = 24;

export class Flows {
  readonly #rows: RowStore;
  /** Where the row of the conversation at hand is, in words. */
  #begin = 0;

  constructor(open?: OpenSpill) {
    this.#rows = new RowStore({ stride, blockBits: 4, mostRows: 1 << 16 }, open);
  }

  get ints(): Int32Array {
    return this.#rows.ints;
  }

  /** Times of flows and of conversations. */
  get times(): Float64Array {
    return this.#rows.doubles;
  }

  /** Takes up a conversation; everything below speaks of it until another one is taken up. */
  goTo(conversation: number, isNew: boolean): void {
    this.#begin = this.#rows.at(conversation);
    if (!isNew) return;
    for (const side of [0, 1]) {
      const row = this.row(side);
      this.ints[row + scale] = unknown;
      this.ints[row + lastWindow] = -1;
      this.ints[row + unackedHead] = -1;
    }
  }

  /** Where a flow's row starts in `ints`. */
  row(side: number): number {
    return this.#begin + side * flowWords;
  }

  /** Where its times start in `times`. */
  timeRow(side: number): number {
    return (this.#begin >> 1) + firstTime + side * timeDoubles;
  }

  /** Where what the conversation has starts in `times`. */
  get conversationRow(): number {
    return (this.#begin >> 1) + conversationTime;
  }
}
