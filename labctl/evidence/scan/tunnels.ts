// Finds the packet inside a tunnel: GRE and its kinds, Ethernet and MPLS in IP, and what runs over UDP. As Wireshark
// does with its default preferences.

import { byteAt, shortAt } from './bytes.ts';
import {
  etherTypes,
  largestLength,
  type Network,
  scanBridged,
  scanEtherType,
  scanMpls,
  scanPpp,
} from './scan-types.ts';

export const tunnelProtocols = { ipv4: 4, udp: 17, ipv6: 41, gre: 47, etherIp: 97, mpls: 137 } as const;

/** Leaves `network.family` 0 where the payload of this IP protocol carries no packet. */
export function scanTunnel(
  network: Network,
  protocol: number,
  bytes: Uint8Array,
  at: number,
  end: number,
  limit: number,
): void {
  network.family = 0;
  network.end = end;
  switch (protocol) {
    case tunnelProtocols.ipv4:
      return network.found(4, at);
    case tunnelProtocols.ipv6:
      return network.found(6, at);
    // RFC 3378
    case tunnelProtocols.etherIp:
      return scanBridged(network, bytes, at + 2, limit);
    // RFC 4023
    case tunnelProtocols.mpls:
      return scanMpls(network, bytes, at, limit);
    case tunnelProtocols.gre:
      return scanGre(network, bytes, at, limit);
    case tunnelProtocols.udp:
      return scanUdp(network, bytes, at, limit);
  }
}

/** What GRE carries besides EtherTypes. */
const greTypes = { wccp: 0x883e, erspan: 0x88be, erspan3: 0x22eb, ppp: 0x880b } as const;
const greFlags = { checksum: 0x8000, routing: 0x4000, key: 0x2000, sequence: 0x1000, acknowledgment: 0x80 } as const;

/** RFC 2784, RFC 2890, RFC 1701; version 1 is PPTP's (RFC 2637). */
function scanGre(network: Network, bytes: Uint8Array, at: number, limit: number): void {
  const flags = shortAt(bytes, at);
  const type = shortAt(bytes, at + 2);
  const version = flags & 7;
  let start = at + 4;
  if (flags & (greFlags.checksum | greFlags.routing)) start += 4;
  if (flags & greFlags.key) start += 4;
  if (flags & greFlags.sequence) start += 4;
  if (version === 1 && flags & greFlags.acknowledgment) start += 4;
  if (flags & greFlags.routing) start = behindRoutes(bytes, start, limit);
  if (start >= limit) return;
  if (type === greTypes.ppp) scanPpp(network, bytes, start, limit);
  else if (type === greTypes.wccp) network.found(4, byteAt(bytes, start) >> 4 === 4 ? start : start + 4);
  else if (type === greTypes.erspan && !(flags & greFlags.sequence)) scanBridged(network, bytes, start, limit);
  else if (type === greTypes.erspan || type === greTypes.erspan3) scanErspan(network, bytes, start, limit);
  else if (type > largestLength) scanEtherType(network, bytes, type, start, limit);
}

/** Source routes, up to an empty one. */
function behindRoutes(bytes: Uint8Array, from: number, limit: number): number {
  for (let at = from; limit - at >= 4; ) {
    const length = byteAt(bytes, at + 3);
    const isLast = shortAt(bytes, at) === 0 && length === 0;
    at += 4 + length;
    if (isLast) return at;
  }
  return limit;
}

/** Mirrored frames: types II and III tell themselves apart by their version. */
function scanErspan(network: Network, bytes: Uint8Array, at: number, limit: number): void {
  const version = byteAt(bytes, at) >> 4;
  if (version === 1) scanBridged(network, bytes, at + 8, limit);
  else if (version === 2 && limit - at >= 12)
    scanBridged(network, bytes, at + (byteAt(bytes, at + 11) & 1 ? 20 : 12), limit);
}

type Carrier = (network: Network, bytes: Uint8Array, at: number, limit: number) => void;

