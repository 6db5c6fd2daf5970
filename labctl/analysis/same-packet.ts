// When two captured packets are one: every field that the network leaves alone is equal. Time to live and checksums change on the way.

import type { Packet, Tcp } from '../model/packet.ts';

const stampOf = ({ options }: Tcp): number => options.timestamps?.value ?? 0;

/** A number that is the same for the same packet, and for others nearly never; a cheap first key. */
export function sumOf({ tcp, udp, icmp, arp, ip }: Packet): number {
  const id = ip?.id ?? 0;
  if (tcp) return ((tcp.seq ^ Math.imul(tcp.ack, 0x9e3779b1)) >>> 0) * 65_536 + ((id ^ stampOf(tcp)) & 0xffff);
  if (udp) return udp.length * 65_536 + id;
  if (icmp) return (icmp.type * 256 + icmp.code) * 65_536 + id;
  if (arp) return arp.operation === 'request' ? 1 : 2;
  return id;
}

/** Captures may have cut one of them shorter. */
function samePayload(a: Uint8Array, b: Uint8Array): boolean {
  const length = Math.min(a.length, b.length);
  for (let place = 0; place < length; place++) if (a[place] !== b[place]) return false;
  return true;
}

function sameTcp(a: Tcp, b: Tcp): boolean {
  const numbers = a.seq === b.seq && a.ack === b.ack && a.flags === b.flags && a.length === b.length;
  const stamps = stampOf(a) === stampOf(b) && a.options.timestamps?.echo === b.options.timestamps?.echo;
  return numbers && stamps && a.window === b.window;
}

/** True for two sightings of one packet, and for copies that nothing tells apart. */
export function samePacket(a: Packet, b: Packet): boolean {
  if (a.ip?.id !== b.ip?.id || a.ip?.protocol !== b.ip?.protocol) return false;
  if (a.tcp && b.tcp) return sameTcp(a.tcp, b.tcp) && samePayload(a.payload, b.payload);
  if (a.tcp || b.tcp) return false;
  return a.udp?.length === b.udp?.length && samePayload(a.payload, b.payload);
}
