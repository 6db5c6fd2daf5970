// Finds the IP header behind what announces it: EtherTypes and their tags, IEEE 802.2, PPP, MPLS, address families.

import { byteAt, shortAt, wordAt } from './bytes.ts';

export const etherTypes = {
  ipv4: 0x0800,
  ipv6: 0x86dd,
  vlan: 0x8100,
  serviceVlan: 0x88a8,
  oldServiceVlan: 0x9100,
  mpls: 0x8847,
  mplsMulticast: 0x8848,
  pppoe: 0x8864,
  transparentBridging: 0x6558,
  trill: 0x22f3,
  providerInstance: 0x88e7,
  fabricPath: 0x8903,
  metadata: 0x8909,
  seamlessRing: 0x892f,
  nsh: 0x894f,
} as const;
/** Up to here it is the length of an IEEE 802.3 frame; what is between is neither. */
export const largestLength = 1500;
/** Of IEEE 802.2: for IP, and for SNAP on both sides. */
const serviceAccess = { ip: 0x06, snap: 0xaaaa } as const;

/** IPv6 has another number on every system: NetBSD, FreeBSD, macOS. */
const inet6 = new Set([24, 28, 30]);

/** Where the network layer starts and what it is; refilled for every frame. */
export class Network {
  /** 4, 6, 0 for what is neither. */
  family = 0;
  at = 0;
  /** Where the packet ends by what its link says. */
  end = 0;

  found(family: number, at: number): void {
    this.family = family === 4 || family === 6 ? family : 0;
    this.at = at;
  }
}

/** What an EtherType announces behind it: link headers step over VLAN tags first, tunnels begin here. */
export function scanEtherType(network: Network, bytes: Uint8Array, outer: number, from: number, limit: number): void {
  let type = outer;
  let at = from;
  while (type === etherTypes.vlan || type === etherTypes.serviceVlan || type === etherTypes.oldServiceVlan) {
    if (limit - at < 4) return;
    type = shortAt(bytes, at + 2);
    at += 4;
  }
  if (type > largestLength) return scanNetworkType(network, bytes, type, at, limit);
  network.end = Math.min(network.end, at + type);
  scanLlc(network, bytes, at, limit);
}

function scanNetworkType(network: Network, bytes: Uint8Array, type: number, at: number, limit: number): void {
  switch (type) {
    case etherTypes.ipv4:
      return network.found(4, at);
    case etherTypes.ipv6:
      return network.found(6, at);
    case etherTypes.mpls:
    case etherTypes.mplsMulticast:
      return scanMpls(network, bytes, at, limit);
    case etherTypes.pppoe:
      return scanPppoe(network, bytes, at, limit);
    case etherTypes.transparentBridging:
      return scanBridged(network, bytes, at, limit);
    default:
      scanRareType(network, bytes, type, at, limit);
  }
}

/** Tags of switches, and frames in frames. */
function scanRareType(network: Network, bytes: Uint8Array, type: number, at: number, limit: number): void {
  if (limit - at < 8) return;
  switch (type) {
    case etherTypes.metadata:
      return scanEtherType(network, bytes, shortAt(bytes, at + 6), at + 8, limit);
    case etherTypes.seamlessRing:
      return scanEtherType(network, bytes, shortAt(bytes, at + 4), at + 6, limit);
    case etherTypes.providerInstance:
      return scanBridged(network, bytes, at + 4, limit);
    case etherTypes.fabricPath:
      return scanFabricPath(network, bytes, at, limit);
    case etherTypes.trill:
      return scanBridged(network, bytes, at + 6 + 4 * ((shortAt(bytes, at) >> 6) & 31), limit);
    case etherTypes.nsh:
      return scanNsh(network, bytes, at, limit);
  }
}

/** Cisco's: the last four bytes of the outer frame check it. */
function scanFabricPath(network: Network, bytes: Uint8Array, at: number, limit: number): void {
  network.end -= 4;
  scanBridged(network, bytes, at + 2, limit);
}

/** A whole Ethernet frame within another one, or within a tunnel. */
export function scanBridged(network: Network, bytes: Uint8Array, at: number, limit: number): void {
  if (limit - at > 14) scanEtherType(network, bytes, shortAt(bytes, at + 12), at + 14, limit);
}

