// What a segment's words need to know of the rest of its conversation.

import { endpointText } from '../model/endpoint.ts';
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

/** Hosts that answered at more than one address in this run. */
export function manyAddresses({ conversations }: Report): Set<string> {
  const addresses = new Map<string, Set<string>>();
  for (const { responder } of conversations)
    addresses.set(responder.host, (addresses.get(responder.host) ?? new Set()).add(responder.endpoint.address));
  return new Set([...addresses].filter(([, each]) => each.size > 1).map(([host]) => host));
}

/** Answers for every passage of the report; looks through it once. */
export function surroundings(report: Report): Around {
  const fins = finsOf(report.passages);
  const many = manyAddresses(report);
  return ({ tcp }) => {
    if (tcp === undefined) return { acknowledgesFin: false };
    const conversation = report.conversations[tcp.conversation];
    const fin = fins.get(tcp.conversation)?.[tcp.fromInitiator ? 'responder' : 'initiator'];
    return {
      initialRtt: conversation?.initialRtt,
      asked:
        conversation && many.has(conversation.responder.host)
          ? endpointText(conversation.responder.endpoint)
          : undefined,
      acknowledgesFin: fin !== undefined && (tcp.relativeAck ?? 0) > fin,
    };
  };
}
