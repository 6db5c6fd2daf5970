// What had been acknowledged when a segment was sent again: when, how far, and which duplicate ACKs there had been.

import type { Conversation, Passage } from '../model/report.ts';
import type { Micros } from '../model/time.ts';
import { firstAt } from './first-at.ts';

/** After an acknowledgment arrived: the greatest number so far, since when, and the bounds of its duplicates in the list. */
interface Moment {
  at: Micros;
  greatest: number;
  advancedAt: Micros;
  from: number;
  until: number;
}

interface Direction {
  moments: Moment[];
  duplicates: number[];
}

/** What a sender had heard from the other end. */
export interface Heard {
  /** When the last acknowledgment arrived, and when the last that acknowledged something new. */
  at: Micros;
  advancedAt: Micros;
  /** Duplicates of the greatest acknowledgment, in the order of their arrival; none for bytes that it covers. */
  duplicates: number[];
}

function follow({ passages: numbers }: Conversation, passages: readonly Passage[], fromInitiator: boolean): Direction {
  const arrived = numbers
    .map((number) => passages[number - 1] as Passage)
    .filter((passage) => passage.arrived && passage.tcp?.fromInitiator === fromInitiator)
    .sort((a, b) => (a.arrived?.at ?? 0) - (b.arrived?.at ?? 0));
  const found: Direction = { moments: [], duplicates: [] };
  let [greatest, from, advancedAt] = [0, 0, -Infinity];
  for (const { tcp, number, arrived: here } of arrived) {
    const [ack, at] = [tcp?.relativeAck ?? 0, here?.at ?? 0];
    if (ack > greatest) [greatest, from, advancedAt] = [ack, found.duplicates.length, at];
    else if (ack === greatest && tcp?.meaning === 'duplicate-ack') found.duplicates.push(number);
    found.moments.push({ at, greatest, advancedAt, from, until: found.duplicates.length });
  }
  return found;
}

/** Answers for a segment what its sender had heard before; follows each direction once. */
export function acksBefore(
  conversations: readonly Conversation[],
  passages: readonly Passage[],
): (again: Passage) => Heard {
  const followed = new Map<string, Direction>();
  return ({ tcp, at }) => {
    const conversation = conversations[tcp?.conversation ?? -1];
    const nothing = { at: -Infinity, advancedAt: -Infinity, duplicates: [] };
    if (!tcp || !conversation) return nothing;
    const key = `${tcp.conversation} ${tcp.fromInitiator}`;
    const { moments, duplicates } = followed.get(key) ?? follow(conversation, passages, !tcp.fromInitiator);
    followed.set(key, { moments, duplicates });
    const before = moments[firstAt(moments, (moment) => moment.at >= at) - 1];
    if (!before) return nothing;
    const own = before.greatest <= tcp.relativeSeq ? duplicates.slice(before.from, before.until) : [];
    return { at: before.at, advancedAt: before.advancedAt, duplicates: own };
  };
}
