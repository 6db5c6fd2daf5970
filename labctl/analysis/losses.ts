// Which packets never arrived: those that the receiver's capture would have shown, had they come.

import type { Passage } from '../model/report.ts';
import type { Coverage, Hosts } from './hosts.ts';

/** A packet may be so long on its way, longer than any other of the run, before it counts as lost at the recording's end. */
const patience = 1000;

const longestWay = (passages: readonly Passage[]): number =>
  passages.reduce((longest, { sent, arrived }) => Math.max(longest, sent && arrived ? arrived.at - sent.at : 0), 0);

/** Where it should have been seen: on the network it left on, else where its address is, behind a router. */
function goal({ sent, to, packet }: Passage, hosts: Hosts): Coverage | undefined {
  const network = sent && hosts.networkOf(sent.point);
  const near = network === undefined ? undefined : hosts.coverage(to, network);
  const home = packet.ip && hosts.networkOfAddress(packet.ip.destination);
  return near ?? (home === undefined ? undefined : hosts.coverage(to, home));
}

/** Lost: the receiver's capture covers that moment without a gap, and shows nothing. */
export function lossJudge(passages: readonly Passage[], hosts: Hosts): (passage: Passage) => boolean {
  const margin = longestWay(passages) + patience;
  return (passage) => {
    if (!passage.sent || passage.arrived) return false;
    const there = goal(passage, hosts);
    const here = hosts.coverage(passage.from, hosts.networkOf(passage.sent.point));
    if (!there || there.dropped > 0 || (here?.dropped ?? 0) > 0) return false;
    return there.from <= passage.at && passage.at + margin <= there.until;
  };
}
