// The segments of each flow that nobody acknowledged yet, as linked lists in one pool of numbers. The newest one of each flow is not
// in it: most flows have no other.

import { grownInts } from './growing.ts';

/** Of a flow whose ACKs are not seen, no more are kept (Wireshark's limit too). */
export const mostUnacked = 1000;

const stride = 2;
const endWord = 0;
const linkWord = 1;
export const endOfList = -1;

export class Unacked {
  #pool: Int32Array = new Int32Array(1024 * stride);
  #size = 0;
  #free = endOfList;
  /** How many segments the latest `acknowledge` took away. */
  removed = 0;

  /** Puts a segment that ends at `end` before `head`; gives the new head. */
  push(head: number, end: number): number {
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

  /** Where the first segment of a list ends. */
  endOf(head: number): number {
    return this.#pool[head * stride + endWord] as number;
  }

  /** Takes the first one away; gives the new head. */
  pop(head: number): number {
    const link = this.#pool[head * stride + linkWord] as number;
    this.#pool[head * stride + linkWord] = this.#free;
    this.#free = head;
    return link;
  }

  /** Takes away what `ack` covers; gives the new head. */
  acknowledge(head: number, ack: number): number {
    const pool = this.#pool;
    this.removed = 0;
    let first = head;
    let before = endOfList;
    for (let place = head; place !== endOfList; ) {
      const link = pool[place * stride + linkWord] as number;
      if (((this.endOf(place) - ack) | 0) > 0) before = place;
      else {
        this.pop(place);
        if (before === endOfList) first = link;
        else pool[before * stride + linkWord] = link;
        this.removed += 1;
      }
      place = link;
    }
    return first;
  }
}
