// Which conversation a four-tuple belongs to right now: open addressing over plain numbers, no object for a packet, and
// four bytes a place. It grows where it is: its keys lie elsewhere, in the order of the streams.

import type { Segment } from '../../evidence/scan/segment.ts';
import { LabError } from '../../model/lab-error.ts';
import type { OpenSpill } from './row-store.ts';
import { familyWord, keyHash, keyWords, portsWord, StreamKeys } from './stream-keys.ts';

/** A value is a stream, counted from 1, and above it bits of the hash, which tell most strangers apart; 0 is free. */
const streamBits = 25;
const streamMask = (1 << streamBits) - 1;
/** So much of the places is used at most; fewer would be faster, and more memory. */
const fullest = 0.85;
/** From so many places on no memory is moved any more: this much is laid aside, and takes none until it is used. */
const movable = 1 << 20;
const mostPlaces = 1 << 25;
/** To grow is to find a place for every stream again: twice as many places as long as they are cheap, then half as many more. */
const cheap = 1 << 23;

export class FlowTable {
  readonly keys: StreamKeys;
  #values = new Int32Array(1024);
  /** So many of `values` are in use as places. */
  #places = 1024;
  #used = 0;
  readonly #key = new Int32Array(keyWords);
  #hash = 0;
  /** Where the key of the latest `find` is, or would be. */
  #place = 0;
  /** Which end sent the segment of the latest `find`: 0 for the lower one of both. */
  side = 0;

  constructor(open?: OpenSpill) {
    this.keys = new StreamKeys(open);
  }

  /** The conversation of the segment's four-tuple in either direction; -1 for a new one. */
  find(segment: Segment): number {
    this.#setKey(segment);
    this.#hash = keyHash(this.#key);
    return this.#search();
  }

  /** Makes this, a new one, the conversation of the four-tuple that was looked for last. */
  put(conversation: number): void {
    if (conversation >= streamMask)
      throw new LabError('usage', `the capture has more than ${streamMask} conversations`);
    const before = this.#values[this.#place] as number;
    if (before === 0) this.#used += 1;
    else this.keys.supersede((before & streamMask) - 1);
    this.keys.set(conversation, this.#key);
    this.#values[this.#place] = this.#valueOf(conversation);
    if (this.#used > this.#places * fullest && this.#places < mostPlaces) this.#grow(conversation + 1);
  }

  #valueOf(conversation: number): number {
    return (this.#hash << streamBits) | (conversation + 1);
  }

  /** The lower end first, so that both directions have one key. */
  #setKey({ addresses, sourcePort, destinationPort, family }: Segment): void {
    const key = this.#key;
    let order = (addresses[0] as number) - (addresses[4] as number);
    if (family === 6)
      for (let i = 1; i < 4 && order === 0; i += 1) order = (addresses[i] as number) - (addresses[4 + i] as number);
    if (order === 0) order = sourcePort - destinationPort;
    const first = order > 0 ? 4 : 0;
    this.side = first >> 2;
    key[0] = addresses[first] as number;
    key[4] = addresses[4 - first] as number;
    key[portsWord] = order > 0 ? (destinationPort << 16) | sourcePort : (sourcePort << 16) | destinationPort;
    if (family === 6) this.#setLongKey(addresses, first);
    // What an IPv6 key left behind; to clear the words for every packet would cost as much as to find it.
    else if (key[familyWord] !== 4) key.fill(0, 1, 4).fill(0, 5, 8);
    key[familyWord] = family;
  }

  /** What IPv6 has more than IPv4. */
  #setLongKey(addresses: Int32Array, first: number): void {
    for (let i = 1; i < 4; i += 1) {
      this.#key[i] = addresses[first + i] as number;
      this.#key[4 + i] = addresses[4 - first + i] as number;
    }
  }

  /** Where the latest hash belongs: its upper bits are the place's share of all places. */
  #first(): number {
    return ((this.#hash >>> 0) * (this.#places / 0x1_0000_0000)) | 0;
  }

  #search(): number {
    const values = this.#values;
    const tag = this.#hash << streamBits;
    for (let place = this.#first(); ; place = place + 1 < this.#places ? place + 1 : 0) {
      const value = values[place] as number;
      this.#place = place;
      if (value === 0) return -1;
      if ((value ^ tag) >>> streamBits === 0 && this.keys.isOf((value & streamMask) - 1, this.#key))
        return (value & streamMask) - 1;
    }
  }

  #grow(streams: number): void {
    const places = Math.min(mostPlaces, this.#places * (this.#places < cheap ? 2 : 1.5));
    if (places <= this.#values.length) this.#values.fill(0, 0, places);
    else this.#values = new Int32Array(places < movable ? places : mostPlaces);
    this.#places = places;
    for (let stream = 0; stream < streams; stream += 1) if (!this.keys.isSuperseded(stream)) this.#refill(stream);
  }

  #refill(stream: number): void {
    this.keys.read(stream, this.#key);
    this.#hash = keyHash(this.#key);
    let place = this.#first();
    while (this.#values[place] !== 0) place = place + 1 < this.#places ? place + 1 : 0;
    this.#values[place] = this.#valueOf(stream);
  }
}
