// The duplicate acknowledgments that had reached a sender when it sent a segment again.

import type { Conversation, Passage } from '../model/report.ts';
import { firstAt } from './first-at.ts';

/** After an acknowledgment arrived: the greatest number so far, and which duplicates of it there had been. */
interface Moment {
  at: number;
  greatest: number;
  /** Bounds in the list of all duplicates of this direction. */
  from: number;
  until: number;
}

interface Direction {
  moments: Moment[];
  duplicates: number[];
}

function follow({ passages: numbers }: Conversation, passages: readonly Passage[], fromInitiator: boolean): Direction {
  const arrived = numbers
    .map((number) => passages[number - 1] as Passage)
    .filter((passage) => passage.arrived && passage.tcp?.fromInitiator === fromInitiator)
    .sort((a, b) => (a.arrived?.at ?? 0) - (b.arrived?.at ?? 0));
  const found: Direction = { moments: [], duplicates: [] };
  let [greatest, from] = [0, 0];
  for (const { tcp, number, arrived: here } of arrived) {
    const ack = tcp?.relativeAck ?? 0;
    if (ack > greatest) from = found.duplicates.length;
    else if (ack === greatest && tcp?.meaning === 'duplicate-ack') found.duplicates.push(number);
    greatest = Math.max(greatest, ack);
    found.moments.push({ at: here?.at ?? 0, greatest, from, until: found.duplicates.length });
  }
  return found;
}

/**
 * Answers for a segment that was sent again which duplicates of the greatest acknowledgment had arrived before: numbers
 * of passages in the order of their arrival, none when its bytes had been acknowledged already.
 */
export function duplicateAcks(
  conversations: readonly Conversation[],
  passages: readonly Passage[],
): (again: Passage) => number[] {
  const followed = new Map<string, Direction>();
  return ({ tcp, at }) => {
    const conversation = conversations[tcp?.conversation ?? -1];
    if (!tcp || !conversation) return [];
    const key = `${tcp.conversation} ${tcp.fromInitiator}`;
    const { moments, duplicates } = followed.get(key) ?? follow(conversation, passages, !tcp.fromInitiator);
    followed.set(key, { moments, duplicates });
    const before = moments[firstAt(moments, (moment) => moment.at >= at) - 1];
    return before && before.greatest <= tcp.relativeSeq ? duplicates.slice(before.from, before.until) : [];
  };
}
