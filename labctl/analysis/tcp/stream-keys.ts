// The four-tuple of every stream, the lower end first: twelve bytes for IPv4, what is more for IPv6 aside.

import { IntPages } from './pages.ts';

/** Words of a key: both addresses, the ports in one word, the address family. */
export const keyWords = 10;
export const portsWord = 8;
export const familyWord = 9;

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
  /** Both addresses of IPv4, and the ports. */
  readonly #rows = new IntPages(3);
  /** 0 for IPv4, else where its addresses are among those of IPv6, counted from 1. */
  readonly #places = new IntPages();
  readonly #long = new IntPages(8);
  #longCount = 0;

  set(stream: number, key: Int32Array): void {
    this.#rows.reach(stream);
    this.#places.reach(stream);
    this.#rows.set(stream, 2, key[portsWord] as number);
    if (key[familyWord] === 6) this.#setLong(stream, key);
    else {
      this.#rows.set(stream, 0, key[0] as number);
      this.#rows.set(stream, 1, key[4] as number);
    }
  }

  #setLong(stream: number, key: Int32Array): void {
    const place = this.#longCount;
    this.#longCount += 1;
    this.#places.set(stream, 0, this.#longCount);
    this.#long.reach(place);
    for (let word = 0; word < 8; word += 1) this.#long.set(place, word, key[word] as number);
  }

  isOf(stream: number, key: Int32Array): boolean {
    const rows = this.#rows;
    if (rows.get(stream, 2) !== key[portsWord]) return false;
    const place = this.#places.get(stream) - 1;
    if (place < 0) return key[familyWord] === 4 && rows.get(stream, 0) === key[0] && rows.get(stream, 1) === key[4];
    if (key[familyWord] !== 6) return false;
    for (let word = 0; word < 8; word += 1) if (this.#long.get(place, word) !== key[word]) return false;
    return true;
  }

  /** Fills in the key of a stream. */
  read(stream: number, key: Int32Array): void {
    const place = this.#places.get(stream) - 1;
    key[familyWord] = place < 0 ? 4 : 6;
    key[portsWord] = this.#rows.get(stream, 2);
    for (let word = 0; word < 8; word += 1) key[word] = place < 0 ? 0 : this.#long.get(place, word);
    if (place >= 0) return;
    key[0] = this.#rows.get(stream, 0);
    key[4] = this.#rows.get(stream, 1);
  }
}
