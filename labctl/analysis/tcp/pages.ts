// Rows of numbers in pages that never move: tables of millions of streams grow without copies, and what nobody wrote to
// takes no memory (the kernel's zero pages). Two classes alike, so that each stays fast: one kind of array each.

const pageBits = 16;
const pageRows = 1 << pageBits;
const inPage = pageRows - 1;

export class IntPages {
  readonly #pages: Int32Array[] = [];
  readonly #stride: number;

  constructor(stride = 1) {
    this.#stride = stride;
  }

  /** Makes room up to this row; all is 0 until it is set. */
  reach(row: number): void {
    while (this.#pages.length <= row >>> pageBits) this.#pages.push(new Int32Array(pageRows * this.#stride));
  }

  get(row: number, word = 0): number {
    return (this.#pages[row >>> pageBits] as Int32Array)[(row & inPage) * this.#stride + word] as number;
  }

  set(row: number, word: number, value: number): void {
    (this.#pages[row >>> pageBits] as Int32Array)[(row & inPage) * this.#stride + word] = value;
  }
}

export class DoublePages {
  readonly #pages: Float64Array[] = [];
  readonly #stride: number;

  constructor(stride = 1) {
    this.#stride = stride;
  }

  /** Makes room up to this row; all is 0 until it is set. */
  reach(row: number): void {
    while (this.#pages.length <= row >>> pageBits) this.#pages.push(new Float64Array(pageRows * this.#stride));
  }

  get(row: number, word = 0): number {
    return (this.#pages[row >>> pageBits] as Float64Array)[(row & inPage) * this.#stride + word] as number;
  }

  set(row: number, word: number, value: number): void {
    (this.#pages[row >>> pageBits] as Float64Array)[(row & inPage) * this.#stride + word] = value;
  }
}
