// Text as bytes, written digit by digit: a line for each of a million packets costs no string.

export class ByteWriter {
  #bytes: Uint8Array;
  #at = 0;

  constructor(size = 256 * 1024) {
    this.#bytes = new Uint8Array(size);
  }

  get length(): number {
    return this.#at;
  }

  /** What was written since the last call; the writer starts anew. */
  take(): Uint8Array {
    const written = this.#bytes.subarray(0, this.#at);
    this.#bytes = new Uint8Array(this.#bytes.length);
    this.#at = 0;
    return written;
  }

  ascii(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  /** A whole number that is exact in a double. */
  integer(value: number): void {
    this.#room(20);
    if (value >= 0 && value < 4_294_967_296) this.#digits(value, 1);
    else for (const digit of String(value)) this.#bytes[this.#at++] = digit.charCodeAt(0);
  }

  /** Below ten to the ninth, with leading zeros. */
  nine(value: number): void {
    this.#room(9);
    this.#digits(value, 9);
  }

  #digits(value: number, least: number): void {
    let size = least;
    for (let limit = 10 ** least; value >= limit; limit *= 10) size += 1;
    let rest = value;
    const bytes = this.#bytes;
    for (let at = this.#at + size - 1; at >= this.#at; at -= 1) {
      const shorter = Math.floor(rest / 10);
      bytes[at] = 48 + rest - shorter * 10;
      rest = shorter;
    }
    this.#at += size;
  }

  #room(length: number): void {
    if (this.#at + length <= this.#bytes.length) return;
    const larger = new Uint8Array(2 * this.#bytes.length + length);
    larger.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = larger;
  }
}
