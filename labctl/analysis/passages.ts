// Matches what a sender's capture shows with what the receiver's shows: one passage for each packet that was sent.

import type { Packet } from '../model/packet.ts';
import type { Passage, Sighting } from '../model/report.ts';
import { flowKeys } from './flow-key.ts';
import type { Hosts } from './hosts.ts';
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

/** What tells one packet of a flow from the next: a number, because there is one for every packet. */
function identity({ tcp, udp, icmp, arp, ip }: Packet): number {
  const id = ip?.id ?? 0;
  if (tcp) return tcp.seq * 65_536 + id;
  if (udp) return udp.length * 65_536 + id;
  if (icmp) return (icmp.type * 256 + icmp.code) * 65_536 + id;
  if (arp) return arp.operation === 'request' ? 1 : 2;
  return id;
}

/** Same identity is not yet the same packet: SYN-ACKs and RSTs all carry identification 0. */
function samePacket(a: Packet, b: Packet): boolean {
  if (!a.tcp || !b.tcp) return a.tcp === b.tcp && a.ip?.protocol === b.ip?.protocol;
  return a.tcp.ack === b.tcp.ack && a.tcp.flags === b.tcp.flags && a.tcp.length === b.tcp.length;
}

/** Passages that still wait for their other sighting, by flow and identity, the oldest first. */
function waitingRoom() {
  const flows = new Map<number, Map<number, Passage[]>>();
  const keyOf = flowKeys();
  const flowOf = ({ network, source, destination, packet }: SeenPacket): Map<number, Passage[]> => {
    const ports = packet.tcp ?? packet.udp;
    const end = { address: source, port: ports?.sourcePort ?? 0 };
    const key = keyOf(network, end, { address: destination, port: ports?.destinationPort ?? 0 });
    const known = flows.get(key);
    if (known) return known;
    const fresh = new Map<number, Passage[]>();
    flows.set(key, fresh);
    return fresh;
  };
  return {
    add(one: SeenPacket, passage: Passage): void {
      const flow = flowOf(one);
      const key = identity(one.packet);
      const waiting = flow.get(key);
      if (waiting) waiting.push(passage);
      else flow.set(key, [passage]);
    },
    take(one: SeenPacket, fits: (passage: Passage) => boolean): Passage | undefined {
      const flow = flowOf(one);
      const key = identity(one.packet);
      const waiting = flow.get(key);
      const place = waiting?.findIndex((passage) => samePacket(passage.packet, one.packet) && fits(passage)) ?? -1;
      if (!waiting || place < 0) return undefined;
      if (waiting.length === 1) flow.delete(key);
      return waiting.splice(place, 1)[0];
    },
  };
}

/** Lost: the receiver's capture covers that moment without a gap, and shows nothing. */
function isLost(passage: Passage, hosts: Hosts): boolean {
  if (!passage.sent || passage.arrived) return false;
  const network = hosts.networkOf(passage.sent.point);
  const there = hosts.coverage(passage.to, network);
  const here = hosts.coverage(passage.from, network);
  if (!there || there.dropped > 0 || (here?.dropped ?? 0) > 0) return false;
  return there.from <= passage.at && passage.at <= there.until;
}

/** Notes the second sighting of a packet; false when this is the first. */
function completes(one: SeenPacket, room: ReturnType<typeof waitingRoom>): boolean {
  const { packet, role } = one;
  if (role === 'both') return true;
  if (role === 'receiver') {
    const passage = room.take(one, ({ sent }) => sent !== undefined);
    if (passage) passage.arrived = sighting(packet);
    return passage !== undefined;
  }
  const early = room.take(one, ({ sent, at }) => sent === undefined && packet.at - at <= clockSlack);
  if (early) Object.assign(early, { sent: sighting(packet), packet, at: packet.at });
  return early !== undefined;
}

/**
 * All passages of a run, numbered from 1 in order of time. A packet's first unmatched copy in time order is its other
 * sighting; a retransmission has an IP identification of its own, or comes later.
 */
export function matchPassages(packets: readonly Packet[], hosts: Hosts): Passage[] {
  const room = waitingRoom();
  const passages: Passage[] = [];
  for (const one of inTimeOrder(packets, hosts)) {
    if (one.role !== 'both' && completes(one, room)) continue;
    const passage = newPassage(one);
    passages.push(passage);
    if (one.role !== 'both') room.add(one, passage);
  }
  passages.sort((a, b) => a.at - b.at);
  for (const [place, passage] of passages.entries()) {
    passage.number = place + 1;
    passage.lost = isLost(passage, hosts);
  }
  return passages;
}
