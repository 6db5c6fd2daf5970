// Which packets of a run an expectation is about: those of a stretch of time, of a program, of a kind.

import type { Passage, SocketHistory } from '../../model/report.ts';
import { type Evidence, isWithin } from './evidence.ts';

const endKey = (host: string, port: number | undefined): string => `${host} ${port}`;

/** Ends that a program's sockets for datagrams had. */
function datagramEnds(program: string, states: readonly SocketHistory[]): Set<string> {
  const own = states.filter(({ side, owners }) => side === 'datagram' && owners.some((one) => one.program === program));
  return new Set(own.map(({ host, local }) => endKey(host, local.port)));
}

/** Whether a passage is of a program's conversations, is a datagram from or to one of its sockets, or tells it an error. */
function isOf(program: string, { found }: Evidence): (passage: Passage) => boolean {
  const ends = datagramEnds(program, found.states);
  return ({ tcp, udp, icmp, from, to }) => {
    const conversation = found.conversations[tcp?.conversation ?? -1];
    if (conversation) return conversation.initiator.program === program || conversation.responder.program === program;
    if (udp) return ends.has(endKey(from, udp.sourcePort)) || ends.has(endKey(to, udp.destinationPort));
    const { sourcePort, ip } = icmp?.quoted ?? {};
    const own = found.conversations.some(
      ({ initiator, responder }) =>
        initiator.program === program &&
        ip?.protocol === 6 &&
        initiator.endpoint.port === sourcePort &&
        initiator.host === to &&
        responder.endpoint.port === icmp?.quoted?.destinationPort,
    );
    return icmp !== undefined && (own || ends.has(endKey(to, sourcePort)));
  };
}

/** Packets within the window, in order of time; `of` a program, or all. */
export function packetPool(of: string | undefined, onlySegments: boolean, evidence: Evidence): Passage[] {
  const mine = of === undefined ? () => true : isOf(of, evidence);
  return evidence.found.passages.filter(
    (passage) => (!onlySegments || passage.tcp) && isWithin(evidence.window, passage.at) && mine(passage),
  );
}
