// Finds the IP header of a frame under Ethernet, VLAN tags, Linux cooked headers, loopback or nothing at all.

import { linkTypes } from '../capture-frame.ts';
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
} as const;
/** Up to here it is the length of an IEEE 802.3 frame; what is between is neither. */
const largestLength = 1500;
const smallestEtherType = 0x0600;
/** Linux's own numbers in cooked headers: a whole Ethernet frame; IEEE 802.2. */
const cooked = { ethernet: 3, llc: 4 } as const;

/** Of IEEE 802.2: for IP, and for SNAP on both sides. */
const serviceAccess = { ip: 0x06, snap: 0xaaaa } as const;

/** IPv6 has another number on every system: Linux, NetBSD, FreeBSD, macOS. */
const inet6 = new Set([10, 24, 28, 30]);

/** Where the network layer starts and what it is; refilled for every frame. */
export class Network {
  /** 4, 6, 0 for what is neither. */
  family = 0;
  at = 0;
  /** Where the packet ends by what its link says. */
  end = 0;
}

/** `end` is the frame's. Leaves `network.family` 0 where there is no IP header, or none that was captured. */
export function scanLink(
  network: Network,
  linkType: number,
  bytes: Uint8Array,
  start: number,
  limit: number,
  end: number,
): void {
  network.family = 0;
  network.end = end;
  switch (linkType) {
    case linkTypes.ethernet:
      if (limit - start >= 14) scanEtherType(network, bytes, shortAt(bytes, start + 12), start + 14, limit);
      break;
    case linkTypes.linuxSll:
      if (limit - start >= 16) scanCooked(network, bytes, shortAt(bytes, start + 14), start + 16, limit);
      break;
    case linkTypes.linuxSll2:
      if (limit - start >= 20) scanCooked(network, bytes, shortAt(bytes, start), start + 20, limit);
      break;
    case linkTypes.null:
    case linkTypes.loop:
      if (limit - start >= 4) scanLoopback(network, linkType, bytes, start);
      break;
    case linkTypes.raw:
    case linkTypes.ipv4:
    case linkTypes.ipv6:
      if (limit > start) found(network, byteAt(bytes, start) >> 4, start);
      break;
    case linkTypes.ppp:
      scanPpp(network, bytes, start, limit);
      break;
    case linkTypes.ipOverInfiniband:
      if (limit - start >= 44) scanEtherType(network, bytes, shortAt(bytes, start + 40), start + 44, limit);
  }
}

function scanCooked(network: Network, bytes: Uint8Array, type: number, at: number, limit: number): void {
  if (type >= smallestEtherType) scanEtherType(network, bytes, type, at, limit);
  else if (type === cooked.llc) scanLlc(network, bytes, at, limit);
  else if (type === cooked.ethernet && limit - at >= 14)
    scanEtherType(network, bytes, shortAt(bytes, at + 12), at + 14, limit);
}

function found(network: Network, family: number, at: number): void {
  network.family = family === 4 || family === 6 ? family : 0;
  network.at = at;
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
  if (type === etherTypes.ipv4) found(network, 4, at);
  else if (type === etherTypes.ipv6) found(network, 6, at);
  else if (type === etherTypes.mpls || type === etherTypes.mplsMulticast) scanMpls(network, bytes, at, limit);
  else if (type === etherTypes.pppoe) scanPppoe(network, bytes, at, limit);
}

/** RFC 2516: its length counts, where it is not larger than the frame. */
function scanPppoe(network: Network, bytes: Uint8Array, at: number, limit: number): void {
  if (limit - at < 6) return;
  network.end = Math.min(network.end, at + 6 + shortAt(bytes, at + 4));
  scanPpp(network, bytes, at + 6, limit);
}

/** Labels up to the bottom of the stack (RFC 3032); what is below is told by its first four bits. */
function scanMpls(network: Network, bytes: Uint8Array, from: number, limit: number): void {
  for (let at = from; limit - at > 4; at += 4)
    if (byteAt(bytes, at + 2) & 1) return found(network, byteAt(bytes, at + 4) >> 4, at + 4);
}

/** The protocol of a PPP frame (RFC 1661), in one byte or two, behind address and control where they are there. */
function scanPpp(network: Network, bytes: Uint8Array, from: number, limit: number): void {
  if (limit - from < 4) return;
  const at = shortAt(bytes, from) === 0xff03 ? from + 2 : from;
  const short = byteAt(bytes, at) & 1;
  const protocol = short ? byteAt(bytes, at) : shortAt(bytes, at);
  if (protocol === 0x21) found(network, 4, at + 2 - short);
  else if (protocol === 0x57) found(network, 6, at + 2 - short);
  else if (protocol === 0x281) scanMpls(network, bytes, at + 2, limit);
}

/** IEEE 802.2: information, numbered or not, for IP itself or with a SNAP header for an EtherType (RFC 1042, 802.1H). */
function scanLlc(network: Network, bytes: Uint8Array, at: number, limit: number): void {
  if (limit - at < 4) return;
  const control = byteAt(bytes, at + 2);
  const isNumbered = (control & 1) === 0;
  if (control !== 3 && !isNumbered) return;
  const inside = at + (isNumbered ? 4 : 3);
  if (byteAt(bytes, at) === serviceAccess.ip) found(network, 4, inside);
  else if (shortAt(bytes, at) === serviceAccess.snap && limit - inside >= 5) scanSnap(network, bytes, inside, limit);
}

function scanSnap(network: Network, bytes: Uint8Array, at: number, limit: number): void {
  if (shortAt(bytes, at) !== 0) return;
  const organisation = byteAt(bytes, at + 2);
  if (organisation === 0 || organisation === 0xf8) scanEtherType(network, bytes, shortAt(bytes, at + 3), at + 5, limit);
}

/** The address family, in the byte order of the machine that captured (null) or the network's (loop). */
function scanLoopback(network: Network, linkType: number, bytes: Uint8Array, at: number): void {
  const large = wordAt(bytes, at);
  const inOrder = linkType === linkTypes.loop || (large >>> 16 === 0 && large !== 0);
  const family = inOrder ? large : byteAt(bytes, at) | (byteAt(bytes, at + 1) << 8) | (shortAt(bytes, at + 2) << 16);
  if (family === 2) found(network, 4, at + 4);
  else if (inet6.has(family)) found(network, 6, at + 4);
}
