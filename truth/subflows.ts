// Random MPTCP connections: keys, subflows that join by token (some by one that nobody announced), repeated ACKs.

import { createHash } from 'node:crypto';
import type { Capture, Frame } from './capture.ts';
import { framed, ipPacket, protocols, tcpSegment } from './frames.ts';
import type { Random } from './random.ts';

const syn = 2;
const ack = 16;
const between = 1_000_000;

/** Data sequence signals, addresses, priority, failure, fast close, reset. */
const others: number[][] = [
  [30, 8, 0x20, 1, 0, 0, 0, 9],
  [30, 20, 0x20, 5, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 1, 0, 5, 0, 0],
  [30, 8, 0x34, 1, 10, 0, 0, 9],
  [30, 4, 0x41, 3],
  [30, 4, 0x50, 1],
  [30, 12, 0x60, 0, 0, 0, 0, 0, 0, 0, 0, 1],
  [30, 12, 0x70, 0, 1, 2, 3, 4, 5, 6, 7, 8],
  [30, 4, 0x80, 1],
];

interface Subflow {
  number: number;
  next: [number, number];
  acked: [number, number];
}

type Side = 0 | 1;

class Connections {
  readonly frames: Frame[] = [];
  readonly #random: Random;
  #subflows = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** One connection of up to three subflows, each with some segments. */
  add(): void {
    const random = this.#random;
    const version = random.below(2);
    const keys = [this.#key(), this.#key()] as const;
    const flows: Subflow[] = [];
    for (let left = 1 + random.below(3); left > 0; left -= 1) {
      const options = flows.length === 0 ? first(version, keys) : this.#join(version, keys);
      flows.push(this.#open(options));
      for (let segment = 0; segment < 20; segment += 1) this.#talk(random.pick(flows));
    }
  }

  #key(): number[] {
    return Array.from({ length: 8 }, () => this.#random.below(256));
  }

  #join(version: number, keys: readonly [number[], number[]]): number[][] {
    const random = this.#random;
    const key = random.pick(keys);
    const known = createHash(version === 0 ? 'sha1' : 'sha256').update(Uint8Array.from(key));
    const token = random.chance(80) ? [...known.digest().subarray(0, 4)] : [1, 2, 3, 4];
    const answer = [30, 16, 0x10, 1, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 98];
    return [[30, 12, 0x10, 1, ...token, 0, 0, 0, 99], answer, [30, 24, 0x10, 0, ...Array<number>(20).fill(3)]];
  }

  /** Now and then a part of the handshake was not captured, or without its option. */
  #open(options: number[][]): Subflow {
    this.#subflows += 1;
    const number = this.#subflows;
    const [a, b] = [1000 * number, 77 * number];
    const flow: Subflow = { number, next: [a + 1, b + 1], acked: [b + 1, a + 1] };
    const heads = [
      { seq: a, ack: 0, flags: syn },
      { seq: b, ack: a + 1, flags: syn | ack },
      { seq: a + 1, ack: b + 1, flags: ack },
    ];
    for (const [index, head] of heads.entries())
      if (this.#random.chance(95))
        this.#emit(flow, index === 1 ? 1 : 0, head, this.#random.chance(92) ? (options[index] ?? []) : []);
    return flow;
  }

  #talk(flow: Subflow): void {
    const random = this.#random;
    const from = random.below(2) as Side;
    const to = (1 - from) as Side;
    const length = random.chance(30) ? 10 : 0;
    if (length === 0 && random.chance(30)) flow.acked[from] = flow.next[to];
    const head = { seq: flow.next[from], ack: flow.acked[from], flags: ack, length };
    this.#emit(flow, from, head, random.chance(50) ? random.pick(others) : []);
    flow.next[from] += length;
  }

  #emit(
    { number }: Subflow,
    from: Side,
    head: { seq: number; ack: number; flags: number; length?: number },
    options: number[],
  ): void {
    const address = (side: number) => [10, side, number >> 8, number & 255];
    const ports = from === 0 ? { sourcePort: 1000, destinationPort: 80 } : { sourcePort: 80, destinationPort: 1000 };
    const segment = tcpSegment({ length: 0, window: 1000, options, ...ports, ...head });
    const ends = { family: 4, source: address(from), destination: address(1 - from) } as const;
    const bytes = framed('ethernet', 0x0800, ipPacket(ends, protocols.tcp, segment));
    this.frames.push({ at: this.frames.length * between, bytes, wireLength: bytes.length });
  }
}

/** The handshake of the first subflow: version 0 has a key in the SYN, version 1 only from the answer on. */
function first(version: number, [own, theirs]: readonly [number[], number[]]): number[][] {
  const start = version === 0 ? [30, 12, 0, 0x81, ...own] : [30, 4, 1, 0x81];
  return [start, [30, 12, version, 0x81, ...theirs], [30, 20, version, 0x81, ...own, ...theirs]];
}

export function subflowCapture(random: Random, connections: number): Capture {
  const all = new Connections(random);
  for (let left = connections; left > 0; left -= 1) all.add();
  return { link: 'ethernet', frames: all.frames };
}
