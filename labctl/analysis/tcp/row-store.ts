// Rows of numbers, one for each of any number of streams: those used lately lie in memory, the others in a spill, so
// that no capture is too large. Which place a row has follows from its number; a newer one may push it out.

/** Where rows go that memory has no room for. What was never written reads as zeros. */
export interface Spill {
  write(bytes: Uint8Array, at: number): void;
  read(bytes: Uint8Array, at: number): void;
}

export type OpenSpill = () => Spill;

export interface RowShape {
  /** Words of 32 bits in a row, an even number. */
  stride: number;
  /** Rows that go and come together, as a power of two: some four kilobytes, a page of the kernel's. */
  blockBits: number;
  /** Rows in memory at most, a power of two; without a spill there is no limit. */
  mostRows: number;
}

const nobody = -1;

export class RowStore {
  /** The same memory as integers and as doubles; another one after each growth. */
  ints: Int32Array;
  doubles: Float64Array;
  readonly #stride: number;
  readonly #blockBits: number;
  readonly #rowMask: number;
  readonly #mostBlocks: number;
  readonly #open: OpenSpill | undefined;
  #spill: Spill | undefined;
  /** Blocks in memory: which one each place holds, and whether it was changed there. */
  #held: Int32Array;
  #changed: Uint8Array;
  #mask: number;
  #highest = nobody;

  constructor(shape: RowShape, open?: OpenSpill) {
    this.#stride = shape.stride;
    this.#blockBits = shape.blockBits;
    this.#rowMask = (1 << shape.blockBits) - 1;
    this.#mostBlocks = open ? shape.mostRows >>> shape.blockBits : Number.POSITIVE_INFINITY;
    this.#open = open;
    this.#held = new Int32Array(2).fill(nobody);
    this.#changed = new Uint8Array(2);
    this.#mask = 1;
    this.ints = new Int32Array((2 << shape.blockBits) * shape.stride);
    this.doubles = new Float64Array(this.ints.buffer);
  }

  /** Where the row begins in `ints` from now on, to be changed; it stays there until another row is asked for. */
  at(row: number): number {
    const block = row >>> this.#blockBits;
    const place = block & this.#mask;
    if (this.#held[place] !== block) return this.#fetchToChange(row, block);
    this.#changed[place] = 1;
    return ((place << this.#blockBits) | (row & this.#rowMask)) * this.#stride;
  }

  /** Where the row begins in `ints`, to be read. */
  look(row: number): number {
    const block = row >>> this.#blockBits;
    if (this.#held[block & this.#mask] !== block) this.#fetch(block);
    return (((block & this.#mask) << this.#blockBits) | (row & this.#rowMask)) * this.#stride;
  }

  #fetchToChange(row: number, block: number): number {
    this.#fetch(block);
    return this.at(row);
  }

  #fetch(block: number): void {
    while (block > this.#mask && this.#mask + 1 < this.#mostBlocks) this.#grow();
    const place = block & this.#mask;
    const words = this.#stride << this.#blockBits;
    const bytes = new Uint8Array(this.ints.buffer, place * words * 4, words * 4);
    const before = this.#held[place] as number;
    // A place where nobody was holds zeros, and as long as there are such places no block was pushed out of one.
    if (before !== nobody) {
      if (this.#changed[place]) this.#spilled().write(bytes, before * bytes.length);
      if (block <= this.#highest) this.#spilled().read(bytes, block * bytes.length);
      else bytes.fill(0);
    }
    this.#highest = Math.max(this.#highest, block);
    this.#held[place] = block;
    this.#changed[place] = 0;
  }

  #spilled(): Spill {
    this.#spill ??= this.#open?.();
    if (!this.#spill) throw new Error('rows were pushed out of a store without a spill');
    return this.#spill;
  }

  /** Twice the places; as long as there are as many as blocks, each block has its own. */
  #grow(): void {
    const ints = new Int32Array(2 * this.ints.length);
    ints.set(this.ints);
    this.ints = ints;
    this.doubles = new Float64Array(ints.buffer);
    const places = 2 * (this.#mask + 1);
    const held = new Int32Array(places).fill(nobody);
    held.set(this.#held);
    const changed = new Uint8Array(places);
    changed.set(this.#changed);
    this.#held = held;
    this.#changed = changed;
    this.#mask = places - 1;
  }
}