/** What the ports of UDP tunnels carry. */
const carriers = new Map<number, Carrier>([
  [1701, scanL2tp],
  [2152, scanGtp],
  [3544, scanTeredo],
  // VXLAN (RFC 7348), and its generic extension.
  [4789, (network, bytes, at, limit) => scanBridged(network, bytes, at + 8, limit)],
  [4790, scanGeneric],
  // LISP (RFC 6830), MPLS (RFC 7510).
  [4341, (network, bytes, at, limit) => at + 8 < limit && scanVersion(network, bytes, at + 8)],
  [6635, scanMpls],
  [6081, scanGeneve],
  [37008, scanTzsp],
]);
/** Ports below have users of their own, who are asked first. */
const wellKnown = 1024;

/** The lower port counts first, whichever direction it is. */
function scanUdp(network: Network, bytes: Uint8Array, at: number, limit: number): void {
  const length = shortAt(bytes, at + 4);
  if (length < 8) return;
  network.end = Math.min(network.end, at + length);
  const [one, other] = [shortAt(bytes, at), shortAt(bytes, at + 2)];
  const lower = Math.min(one, other);
  if (lower < wellKnown) return;
  const carrier = carriers.get(lower) ?? carriers.get(Math.max(one, other));
  const inside = Math.min(limit, network.end);
  if (inside - at >= 16) carrier?.(network, bytes, at + 8, inside);
}

const scanVersion = (network: Network, bytes: Uint8Array, at: number): void =>
  network.found(byteAt(bytes, at) >> 4, at);

/** RFC 8926. */
function scanGeneve(network: Network, bytes: Uint8Array, at: number, limit: number): void {
  const start = at + 8 + (byteAt(bytes, at) & 0x3f) * 4;
  if (start < limit) scanEtherType(network, bytes, shortAt(bytes, at + 2), start, limit);
}

/** Numbers of what follows, as VXLAN-GPE and NSH (RFC 8300) share them. */
function scanGeneric(network: Network, bytes: Uint8Array, at: number, limit: number): void {
  const next = byteAt(bytes, at + 3);
  const start = at + 8;
  if (next === 1 || next === 2) network.found(next === 1 ? 4 : 6, start);
  else if (next === 3) scanBridged(network, bytes, start, limit);
  else if (next === 4) scanEtherType(network, bytes, etherTypes.nsh, start, limit);
  else if (next === 5) scanMpls(network, bytes, start, limit);
}

/** RFC 4380: an IPv6 packet, behind what says who sent it and where it came from. */
function scanTeredo(network: Network, bytes: Uint8Array, from: number, limit: number): void {
  let at = from;
  if (limit - at >= 13 && shortAt(bytes, at) === 1) at += 13 + byteAt(bytes, at + 2) + byteAt(bytes, at + 3);
  if (limit - at >= 8 && shortAt(bytes, at) === 0) at += 8;
  if (at < limit && byteAt(bytes, at) >> 4 === 6) network.found(6, at);
}

/** User data of GTP version 1 (3GPP TS 29.281), behind extension headers. */
function scanGtp(network: Network, bytes: Uint8Array, at: number, limit: number): void {
  const flags = byteAt(bytes, at);
  if (flags >> 4 !== 3 || byteAt(bytes, at + 1) !== 0xff) return;
  let start = at + 8;
  if (flags & 7) start += 4;
  if (flags & 4)
    while (start < limit && byteAt(bytes, start - 1) !== 0) {
      const units = byteAt(bytes, start);
      if (units === 0) return;
      start += 4 * units;
    }
  if (start < limit) scanVersion(network, bytes, start);
}

/** Data messages of version 2 (RFC 2661). */
function scanL2tp(network: Network, bytes: Uint8Array, at: number, limit: number): void {
  const flags = shortAt(bytes, at);
  if (flags & 0x8000 || (flags & 15) !== 2) return;
  let start = at + 6;
  if (flags & 0x4000) start += 2;
  if (flags & 0x0800) start += 4;
  if (flags & 0x0200 && start + 2 <= limit) start += 2 + shortAt(bytes, start);
  scanPpp(network, bytes, start, limit);
}

/** TaZmen: mirrored Ethernet frames behind a list of tags. */
function scanTzsp(network: Network, bytes: Uint8Array, from: number, limit: number): void {
  if (shortAt(bytes, from + 2) !== 1) return;
  for (let at = from + 4; at < limit; ) {
    const tag = byteAt(bytes, at);
    if (tag === 1) return scanBridged(network, bytes, at + 1, limit);
    at += tag === 0 || at + 1 >= limit ? 1 : 2 + byteAt(bytes, at + 1);
  }
}