/** RFC 8300: its length in words, and a number of what follows. */
function scanNsh(network: Network, bytes: Uint8Array, at: number, limit: number): void {
  const next = byteAt(bytes, at + 3);
  const start = at + 4 * (byteAt(bytes, at + 1) & 63);
  if (next === 1 || next === 2) network.found(next === 1 ? 4 : 6, start);
  else if (next === 3) scanBridged(network, bytes, start, limit);
  else if (next === 5) scanMpls(network, bytes, start, limit);
}

/** RFC 2516: its length counts, where it is not larger than the frame. */
function scanPppoe(network: Network, bytes: Uint8Array, at: number, limit: number): void {
  if (limit - at < 6) return;
  network.end = Math.min(network.end, at + 6 + shortAt(bytes, at + 4));
  scanPppProtocol(network, bytes, at + 6, limit);
}

/** Behind these there are messages on the path itself (RFC 5586, RFC 3429). */
const channelLabel = 13;
const alertLabel = 14;

/** Labels up to the bottom of the stack (RFC 3032); what is below is told by its first four bits. */
export function scanMpls(network: Network, bytes: Uint8Array, from: number, limit: number): void {
  for (let at = from; limit - at > 4; at += 4) {
    if (!(byteAt(bytes, at + 2) & 1)) continue;
    const label = (shortAt(bytes, at) << 4) | (byteAt(bytes, at + 2) >> 4);
    if (label !== channelLabel && label !== alertLabel) network.found(byteAt(bytes, at + 4) >> 4, at + 4);
    return;
  }
}

/** A PPP frame (RFC 1662): address and control where they are there. */
export function scanPpp(network: Network, bytes: Uint8Array, at: number, limit: number): void {
  if (limit - at >= 4) scanPppProtocol(network, bytes, shortAt(bytes, at) === 0xff03 ? at + 2 : at, limit);
}

/** The protocol of a PPP packet (RFC 1661), in one byte or two. */
function scanPppProtocol(network: Network, bytes: Uint8Array, at: number, limit: number): void {
  if (limit - at < 4) return;
  const short = byteAt(bytes, at) & 1;
  const protocol = short ? byteAt(bytes, at) : shortAt(bytes, at);
  if (protocol === 0x21) network.found(4, at + 2 - short);
  else if (protocol === 0x57) network.found(6, at + 2 - short);
  else if (protocol === 0x281) scanMpls(network, bytes, at + 2, limit);
}

/** IEEE 802.2: information, numbered or not, for IP itself or with a SNAP header for an EtherType (RFC 1042, 802.1H). */
export function scanLlc(network: Network, bytes: Uint8Array, at: number, limit: number): void {
  if (limit - at < 4) return;
  const control = byteAt(bytes, at + 2);
  const isNumbered = (control & 1) === 0;
  if (control !== 3 && !isNumbered) return;
  const inside = at + (isNumbered ? 4 : 3);
  if (byteAt(bytes, at) === serviceAccess.ip) network.found(4, inside);
  else if (shortAt(bytes, at) === serviceAccess.snap && limit - inside >= 5) scanSnap(network, bytes, inside, limit);
}

function scanSnap(network: Network, bytes: Uint8Array, at: number, limit: number): void {
  if (shortAt(bytes, at) !== 0) return;
  const organisation = byteAt(bytes, at + 2);
  if (organisation === 0 || organisation === 0xf8) scanEtherType(network, bytes, shortAt(bytes, at + 3), at + 5, limit);
}

/** A family of which nobody knows the byte order; the packet begins at `inside`. */
export function scanLoopbackFamily(
  network: Network,
  bytes: Uint8Array,
  at: number,
  inside: number,
  limit: number,
): void {
  const large = wordAt(bytes, at);
  const inOrder = large >>> 16 === 0 && large !== 0;
  const family = inOrder ? large : byteAt(bytes, at) | (byteAt(bytes, at + 1) << 8) | (shortAt(bytes, at + 2) << 16);
  foundFamily(network, bytes, family, inside, limit);
}

/** Numbers too large for an address family are EtherTypes. */
export function foundFamily(network: Network, bytes: Uint8Array, family: number, at: number, limit: number): void {
  if (family === 2) network.found(4, at);
  else if (inet6.has(family)) network.found(6, at);
  else if (family > largestLength && family < 0x1_0000) scanEtherType(network, bytes, family, at, limit);
}
