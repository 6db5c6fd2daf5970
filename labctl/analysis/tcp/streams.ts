// Which stream each segment belongs to, numbered as Wireshark numbers `tcp.stream`, and where its numbers begin.

import { kinds, type Segment } from '../../evidence/scan/segment.ts';
import { FlowTable } from './flow-table.ts';
import { type OpenSpill, RowStore } from './row-store.ts';
import type { StreamKeys } from './stream-keys.ts';

const syn = 2;
const ack = 16;

const knownWord = 2;
const bothKnown = 3;

export class Streams {
  readonly #table: FlowTable;
  /** Of each stream: the base of either end, and a bit for each that is known. */
  readonly #rows: RowStore;
  /** Where the row of the latest segment's stream is. */
  #row = 0;
  /** Number of streams so far. */
  count = 0;

  /** Of the latest segment: its stream, which of both ends sent it, whether the stream begins with it. */
  stream = 0;
  side = 0;
  isNew = false;
  /** A SYN with another number on known ports. */
  isReused = false;
  /** A SYN with the number that this end began with. */
  isRepeatedSyn = false;

  constructor(open?: OpenSpill) {
    this.#table = new FlowTable(open);
    this.#rows = new RowStore({ stride: 4, blockBits: 8, mostRows: 1 << 18 }, open);
  }

  /** The four-tuples of all streams. */
  get keys(): StreamKeys {
    return this.#table.keys;
  }

  see(segment: Segment): void {
    const found = this.#table.find(segment);
    this.side = this.#table.side;
    this.isReused = false;
    this.isRepeatedSyn = false;
    this.isNew = found < 0;
    if (found < 0) this.#begin();
    else this.#goTo(found);
    if (segment.flags & syn && found >= 0 && this.#isKnown(this.side)) this.#seeSyn(segment);
    if (segment.kind !== kinds.segment || segment.length < 0) return;
    if (this.#rows.ints[this.#row + knownWord] !== bothKnown) this.#setBases(segment);
  }

  /** The initial sequence number of an end of the latest segment's stream, or Wireshark's guess at it. */
  base(side: number): number {
    return this.#rows.ints[this.#row + side] as number;
  }

  #isKnown(side: number): boolean {
    return ((this.#rows.ints[this.#row + knownWord] as number) & (1 << side)) !== 0;
  }

  #setBase(side: number, seq: number): void {
    const { ints } = this.#rows;
    ints[this.#row + side] = seq;
    ints[this.#row + knownWord] = (ints[this.#row + knownWord] as number) | (1 << side);
  }

  #goTo(stream: number): void {
    this.stream = stream;
    this.#row = this.#rows.at(stream);
  }

  #begin(): void {
    this.#goTo(this.count);
    this.count += 1;
    this.#table.put(this.stream);
  }

  /** Another number: a SYN begins a new stream, a SYN-ACK only a new count. */
  #seeSyn({ seq, flags }: Segment): void {
    const isOther = this.base(this.side) !== seq;
    const isAnswer = (flags & ack) !== 0;
    this.isReused = isOther;
    this.isRepeatedSyn = !isOther && !isAnswer;
    if (isOther && isAnswer) this.#setBase(this.side, seq);
    else if (isOther) {
      this.#begin();
      this.isNew = true;
    }
  }

  /** Numbers are relative to the SYN's, else such that the first byte seen is number 1. */
  #setBases({ seq, flags, ack: acknowledged }: Segment): void {
    if (!this.#isKnown(this.side)) this.#setBase(this.side, flags & syn ? seq : (seq - 1) | 0);
    if (flags & ack && !this.#isKnown(1 - this.side)) this.#setBase(1 - this.side, (acknowledged - 1) | 0);
  }
}
