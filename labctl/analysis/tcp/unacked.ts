// The segments of each flow that nobody acknowledged yet. The newest one stands in the flow's own row (flows.ts): most
// flows have no other. Those before it are linked lists in one pool of numbers.

import * as flow from './flows.ts';
import { grownInts } from './growing.ts';

/** Of a flow whose ACKs are not seen, no more are kept (Wireshark's limit too). */
const mostUnacked = 1000;

const stride = 2;
const endWord = 0;
const linkWord = 1;
const endOfList = -1;

/** A flow is given by the array that holds its row, and where in it the row begins. */
export class Unacked {
  #pool: Int32Array = new Int32Array(1024 * stride);
  #size = 0;
  #free = endOfList;

  /** Whether one more of this flow's segments would be kept. */
  hasRoom(ints: Int32Array, row: number): boolean {
    return (ints[row + flow.unackedCount] as number) < mostUnacked;
  }

  /** A segment of this flow that ends at `end` waits for its ACK. */
  await(ints: Int32Array, row: number, end: number): void {
    const count = ints[row + flow.unackedCount] as number;
    if (count > 0) {
      const [head, newest] = [ints[row + flow.unackedHead] as number, ints[row + flow.unackedNewest] as number];
      ints[row + flow.unackedHead] = this.#push(head, newest);
    }
    ints[row + flow.unackedNewest] = end;
    ints[row + flow.unackedCount] = count + 1;
  }

  /** What `ack` covers waits no longer. */
  acknowledge(ints: Int32Array, row: number, ack: number): void {
    if (ints[row + flow.unackedCount] === 0) return;
    if (ints[row + flow.unackedHead] !== endOfList) this.#takeAway(ints, row, ack);
    if (!isCovered(ints[row + flow.unackedNewest] as number, ack)) return;
    ints[row + flow.unackedCount] = (ints[row + flow.unackedCount] as number) - 1;
    const head = ints[row + flow.unackedHead] as number;
    if (head === endOfList) return;
    ints[row + flow.unackedNewest] = this.#endOf(head);
    ints[row + flow.unackedHead] = this.#pop(head);
  }

  /** Those of the list; the newest one is not in it. */
  #takeAway(ints: Int32Array, row: number, ack: number): void {
    const pool = this.#pool;
    let removed = 0;
    let before = endOfList;
    for (let place = ints[row + flow.unackedHead] as number; place !== endOfList; ) {
      const link = pool[place * stride + linkWord] as number;
      if (!isCovered(this.#endOf(place), ack)) before = place;
      else {
        this.#pop(place);
        if (before === endOfList) ints[row + flow.unackedHead] = link;
        else pool[before * stride + linkWord] = link;
        removed += 1;
      }
      place = link;
    }
    ints[row + flow.unackedCount] = (ints[row + flow.unackedCount] as number) - removed;
  }

  /** Where the first segment of a list ends. */
  #endOf(head: number): number {
    return this.#pool[head * stride + endWord] as number;
  }

  /** Puts a segment that ends at `end` before `head`; gives the new head. */
  #push(head: number, end: number): number {
    let place = this.#free;
    if (place === endOfList) {
      place = this.#size;
      this.#size += 1;
      this.#pool = grownInts(this.#pool, this.#size * stride);
    } else this.#free = this.#pool[place * stride + linkWord] as number;
    this.#pool[place * stride + endWord] = end;
    this.#pool[place * stride + linkWord] = head;
    return place;
  }

  /** Takes the first one away; gives the new head. */
  #pop(head: number): number {
    const link = this.#pool[head * stride + linkWord] as number;
    this.#pool[head * stride + linkWord] = this.#free;
    this.#free = head;
    return link;
  }
}

/** A segment that ends at `end` is acknowledged (RFC 9293, section 3.4). */
const isCovered = (end: number, ack: number): boolean => ((end - ack) | 0) <= 0;
