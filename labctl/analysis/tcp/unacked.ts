// The segments of each flow that nobody acknowledged yet, as linked lists in one pool of numbers, newest first.

import { grownInts } from './growing.ts';

/** Of a flow whose ACKs are not seen, no more are kept (Wireshark's limit too). */
export const mostUnacked = 1000;

const stride = 3;
const seqWord = 0;
const nextSeqWord = 1;
const linkWord = 2;
export const endOfList = -1;

export class Unacked {
  #pool: Int32Array = new Int32Array(1024 * stride);
  #size = 0;
  #free = endOfList;

  /** Puts a segment before `head`; gives the new head. */
  push(head: number, seq: number, nextSeq: number): number {
    let place = this.#free;
    if (place === endOfList) {
      place = this.#size;
      this.#size += 1;
      this.#pool = grownInts(this.#pool, this.#size * stride);
    } else this.#free = this.#pool[place * stride + linkWord] as number;
    const at = place * stride;
    this.#pool[at + seqWord] = seq;
    this.#pool[at + nextSeqWord] = nextSeq;
    this.#pool[at + linkWord] = head;
    return place;
  }

  /** How many segments the latest `acknowledge` took away. */
  removed = 0;

  /** Takes away what `ack` covers and shortens what it covers in part; gives the new head. */
  acknowledge(head: number, ack: number): number {
    const pool = this.#pool;
    this.removed = 0;
    let first = head;
    let before = endOfList;
    let place = head;
    while (place !== endOfList) {
      const at = place * stride;
      const nextSeq = pool[at + nextSeqWord] as number;
      const link = pool[at + linkWord] as number;
      if (((nextSeq - ack) | 0) > 0) {
        if (((ack - (pool[at + seqWord] as number)) | 0) > 0) pool[at + seqWord] = ack;
        before = place;
      } else {
        if (before === endOfList) first = link;
        else pool[before * stride + linkWord] = link;
        pool[at + linkWord] = this.#free;
        this.#free = place;
        this.removed += 1;
      }
      place = link;
    }
    return first;
  }

  /** Whether one segment of the list held everything from `seq` to `nextSeq`. */
  holds(head: number, seq: number, nextSeq: number): boolean {
    const pool = this.#pool;
    for (let place = head; place !== endOfList; place = pool[place * stride + linkWord] as number) {
      const at = place * stride;
      if (((seq - (pool[at] as number)) | 0) >= 0 && ((nextSeq - (pool[at + nextSeqWord] as number)) | 0) <= 0)
        return true;
    }
    return false;
  }
}
