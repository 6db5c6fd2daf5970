// Text as bytes, written digit by digit: a line for each of a million packets costs no string.

/** More than any line takes: room is asked for once a line. */
const longestLine = 1024;

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

  /** Makes room for a line: no more than a kilobyte is written until the next one begins. */
  beginLine(): void {
    if (this.#at + longestLine <= this.#bytes.length) return;
    const larger = new Uint8Array(2 * this.#bytes.length + longestLine);
    larger.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = larger;
  }

  ascii(text: Uint8Array): void {
    const bytes = this.#bytes;
    const { length } = text;
    let at = this.#at;
    for (let i = 0; i < length; i += 1) bytes[at++] = text[i] as number;
    this.#at = at;
  }

  /** A short text of ASCII characters that JSON writes as they are. */
  text(value: string): void {
    const { length } = value;
    for (let i = 0; i < length; i += 1) this.#bytes[this.#at + i] = value.charCodeAt(i);
    this.#at += length;
  }

  /** A whole number that is exact in a double. */
  integer(value: number): void {
    if (value >= 0 && value < 2_147_483_648) this.#digits(value | 0, sizeOf(value | 0));
    else this.text(String(value));
  }

  /** With leading zeros up to nine digits. */
  nine(value: number): void {
    if (value < 1_000_000_000) this.#digits(value | 0, 9);
    else this.integer(value);
  }

  /** From the last digit to the first; `value` fits into 31 bits. */
  #digits(value: number, size: number): void {
    const bytes = this.#bytes;
    let rest = value;
    for (let at = this.#at + size - 1; at >= this.#at; at -= 1) {
      const shorter = (rest / 10) | 0;
      bytes[at] = 48 + rest - shorter * 10;
      rest = shorter;
    }
    this.#at += size;
  }
}

function sizeOf(value: number): number {
  let size = 1;
  for (let limit = 10; value >= limit; limit *= 10) size += 1;
  return size;
}
