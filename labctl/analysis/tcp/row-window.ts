// Keeps the first and the last rows of something that may be endless, and counts what is between. The last ones are filled
// again and again: an object for each of millions of rows, to be forgotten at once, would be most of the work.

export class RowWindow<Row> {
  readonly #first: Row[] = [];
  readonly #last: Row[] = [];
  readonly #most: number;
  readonly #make: () => Row;
  #count = 0;

  /** Two thirds of `most` are kept from the beginning. */
  constructor(most: number, make: () => Row) {
    this.#most = most;
    this.#make = make;
  }

  get #head(): number {
    return Math.ceil((this.#most * 2) / 3);
  }

  /** The row to fill in for what comes next: a new one, or one that is not among the last any more. */
  next(): Row {
    this.#count += 1;
    if (this.#first.length < this.#head) {
      const row = this.#make();
      this.#first.push(row);
      return row;
    }
    const place = (this.#count - this.#head - 1) % (this.#most - this.#head);
    return (this.#last[place] ??= this.#make());
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
