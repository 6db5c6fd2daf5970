// What happened in each conversation of a capture: how often each flag was set, who closed it. Rows of numbers.

import { kinds, type Segment } from '../../evidence/scan/segment.ts';
import type { Conversation } from '../../model/report.ts';
import { analysisNames } from '../../model/tcp-analysis.ts';
import { type OpenSpill, RowStore } from './row-store.ts';

const fin = 1;
const syn = 2;
const rst = 4;
const ack = 16;

/** Counts of the flags, then what was seen. */
const stride = analysisNames.length + 1;
const seenWord = analysisNames.length;
const seen = { syn: 1, answer: 2, reset: 4, refused: 8, fin: 16 } as const;

export class StreamStories {
  readonly #rows: RowStore;

  constructor(open?: OpenSpill) {
    this.#rows = new RowStore({ stride, blockBits: 6, mostRows: 1 << 15 }, open);
  }

  /** `fromA`: the sender of the conversation's first packet sent it. */
  add({ kind, flags: bits }: Segment, stream: number, flags: number, fromA: boolean): void {
    const row = this.#rows.at(stream);
    const { ints } = this.#rows;
    for (let bit = 0, left = flags; left !== 0; bit += 1, left >>>= 1)
      if (left & 1) ints[row + bit] = (ints[row + bit] as number) + 1;
    if (kind !== kinds.segment) return;
    const before = ints[row + seenWord] as number;
    ints[row + seenWord] = before | seenBy(bits, fromA, before);
  }

  flags(stream: number): number[] {
    const row = this.#rows.look(stream);
    return [...this.#rows.ints.subarray(row, row + analysisNames.length)];
  }

  closing(stream: number): Conversation['closing'] {
    const row = this.#rows.look(stream);
    const word = this.#rows.ints[row + seenWord] as number;
    const [finA, finB] = [(word & seen.fin) !== 0, (word & (seen.fin << 1)) !== 0];
    if (word & seen.refused) return 'refused';
    if (finA && finB) return 'fin-both';
    if (word & seen.reset) return 'reset';
    if (finA) return 'fin-initiator';
    if (finB) return 'fin-responder';
    return word & seen.syn && !(word & seen.answer) ? 'no-answer' : 'open';
  }
}

/** A RST that answers a bare SYN refuses; any other one aborts. */
function seenBy(bits: number, fromA: boolean, before: number): number {
  const refuses = !fromA && (before & seen.syn) !== 0 && (before & seen.answer) === 0;
  const reset = (bits & rst) === 0 ? 0 : refuses ? seen.refused : seen.reset;
  const asked = (bits & (syn | ack)) === syn && fromA ? seen.syn : 0;
  const closed = (bits & fin) === 0 ? 0 : fromA ? seen.fin : seen.fin << 1;
  return reset | asked | closed | (!fromA && reset === 0 ? seen.answer : 0);
}
