// Which conversation a four-tuple belongs to right now: open addressing over plain numbers, no object for a packet.

import type { Segment } from '../../evidence/scan/segment.ts';

/** Words of a key: both addresses, the ports in one word, the address family. */
const stride = 10;
const portsWord = 8;
const familyWord = 9;
const none = -1;

const mix = (hash: number, word: number): number => {
  const mixed = Math.imul(hash ^ word, 0x9e37_79b1);
  return mixed ^ (mixed >>> 15);
};

export class FlowTable {
  #keys = new Int32Array(1024 * stride);
  #values = new Int32Array(1024).fill(none);
  #used = 0;
  readonly #key = new Int32Array(stride);
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

  /** Makes this the conversation of the four-tuple that was looked for last. */
  put(conversation: number): void {
    if (this.#values[this.#slot] === none) {
      this.#used += 1;
      this.#keys.set(this.#key, this.#slot * stride);
    }
    this.#values[this.#slot] = conversation;
    if (this.#used * 2 > this.#values.length) this.#grow();
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
    if (words === 1) key.fill(0, 1, 4).fill(0, 5, 8);
    key[portsWord] = order > 0 ? (destinationPort << 16) | sourcePort : (sourcePort << 16) | destinationPort;
    key[familyWord] = family;
  }

  #search(): number {
    const key = this.#key;
    const [keys, values] = [this.#keys, this.#values];
    const mask = values.length - 1;
    let hash = mix(mix(key[0] as number, key[4] as number), key[portsWord] as number);
    if (key[familyWord] === 6) for (let i = 1; i < portsWord; i += 1) hash = mix(hash, key[i] as number);
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      if (values[slot] === none) return slot;
      const at = slot * stride;
      let same = 0;
      while (same < stride && keys[at + same] === key[same]) same += 1;
      if (same === stride) return slot;
    }
  }

  #grow(): void {
    const [keys, values] = [this.#keys, this.#values];
    this.#keys = new Int32Array(2 * keys.length);
    this.#values = new Int32Array(2 * values.length).fill(none);
    for (let slot = 0; slot < values.length; slot += 1) {
      const value = values[slot] as number;
      if (value === none) continue;
      this.#key.set(keys.subarray(slot * stride, (slot + 1) * stride));
      const place = this.#search();
      this.#keys.set(this.#key, place * stride);
      this.#values[place] = value;
    }
  }
}
