// Random TCP conversations that go looking for trouble: every rule of the analysis, its edges, and its neighbours.

import type { TcpHead } from './frames.ts';
import type { Random } from './random.ts';

const fin = 1;
const syn = 2;
const rst = 4;
const psh = 8;
const ack = 16;

/** One end as far as it matters for what it may send next. */
interface End {
  port: number;
  next: number;
  window: number;
  /** The latest acknowledgment number it sent. */
  acked: number;
  sent: { seq: number; length: number; flags: number }[];
}

export interface Conversation {
  ends: [End, End];
  /** Sequence numbers begin at one of the interesting places. */
  begun: boolean;
  mptcp: boolean;
  /** What this one likes to do: weights of the actions. */
  taste: number[];
}

const starts = [1, 0, 1000, 0xffff_ff00, 0x7fff_ff00, 0xffff_ffff];
const sizes = [1, 2, 10, 100, 536, 1000, 1448];
const windows = [0, 0, 1, 100, 500, 1000, 8192, 65_535];

const wrap = (value: number): number => value >>> 0;

function newEnd(random: Random, port: number): End {
  return {
    port,
    next: random.chance(50) ? random.below(2 ** 32) : random.pick(starts),
    window: random.pick(windows),
    acked: 0,
    sent: [],
  };
}

export function newConversation(random: Random, port: number, other: number): Conversation {
  return {
    ends: [newEnd(random, port), newEnd(random, other)],
    begun: random.chance(30),
    mptcp: random.chance(10),
    taste: actions.map(() => (random.chance(40) ? 0 : random.below(10))),
  };
}

type Step = (from: End, to: End, random: Random) => Partial<TcpHead>;

const sackOption = (random: Random, around: number): number[] => {
  const blocks = 1 + random.below(3);
  const bytes = [1, 1, 5, 2 + 8 * blocks];
  for (let block = 0; block < blocks; block += 1) {
    const left = wrap(around + random.pick([0, 1, 100, 1000, 1448, -100]));
    for (const edge of [left, wrap(left + random.pick(sizes))])
      bytes.push(edge >>> 24, (edge >>> 16) & 255, (edge >>> 8) & 255, edge & 255);
  }
  return bytes;
};

const fresh: Step = (from, _to, random) => ({ seq: from.next, length: random.pick(sizes), flags: ack | psh });
const again: Step = (from, _to, random) => {
  const old = from.sent.length > 0 ? random.pick(from.sent.slice(-6)) : undefined;
  if (!old) return { length: 1 };
  const flags = old.flags | (old.flags & syn ? 0 : ack);
  return random.chance(70)
    ? { ...old, flags }
    : { seq: wrap(old.seq + random.below(20) - 5), length: random.pick(sizes) };
};

/** What may be sent next; what is left out is an ordinary ACK. */
const actions: Step[] = [
  fresh,
  fresh,
  again,
  again,
  // A hole, and what fills it.
  (from, _to, random) => ({ seq: wrap(from.next + random.pick(sizes)), length: random.pick(sizes) }),
  (from, _to, random) => ({ seq: wrap(from.next - random.pick(sizes)), length: random.pick(sizes) }),
  // ACKs: in order, repeated, with holes, from nowhere.
  (_from, to) => ({ ack: to.next }),
  (from) => ({ ack: from.acked }),
  (from) => ({ ack: from.acked }),
  (from, to, random) => ({ ack: from.acked || to.next, options: sackOption(random, from.acked) }),
  (from, to, random) => ({
    ack: from.acked || to.next,
    window: random.pick(windows),
    options: sackOption(random, from.acked),
  }),
  (_from, to, random) => ({ ack: wrap(to.next + random.pick([1, 100, 1000, -1, -100])) }),
  (from, _to, random) => ({ ack: from.acked, window: random.pick(windows) }),
  (from) => ({ ack: from.acked, window: 0 }),
  // Keep-alives and probes, and their answers.
  (from, _to, random) => ({ seq: wrap(from.next - 1), length: random.below(2), ack: from.acked }),
  (from) => ({ seq: from.next, length: 1, ack: from.acked }),
  (from) => ({ ack: wrap(from.acked + 1), window: 0 }),
  (from, _to, random) => ({ ack: wrap(from.acked + 1), window: random.pick(windows) }),
  // Up to the edge of the window, or near it.
  (from, to, random) => {
    const edge = wrap(to.acked + to.window * random.pick([1, 1, 2, 4]));
    const length = wrap(edge - from.next);
    return length > 0 && length < 1500 ? { length } : { seq: wrap(edge - 10), length: 10 };
  },
  (from, to, random) => ({ seq: random.chance(50) ? from.next : to.acked, length: random.pick(sizes), window: 0 }),
  // The ends of things.
  (_from, _to, random) => ({ flags: fin | ack, length: random.pick([0, 0, 0, 1, 100]) }),
  (_from, to, random) => ({
    flags: rst | random.pick([0, ack]),
    seq: random.chance(50) ? to.acked : undefined,
    length: random.pick([0, 0, 1, 20]),
  }),
  (from, _to, random) => synOf(from, random, 0),
  (from, _to, random) => ({ ...synOf(from, random, 0), seq: wrap(from.next - 1) }),
  (from, to, random) => ({ ...synOf(from, random, ack), ack: to.next }),
  (from, _to, random) => ({ flags: random.below(256), length: random.pick([0, 0, 1, 100]), ack: from.acked }),
  // Anything at all.
  (_from, _to, random) => ({ seq: random.pick([0, 1, random.below(2 ** 32)]), length: random.pick([0, 1, 100]) }),
];

