// What a segment's words need to know of the rest of its conversation.

import { endpointText } from '../model/endpoint.ts';
import type { Passage, Report } from '../model/report.ts';
import type { Surroundings } from './comments.ts';

export type Around = (passage: Passage) => Surroundings;

/** Relative sequence number of each direction's FIN, by conversation. */
type Fins = Map<number, { initiator?: number; responder?: number }>;

function noteFin(fins: Fins, { tcp }: Passage): void {
  if (!tcp?.flags.includes('F')) return;
  const known = fins.get(tcp.conversation) ?? {};
  known[tcp.fromInitiator ? 'initiator' : 'responder'] = tcp.relativeSeq + tcp.length;
  fins.set(tcp.conversation, known);
}

/** Hosts that answered at more than one address in this run. */
export function manyAddresses({ conversations }: Report): Set<string> {
  const addresses = new Map<string, Set<string>>();
  for (const { responder } of conversations)
    addresses.set(responder.host, (addresses.get(responder.host) ?? new Set()).add(responder.endpoint.address));
  return new Set([...addresses].filter(([, each]) => each.size > 1).map(([host]) => host));
}

/** An RST of an end that was closed before: its kernel knows no such connection any more. */
function isGone({ states }: Report, { tcp, at }: Passage): boolean {
  if (!tcp?.flags.includes('R')) return false;
  const own = tcp.fromInitiator ? 'initiator' : 'responder';
  const end = states.find(({ conversation, side }) => conversation === tcp.conversation && side === own);
  return end?.changes.some(({ state, at: since }) => state === 'CLOSED' && since < at) ?? false;
}

/** Answers for every passage of the report; looks at each once, those too that are added while a run goes on. */
export function surroundings(report: Report): Around {
  const fins: Fins = new Map();
  let looked = 0;
  let many = { conversations: -1, hosts: new Set<string>() };
  return (passage) => {
    const { tcp } = passage;
    for (; looked < report.passages.length; looked += 1) noteFin(fins, report.passages[looked] as Passage);
    if (tcp === undefined) return { acknowledgesFin: false, gone: false };
    const { length } = report.conversations;
    if (many.conversations !== length) many = { conversations: length, hosts: manyAddresses(report) };
    const conversation = report.conversations[tcp.conversation];
    const fin = fins.get(tcp.conversation)?.[tcp.fromInitiator ? 'responder' : 'initiator'];
    return {
      initialRtt: conversation?.initialRtt,
      asked:
        conversation && many.hosts.has(conversation.responder.host)
          ? endpointText(conversation.responder.endpoint)
          : undefined,
      gone: isGone(report, passage),
      acknowledgesFin: fin !== undefined && (tcp.relativeAck ?? 0) > fin,
    };
  };
}
