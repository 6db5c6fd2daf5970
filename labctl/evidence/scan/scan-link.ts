// Finds the IP header of a frame under Ethernet, VLAN tags, Linux cooked headers, loopback or nothing at all.

import { linkTypes } from '../capture-frame.ts';
import { byteAt, shortAt, wordAt } from './bytes.ts';

const ether = {
  ipv4: 0x0800,
  ipv6: 0x86dd,
  vlan: 0x8100,
  serviceVlan: 0x88a8,
  oldServiceVlan: 0x9100,
  mpls: 0x8847,
  mplsMulticast: 0x8848,
  pppoe: 0x8864,
} as const;
/** Smaller values are the length of an IEEE 802.3 frame. */
const smallestEtherType = 0x0600;

/** IPv6 has another number on every system: Linux, NetBSD, FreeBSD, macOS. */
const inet6 = new Set([10, 24, 28, 30]);

/** Where the network layer starts and what it is; refilled for every frame. */
export class Network {
  /** 4, 6, 0 for what is neither. */
  family = 0;
  at = 0;
  /** VLAN of the innermost tag; 0 without one. */
  vlan = 0;
}

/** Leaves `network.family` 0 where there is no IP header, or none that was captured. */
export function scanLink(network: Network, linkType: number, bytes: Uint8Array, start: number, limit: number): void {
  network.family = 0;
  network.vlan = 0;
  switch (linkType) {
    case linkTypes.ethernet:
      if (limit - start >= 14) scanEtherType(network, bytes, shortAt(bytes, start + 12), start + 14, limit);
      break;
    case linkTypes.linuxSll:
      if (limit - start >= 16) scanEtherType(network, bytes, shortAt(bytes, start + 14), start + 16, limit);
      break;
    case linkTypes.linuxSll2:
      if (limit - start >= 20) scanEtherType(network, bytes, shortAt(bytes, start), start + 20, limit);
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

function found(network: Network, family: number, at: number): void {
  network.family = family === 4 || family === 6 ? family : 0;
  network.at = at;
}

/** What an EtherType announces behind it: link headers step over VLAN tags first, tunnels begin here. */
export function scanEtherType(network: Network, bytes: Uint8Array, outer: number, from: number, limit: number): void {
  let type = outer;
  let at = from;
  while (type === ether.vlan || type === ether.serviceVlan || type === ether.oldServiceVlan) {
    if (limit - at < 4) return;
    network.vlan = shortAt(bytes, at) & 0xfff;
    type = shortAt(bytes, at + 2);
    at += 4;
  }
  scanNetworkType(network, bytes, type, at, limit);
  if (type < smallestEtherType) scanSnap(network, bytes, at, limit);
}

function scanNetworkType(network: Network, bytes: Uint8Array, type: number, at: number, limit: number): void {
  if (type === ether.ipv4) found(network, 4, at);
  else if (type === ether.ipv6) found(network, 6, at);
  else if (type === ether.mpls || type === ether.mplsMulticast) scanMpls(network, bytes, at, limit);
  else if (type === ether.pppoe) scanPpp(network, bytes, at + 6, limit);
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

/** IEEE 802.2 with a SNAP header for an EtherType (RFC 1042). */
function scanSnap(network: Network, bytes: Uint8Array, at: number, limit: number): void {
  if (limit - at < 8 || shortAt(bytes, at) !== 0xaaaa || byteAt(bytes, at + 2) !== 3) return;
  if (byteAt(bytes, at + 3) !== 0 || shortAt(bytes, at + 4) !== 0) return;
  const type = shortAt(bytes, at + 6);
  if (type === ether.ipv4) found(network, 4, at + 8);
  else if (type === ether.ipv6) found(network, 6, at + 8);
}

/** The address family, in the byte order of the machine that captured (null) or the network's (loop). */
function scanLoopback(network: Network, linkType: number, bytes: Uint8Array, at: number): void {
  const large = wordAt(bytes, at);
  const inOrder = linkType === linkTypes.loop || (large >>> 16 === 0 && large !== 0);
  const family = inOrder ? large : byteAt(bytes, at) | (byteAt(bytes, at + 1) << 8) | (shortAt(bytes, at + 2) << 16);
  if (family === 2) found(network, 4, at + 4);
  else if (inet6.has(family)) found(network, 6, at + 4);
}