function synOf(end: End, random: Random, flags: number): Partial<TcpHead> {
  const first = end.sent.find((sent) => sent.flags & syn);
  const scale = random.pick([[], [1, 3, 3, 0], [1, 3, 3, 1], [1, 3, 3, 7], [1, 3, 3, 14], [1, 1, 4, 2]]);
  const seq = first && random.chance(70) ? first.seq : random.chance(70) ? end.next : random.below(2 ** 32);
  return {
    flags: syn | flags,
    seq,
    ack: flags === 0 && random.chance(90) ? 0 : end.acked,
    options: scale,
    length: random.chance(95) ? 0 : 10,
  };
}

/** The handshake, then whatever the taste says. */
function choose(conversation: Conversation, random: Random): [from: 0 | 1, head: Partial<TcpHead>] {
  const { ends, taste } = conversation;
  const [client, server] = ends;
  if (!conversation.begun && random.chance(85)) {
    if (client.sent.length === 0) return [0, synOf(client, random, 0)];
    if (server.sent.length === 0) return [1, { ...synOf(server, random, ack), ack: client.next }];
    conversation.begun = true;
    return [0, { ack: server.next }];
  }
  const from = random.below(2) as 0 | 1;
  const total = taste.reduce((sum, weight) => sum + weight, 1);
  let left = random.below(total);
  const index = taste.findIndex((weight) => (left -= weight) < 0);
  const action = actions[Math.max(0, index)] as Step;
  return [from, action(ends[from], ends[1 - from] as End, random)];
}

/** Data sequence signal, address, priority and failure of MPTCP. */
const mptcpOptions: number[][] = [
  [30, 8, 0x20, 1, 0, 0, 0, 9],
  [30, 8, 0x34, 1, 10, 0, 0, 9],
  [30, 4, 0x50, 1],
  [30, 12, 0x60, 0, 0, 0, 0, 0, 0, 0, 0, 1],
];

function someOptions({ mptcp }: Conversation, own: End, random: Random): number[] {
  if (mptcp && random.chance(30)) return random.pick(mptcpOptions);
  return random.chance(4) ? sackOption(random, own.acked) : [];
}

const isAfter = (a: number, b: number): boolean => ((a - b) | 0) > 0;

/** The next segment of a conversation; both ends then know that it was sent. */
export function nextSegment(conversation: Conversation, random: Random): { from: 0 | 1; head: TcpHead } {
  const [from, wanted] = choose(conversation, random);
  const own = conversation.ends[from];
  const other = conversation.ends[1 - from] as End;
  if (random.chance(5)) own.window = random.pick(windows);
  const head: TcpHead = {
    sourcePort: own.port,
    destinationPort: other.port,
    seq: wanted.seq ?? own.next,
    ack: wanted.ack ?? (random.chance(60) ? other.next : own.acked),
    flags: wanted.flags ?? ack,
    window: wanted.window ?? own.window,
    options: wanted.options ?? someOptions(conversation, own, random),
    length: wanted.length ?? 0,
  };
  const control = head.flags & (syn | fin) ? 1 : 0;
  const end = wrap(head.seq + head.length + control);
  if (isAfter(end, own.next) || head.flags & syn) own.next = end;
  own.acked = head.ack;
  own.window = head.window;
  if (head.length > 0 || control) own.sent.push({ seq: head.seq, length: head.length, flags: head.flags });
  return { from, head };
}
