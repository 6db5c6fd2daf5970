// Decodes IPv4, IPv6 and ICMP, and hands what lies above to its transport. Fragments but the first have no transport.

import type { Icmp } from '../model/packet.ts';
import { decodeTcp, decodeUdp } from './decode-transport.ts';
import { type IpHeader, readIpv4, readIpv6 } from './ip-header.ts';
import { type Decoding, giveUp, hasHeader, payloadFrom } from './layer.ts';
import { u8, u16 } from './octets.ts';

const protocols = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58, noNext: 59 } as const;

export function decodeIpv4(decoding: Decoding, at: number): void {
  decodeIp(decoding, 'ipv4', at, readIpv4(decoding.bytes, at, Math.min(decoding.bytes.length, decoding.end)));
}

export function decodeIpv6(decoding: Decoding, at: number): void {
  decodeIp(decoding, 'ipv6', at, readIpv6(decoding.bytes, at, Math.min(decoding.bytes.length, decoding.end)));
}

function decodeIp(decoding: Decoding, layer: string, at: number, header: IpHeader | string): void {
  if (typeof header === 'string') return giveUp(decoding, layer, at, header);
  decoding.packet.ip = header.ip;
  decoding.end = header.end ?? decoding.end;
  if (header.fragmentOffset > 0) {
    const why = `a fragment from byte ${header.fragmentOffset} on: its first one has the transport header`;
    return giveUp(decoding, layer, header.start, why);
  }
  return decodeTransport(decoding, layer, header);
}

function decodeTransport(decoding: Decoding, layer: string, { ip, start }: IpHeader): void {
  if (ip.protocol === protocols.tcp) return decodeTcp(decoding, start);
  if (ip.protocol === protocols.udp) return decodeUdp(decoding, start);
  if (ip.protocol === protocols.icmp && ip.version === 4) return decodeIcmp(decoding, start, 4);
  if (ip.protocol === protocols.icmpv6 && ip.version === 6) return decodeIcmp(decoding, start, 6);
  if (ip.protocol === protocols.noNext && ip.version === 6) return payloadFrom(decoding, start);
  return giveUp(decoding, layer, start, `protocol ${ip.protocol} is not decoded`);
}

/** Types that quote the packet they answer: RFC 792 (unreachable, quench, redirect, exceeded, parameter), RFC 4443. */
const quoting = { 4: new Set([3, 4, 5, 11, 12]), 6: new Set([1, 2, 3, 4]) } as const;

function decodeIcmp(decoding: Decoding, at: number, version: 4 | 6): void {
  if (!hasHeader(decoding, version === 4 ? 'icmp' : 'icmpv6', at, 8)) return;
  const { packet, bytes } = decoding;
  const icmp: Icmp = { version, type: u8(bytes, at), code: u8(bytes, at + 1) };
  packet.icmp = icmp;
  payloadFrom(decoding, at + 8);
  const quoted = quoting[version].has(icmp.type) ? readQuoted(decoding, at + 8, version) : undefined;
  if (quoted) icmp.quoted = quoted;
}

/** The quotation is often cut short: its ports are given only where they are there. */
function readQuoted({ bytes, end }: Decoding, at: number, version: 4 | 6): Icmp['quoted'] {
  const limit = Math.min(bytes.length, end);
  const header = version === 4 ? readIpv4(bytes, at, limit) : readIpv6(bytes, at, limit);
  if (typeof header === 'string') return undefined;
  const { ip, start, fragmentOffset } = header;
  const hasPorts = ip.protocol === protocols.tcp || ip.protocol === protocols.udp;
  if (!hasPorts || fragmentOffset > 0 || limit - start < 4) return { ip };
  return { ip, sourcePort: u16(bytes, start), destinationPort: u16(bytes, start + 2) };
}
