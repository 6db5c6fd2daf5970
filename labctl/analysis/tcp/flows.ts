// What the rules remember of each direction and each conversation: rows of numbers in typed arrays.

import { grownDoubles, grownInts } from './growing.ts';

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
export const unackedHead = 10;
export const unackedCount = 11;
/** The window that was announced last is not scaled: it stood in a SYN. */
export const plainWindow = 12;
/** What had been done in its MPTCP connection when this flow's latest segment came. */
export const mptcp = 0;
const flowStride = 16;

/** Times of a flow, seconds and nanoseconds apart. */
export const advanced = 0;
export const acked = 2;
const timeStride = 4;

/** Of a conversation: when its latest SYN came, and its initial RTT in nanoseconds (0: not known). */
export const synTime = 0;
export const firstRtt = 2;
/** Its MPTCP connection, counted from 1; 0 for none. */
export const mptcpConnection = 3;
const conversationStride = 4;

export class Flows {
  ints: Int32Array = new Int32Array(64 * flowStride);
  times: Float64Array = new Float64Array(64 * timeStride);
  conversations: Float64Array = new Float64Array(32 * conversationStride);
  count = 0;

  /** Makes room for a conversation; gives its number. */
  add(): number {
    const number = this.count;
    this.count += 1;
    this.ints = grownInts(this.ints, 2 * this.count * flowStride);
    this.times = grownDoubles(this.times, 2 * this.count * timeStride);
    this.conversations = grownDoubles(this.conversations, this.count * conversationStride);
    for (const side of [0, 1]) {
      const row = this.row(number, side);
      this.ints[row + scale] = unknown;
      this.ints[row + lastWindow] = -1;
      this.ints[row + unackedHead] = -1;
    }
    return number;
  }

  /** Where a flow's row starts in `ints`. */
  row(conversation: number, side: number): number {
    return (2 * conversation + side) * flowStride;
  }

  /** Where its times start in `times`. */
  timeRow(conversation: number, side: number): number {
    return (2 * conversation + side) * timeStride;
  }

  conversationRow(conversation: number): number {
    return conversation * conversationStride;
  }
}
