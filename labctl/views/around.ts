// What a segment's words need to know of the rest of its conversation.

import type { Passage, Report } from '../model/report.ts';
import type { Surroundings } from './comments.ts';

export type Around = (passage: Passage) => Surroundings;

/** Relative sequence number of each direction's FIN, by conversation. */
type Fins = Map<number, { initiator?: number; responder?: number }>;

function finsOf(passages: readonly Passage[]): Fins {
  const fins: Fins = new Map();
  for (const { tcp } of passages) {
    if (!tcp?.flags.includes('F')) continue;
    const known = fins.get(tcp.conversation) ?? {};
    known[tcp.fromInitiator ? 'initiator' : 'responder'] = tcp.relativeSeq + tcp.length;
    fins.set(tcp.conversation, known);
  }
  return fins;
}

/** Answers for every passage of the report; looks through it once. */
export function surroundings(report: Report): Around {
  const fins = finsOf(report.passages);
  return ({ tcp }) => {
    if (tcp === undefined) return { acknowledgesFin: false };
    const fin = fins.get(tcp.conversation)?.[tcp.fromInitiator ? 'responder' : 'initiator'];
    return {
      initialRtt: report.conversations[tcp.conversation]?.initialRtt,
      acknowledgesFin: fin !== undefined && (tcp.relativeAck ?? 0) > fin,
    };
  };
}
