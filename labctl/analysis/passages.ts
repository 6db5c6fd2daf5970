// Matches what a sender's capture shows with what the receiver's shows: one passage for each packet that was sent.

import type { Packet } from '../model/packet.ts';
import type { Passage, Sighting } from '../model/report.ts';
import { flowKeys } from './flow-key.ts';
import type { Hosts } from './hosts.ts';
import { lossJudge } from './losses.ts';
import { samePacket, sumOf } from './same-packet.ts';
import { type SeenPacket, seen } from './sightings.ts';

/** Both captures stamp with one kernel clock; an arrival stamped before its sending is at most this much off. */
const clockSlack = 1000;

const rank = { sender: 0, both: 0, receiver: 1 } as const;

function inTimeOrder(packets: readonly Packet[], hosts: Hosts): SeenPacket[] {
  const all: SeenPacket[] = [];
  for (const packet of packets) {
    const one = seen(packet, hosts);
    if (one) all.push(one);
  }
  return all.sort((a, b) => a.packet.at - b.packet.at || rank[a.role] - rank[b.role]);
}

const sighting = ({ point, frame, at }: Packet): Sighting => ({ point, frame, at });

function newPassage(one: SeenPacket): Passage {
  const { packet, from, to, role } = one;
  const here = sighting(packet);
  return {
    number: 0,
    at: packet.at,
    from,
    to,
    ...(role === 'receiver' ? {} : { sent: here }),
    ...(role === 'sender' ? {} : { arrived: here }),
    lost: false,
    packet,
    ...(packet.udp ? { udp: packet.udp } : {}),
    ...(packet.arp ? { arp: packet.arp } : {}),
    ...(packet.icmp ? { icmp: packet.icmp } : {}),
  };
}

/** The packets of one direction between two endpoints. */
interface Flow {
  passages: Passage[];
  /** By sum, the passages that look alike: nearly always one. */
  alike: Map<number, Passage[]>;
  /** When the latest sent of those that have arrived was sent. */
  front: number;
}

function flowsOf() {
  const flows = new Map<number, Flow>();
  const keyOf = flowKeys();
  return {
    all: () => flows.values(),
    /** A router's networks are one way to the same host, so networks tell only ARP and what stays inside a host apart. */
    of({ network, packet, source, destination, role }: SeenPacket): Flow {
      const ports = packet.tcp ?? packet.udp;
      const scope = role === 'both' || !packet.ip ? network : '';
      const end = { address: source, port: ports?.sourcePort ?? 0 };
      const key = keyOf(scope, end, { address: destination, port: ports?.destinationPort ?? 0 });
      const known = flows.get(key) ?? { passages: [], alike: new Map<number, Passage[]>(), front: -Infinity };
      flows.set(key, known);
      return known;
    },
  };
}

/**
 * Which sending an arrival belongs to, of those that look the same (SYN-ACKs and RSTs carry IP identification 0): one
 * that nothing sent later has overtaken, the oldest, but not one that would have been on its way much longer than the
 * latest.
 */
function choose(candidates: readonly Passage[], at: number, front: number): Passage | undefined {
  if (candidates.length < 2) return candidates[0];
  const inOrder = candidates.filter((passage) => passage.at >= front);
  const likely = inOrder.length > 0 ? inOrder : candidates;
  const longest = 50 + 4 * Math.max(0, at - (likely.at(-1) as Passage).at);
  return likely.find((passage) => at - passage.at <= longest);
}

function arrive(flow: Flow, alike: readonly Passage[], { packet }: SeenPacket): boolean {
  const waiting = alike.filter(({ sent, arrived }) => sent && !arrived);
  const passage = choose(waiting, packet.at, flow.front);
  if (passage) {
    passage.arrived = sighting(packet);
    flow.front = Math.max(flow.front, passage.at);
    return true;
  }
  const before = alike.findLast(({ arrived }) => arrived);
  const copy = before !== undefined && (before.sent !== undefined || (packet.ip?.id ?? 0) > 0);
  if (copy) (before.copies ??= []).push(sighting(packet));
  return copy;
}

/** Notes a further sighting of a packet; false when this is the first, or one of a packet of its own. */
function completes(one: SeenPacket, flow: Flow, alike: readonly Passage[]): boolean {
  const { packet, role } = one;
  if (role === 'both') return false;
  if (role === 'receiver') return arrive(flow, alike, one);
  const early = alike.find(({ sent, at }) => sent === undefined && packet.at - at <= clockSlack);
  if (early) Object.assign(early, { sent: sighting(packet), packet, at: packet.at });
  return early !== undefined;
}

/** Finds what arrived after something that was sent later; the captures' own order decides, stamps may be equal. */
function noteOvertaken({ passages }: Flow): void {
  const whole = passages.filter(({ sent, arrived }) => sent && arrived);
  whole.sort((a, b) => a.at - b.at || (a.sent?.frame ?? 0) - (b.sent?.frame ?? 0));
  const later = (a: Passage, b: Passage): boolean => {
    const [left, right] = [a.arrived as Sighting, b.arrived as Sighting];
    return left.at > right.at || (left.at === right.at && left.frame > right.frame);
  };
  let earliest: Passage | undefined;
  for (let place = whole.length - 1; place >= 0; place--) {
    const passage = whole[place] as Passage;
    if (earliest && later(passage, earliest))
      passage.overtakenBy = whole.slice(place + 1).find((other) => later(passage, other))?.number;
    else earliest = passage;
  }
}

/**
 * All passages of a run, numbered from 1 in order of time. A retransmission is a passage of its own; a packet that
 * arrives twice is one, with copies.
 */
export function matchPassages(packets: readonly Packet[], hosts: Hosts): Passage[] {
  const flows = flowsOf();
  const passages: Passage[] = [];
  for (const one of inTimeOrder(packets, hosts)) {
    const flow = flows.of(one);
    const sum = sumOf(one.packet);
    const bucket = flow.alike.get(sum) ?? [];
    const alike = bucket.filter(({ packet }) => samePacket(packet, one.packet));
    if (completes(one, flow, alike)) continue;
    const passage = newPassage(one);
    passages.push(passage);
    flow.passages.push(passage);
    bucket.push(passage);
    flow.alike.set(sum, bucket);
  }
  passages.sort((a, b) => a.at - b.at);
  const isLost = lossJudge(passages, hosts);
  for (const [place, passage] of passages.entries()) {
    passage.number = place + 1;
    passage.lost = isLost(passage);
  }
  for (const flow of flows.all()) noteOvertaken(flow);
  return passages;
}
