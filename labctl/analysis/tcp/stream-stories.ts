// What happened in each conversation of a capture: how often each flag was set, who closed it. Rows of numbers.

import { kinds, type Segment } from '../../evidence/scan/segment.ts';
import type { Conversation } from '../../model/report.ts';
import { analysisNames } from '../../model/tcp-analysis.ts';
import { grownInts } from './growing.ts';

const fin = 1;
const syn = 2;
const rst = 4;
const ack = 16;

/** Counts of the flags, then what was seen. */
const stride = analysisNames.length + 1;
const seenWord = analysisNames.length;
const seen = { syn: 1, answer: 2, reset: 4, refused: 8, fin: 16 } as const;

export class StreamStories {
  #rows: Int32Array = new Int32Array(64 * stride);

  /** `fromA`: the sender of the conversation's first packet sent it. */
  add({ kind, flags: bits }: Segment, stream: number, flags: number, fromA: boolean): void {
    this.#rows = grownInts(this.#rows, (stream + 1) * stride);
    const row = stream * stride;
    for (let bit = 0, left = flags; left !== 0; bit += 1, left >>>= 1)
      if (left & 1) this.#rows[row + bit] = (this.#rows[row + bit] as number) + 1;
    if (kind !== kinds.segment) return;
    const before = this.#rows[row + seenWord] as number;
    this.#rows[row + seenWord] = before | seenBy(bits, fromA, before);
  }

  flags(stream: number): number[] {
    return [...this.#rows.subarray(stream * stride, stream * stride + analysisNames.length)];
  }

  closing(stream: number): Conversation['closing'] {
    const word = this.#rows[stream * stride + seenWord] ?? 0;
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
