// Which stream each segment belongs to, numbered as Wireshark numbers `tcp.stream`, and where its numbers begin.

import { kinds, type Segment } from '../../evidence/scan/segment.ts';
import { FlowTable } from './flow-table.ts';
import { type OpenSpill, RowStore } from './row-store.ts';
import type { StreamKeys } from './stream-keys.ts';

const syn = 2;
const ack = 16;

const knownWord = 2;
const bothKnown = 3;
/** Bits beside those of known ends: VNC was recognised; the next segment begins the stream that Wireshark made for it. */
const recognised = 4;
const superseded = 8;
/** These ports have a dissector of their own, and so has every one below 1024: there nothing is guessed by the payload. */
const wellKnown = 1024;
const vncPorts = new Set([5500, 5501, 5900, 5901]);
const x11Ports = { first: 6000, last: 6063 } as const;

const isTaken = (port: number): boolean =>
  port < wellKnown || vncPorts.has(port) || (port >= x11Ports.first && port <= x11Ports.last);

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
    if (found >= 0 && this.#marks & superseded) this.#beginRecognised();
    else if (segment.flags & syn && found >= 0 && this.#isKnown(this.side)) this.#seeSyn(segment);
    if (segment.kind !== kinds.segment || segment.length < 0) return;
    if ((this.#marks & bothKnown) !== bothKnown) this.#setBases(segment);
    if (segment.greets) this.#recognise(segment);
  }

  get #marks(): number {
    return this.#rows.ints[this.#row + knownWord] as number;
  }

  #mark(bits: number): void {
    this.#rows.ints[this.#row + knownWord] = this.#marks | bits;
  }

  /** Where no port tells the protocol, Wireshark guesses VNC by its greeting, and what follows is a stream of its own. */
  #recognise({ sourcePort, destinationPort }: Segment): void {
    if (this.#marks & recognised || isTaken(sourcePort) || isTaken(destinationPort)) return;
    this.#mark(recognised | superseded);
  }

  #beginRecognised(): void {
    this.#begin();
    this.isNew = true;
    this.#mark(recognised);
  }

  /** The initial sequence number of an end of the latest segment's stream, or Wireshark's guess at it. */
  base(side: number): number {
    return this.#rows.ints[this.#row + side] as number;
  }

  #isKnown(side: number): boolean {
    return (this.#marks & (1 << side)) !== 0;
  }

  #setBase(side: number, seq: number): void {
    this.#rows.ints[this.#row + side] = seq;
    this.#mark(1 << side);
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
