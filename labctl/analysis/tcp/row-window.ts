// Keeps the first and the last rows of something that may be endless, and counts what is between.

export class RowWindow<Row> {
  readonly #first: Row[] = [];
  readonly #last: Row[] = [];
  readonly #most: number;
  #count = 0;

  /** Two thirds of `most` are kept from the beginning. */
  constructor(most: number) {
    this.#most = most;
  }

  get #head(): number {
    return Math.ceil((this.#most * 2) / 3);
  }

  add(row: Row): void {
    this.#count += 1;
    if (this.#first.length < this.#head) this.#first.push(row);
    else this.#last[(this.#count - this.#head - 1) % (this.#most - this.#head)] = row;
  }

  get rows(): Row[] {
    const begin = this.omitted > 0 ? (this.#count - this.#head) % (this.#most - this.#head) : 0;
    return [...this.#first, ...this.#last.slice(begin), ...this.#last.slice(0, begin)];
  }

  get omitted(): number {
    return Math.max(0, this.#count - this.#most);
  }

  /** Behind so many rows the others are left out. */
  get omittedAfter(): number {
    return this.#first.length;
  }
}
