// One captured packet as a sighting: who sent it, whom it is for, and from which of the two it was seen.

import type { Packet } from '../model/packet.ts';
import type { Hosts } from './hosts.ts';

/** `both`: a packet from a host to itself, which Linux shows once on `lo`. */
export type Role = 'sender' | 'receiver' | 'both';

export interface SeenPacket {
  packet: Packet;
  role: Role;
  /** Host names where an address belongs to a host, else the address. */
  from: string;
  to: string;
  source: string;
  destination: string;
  network: string;
}

const dockerDns = '127.0.0.11';

/** Neighbour discovery and multicast listener reports (RFC 4861, RFC 3810): nobody in a lesson asked for them. */
const isHousekeeping = ({ icmp }: Packet): boolean =>
  icmp?.version === 6 && ((icmp.type >= 130 && icmp.type <= 137) || icmp.type === 143);

function addressesOf({ ip, arp }: Packet): { source: string; destination: string } | undefined {
  if (ip) return { source: ip.source, destination: ip.destination };
  if (arp) return { source: arp.senderAddress, destination: arp.targetAddress };
  return undefined;
}

/**
 * How a capture point stands to a packet; undefined for what the ladder leaves out: copies that merely passed by (a
 * switch floods, ARP asks everybody), the engine's own DNS, IPv6 housekeeping and frames without addresses.
 */
export function seen(packet: Packet, hosts: Hosts): SeenPacket | undefined {
  const addresses = addressesOf(packet);
  if (!addresses || isHousekeeping(packet)) return undefined;
  const { source, destination } = addresses;
  if (source === dockerDns || destination === dockerDns) return undefined;
  const here = packet.point.host;
  const from = hosts.ownerOf(source, here);
  const to = hosts.ownerOf(destination, here);
  if (from !== here && to !== here) return undefined;
  const role = from === to ? 'both' : from === here ? 'sender' : 'receiver';
  return {
    packet,
    role,
    from: from ?? source,
    to: to ?? destination,
    source,
    destination,
    network: hosts.networkOf(packet.point),
  };
}
