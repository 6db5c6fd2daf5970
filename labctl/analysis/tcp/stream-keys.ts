// The four-tuple of every stream, the lower end first: sixteen bytes for IPv4, what is more for IPv6 aside.

import { type OpenSpill, RowStore } from './row-store.ts';

/** Words of a key: both addresses, the ports in one word, the address family. */
export const keyWords = 10;
export const portsWord = 8;
export const familyWord = 9;

/** Words of a row: both addresses of IPv4, the ports, and where its addresses of IPv6 are, counted from 1. */
const [lowerAt, higherAt, portsAt, placeAt] = [0, 1, 2, 3];
/** A bit beside the place: another stream has the same ends now. */
const superseded = 0x4000_0000;

const mix = (hash: number, word: number): number => {
  const mixed = Math.imul(hash ^ word, 0x9e37_79b1);
  return mixed ^ (mixed >>> 15);
};

/** IPv4 addresses are their first words; the others are 0. */
export function keyHash(key: Int32Array): number {
  let hash = mix(mix(key[0] as number, key[4] as number), key[portsWord] as number);
  if (key[familyWord] === 6) for (let i = 1; i < portsWord; i += 1) hash = mix(hash, key[i] as number);
  return hash;
}

export class StreamKeys {
  readonly #rows: RowStore;
  readonly #long: RowStore;
  #longCount = 0;

  constructor(open?: OpenSpill) {
    this.#rows = new RowStore({ stride: 4, blockBits: 8, mostRows: 1 << 18 }, open);
    this.#long = new RowStore({ stride: 8, blockBits: 7, mostRows: 1 << 17 }, open);
  }

  set(stream: number, key: Int32Array): void {
    const row = this.#rows.at(stream);
    const { ints } = this.#rows;
    ints[row + portsAt] = key[portsWord] as number;
    if (key[familyWord] === 6) ints[row + placeAt] = this.#setLong(key);
    else {
      ints[row + lowerAt] = key[0] as number;
      ints[row + higherAt] = key[4] as number;
    }
  }

  /** Gives its place, counted from 1. */
  #setLong(key: Int32Array): number {
    const row = this.#long.at(this.#longCount);
    for (let word = 0; word < 8; word += 1) this.#long.ints[row + word] = key[word] as number;
    this.#longCount += 1;
    return this.#longCount;
  }

  /** Says that another stream has the ends of this one from now on. */
  supersede(stream: number): void {
    const row = this.#rows.at(stream);
    this.#rows.ints[row + placeAt] = (this.#rows.ints[row + placeAt] as number) | superseded;
  }

  isSuperseded(stream: number): boolean {
    const row = this.#rows.look(stream);
    return ((this.#rows.ints[row + placeAt] as number) & superseded) !== 0;
  }

  isOf(stream: number, key: Int32Array): boolean {
    const row = this.#rows.look(stream);
    const { ints } = this.#rows;
    if (ints[row + portsAt] !== key[portsWord]) return false;
    const place = ((ints[row + placeAt] as number) & ~superseded) - 1;
    if (place < 0) return key[familyWord] === 4 && ints[row + lowerAt] === key[0] && ints[row + higherAt] === key[4];
    if (key[familyWord] !== 6) return false;
    const long = this.#long.look(place);
    for (let word = 0; word < 8; word += 1) if (this.#long.ints[long + word] !== key[word]) return false;
    return true;
  }

  /** Fills in the key of a stream. */
  read(stream: number, key: Int32Array): void {
    const row = this.#rows.look(stream);
    const { ints } = this.#rows;
    const place = ((ints[row + placeAt] as number) & ~superseded) - 1;
    key[familyWord] = place < 0 ? 4 : 6;
    key[portsWord] = ints[row + portsAt] as number;
    key.fill(0, 0, 8);
    key[0] = ints[row + lowerAt] as number;
    key[4] = ints[row + higherAt] as number;
    if (place < 0) return;
    const long = this.#long.look(place);
    for (let word = 0; word < 8; word += 1) key[word] = this.#long.ints[long + word] as number;
  }
}
