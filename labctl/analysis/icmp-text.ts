// ICMP messages in tcpdump's words, the addresses left out: `udp port 5000 unreachable`.

import type { Icmp } from '../model/packet.ts';

const protocolNames: Record<number, string> = { 6: 'tcp', 17: 'udp' };

/** Codes of "destination unreachable", RFC 792 and RFC 1812, section 5.2.7.1. */
const unreachable: Record<number, string> = {
  0: 'net unreachable',
  1: 'host unreachable',
  2: 'protocol unreachable',
  4: 'fragmentation needed',
  9: 'admin prohibited',
  10: 'admin prohibited',
  13: 'admin prohibited',
};
/** RFC 4443, section 3.1. */
const unreachable6: Record<number, string> = { 0: 'net unreachable', 1: 'admin prohibited', 3: 'host unreachable' };

const types: Record<number, string> = { 0: 'echo reply', 8: 'echo request', 11: 'time exceeded' };
const types6: Record<number, string> = {
  2: 'fragmentation needed',
  3: 'time exceeded',
  128: 'echo request',
  129: 'echo reply',
};

/** The message; by its numbers where it has no words here. */
export function icmpText({ version, type, code, quoted }: Icmp): string {
  const isUnreachable = type === (version === 4 ? 3 : 1);
  if (isUnreachable && code === (version === 4 ? 3 : 4)) {
    const protocol = protocolNames[quoted?.ip.protocol ?? -1];
    return protocol ? `${protocol} port ${quoted?.destinationPort} unreachable` : 'port unreachable';
  }
  const known = isUnreachable
    ? (version === 4 ? unreachable : unreachable6)[code]
    : (version === 4 ? types : types6)[type];
  return known ?? `type ${type} code ${code}`;
}
