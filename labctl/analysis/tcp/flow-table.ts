// Which conversation a four-tuple belongs to right now: open addressing over plain numbers, no object for a packet.

import type { Segment } from '../../evidence/scan/segment.ts';
import { familyWord, keyHash, keyWords, portsWord, StreamKeys } from './stream-keys.ts';

const none = -1;

export class FlowTable {
  readonly keys = new StreamKeys();
  #values = new Int32Array(1024).fill(none);
  #used = 0;
  readonly #key = new Int32Array(keyWords);
  /** Where the key of the latest `find` is, or would be. */
  #slot = 0;
  /** Which end sent the segment of the latest `find`: 0 for the lower one of both. */
  side = 0;

  /** The conversation of the segment's four-tuple in either direction; -1 for a new one. */
  find(segment: Segment): number {
    this.#setKey(segment);
    this.#slot = this.#search();
    return this.#values[this.#slot] as number;
  }

  /** Makes this, a new one, the conversation of the four-tuple that was looked for last. */
  put(conversation: number): void {
    if (this.#values[this.#slot] === none) this.#used += 1;
    this.keys.set(conversation, this.#key);
    this.#values[this.#slot] = conversation;
    if (this.#used * 4 > this.#values.length * 3) this.#grow();
  }

  /** The lower end first, so that both directions have one key. */
  #setKey({ addresses, sourcePort, destinationPort, family }: Segment): void {
    const words = family === 4 ? 1 : 4;
    let order = 0;
    for (let i = 0; i < words && order === 0; i += 1) order = (addresses[i] as number) - (addresses[4 + i] as number);
    if (order === 0) order = sourcePort - destinationPort;
    this.side = order > 0 ? 1 : 0;
    const key = this.#key;
    const first = order > 0 ? 4 : 0;
    for (let i = 0; i < words; i += 1) {
      key[i] = addresses[first + i] as number;
      key[4 + i] = addresses[4 - first + i] as number;
    }
    // What an IPv6 key left behind; to clear the words for every packet would cost as much as to find it.
    if (words === 1 && key[familyWord] !== 4) key.fill(0, 1, 4).fill(0, 5, 8);
    key[portsWord] = order > 0 ? (destinationPort << 16) | sourcePort : (sourcePort << 16) | destinationPort;
    key[familyWord] = family;
  }

  #search(): number {
    const values = this.#values;
    const mask = values.length - 1;
    for (let slot = keyHash(this.#key) & mask; ; slot = (slot + 1) & mask) {
      const value = values[slot] as number;
      if (value === none || this.keys.isOf(value, this.#key)) return slot;
    }
  }

  #grow(): void {
    const old = this.#values;
    const values = new Int32Array(2 * old.length).fill(none);
    const mask = values.length - 1;
    const key = new Int32Array(keyWords);
    for (const value of old) {
      if (value === none) continue;
      this.keys.read(value, key);
      let slot = keyHash(key) & mask;
      while (values[slot] !== none) slot = (slot + 1) & mask;
      values[slot] = value;
    }
    this.#values = values;
  }
}
