// Finds the IP header of a frame under Ethernet, Linux cooked headers, loopback or nothing at all; rarer links are elsewhere.

import { linkTypes } from '../capture-frame.ts';
import { byteAt, shortAt, wordAt } from './bytes.ts';
import { scanRareLink } from './scan-rare-link.ts';
import { foundFamily, type Network, scanEtherType, scanLlc, scanLoopbackFamily } from './scan-types.ts';

const smallestEtherType = 0x0600;
/** Linux's own numbers in cooked headers: a whole Ethernet frame; IEEE 802.2. */
const cooked = { ethernet: 3, llc: 4 } as const;

/** Netlink messages in a cooked capture have an address type of their own, and no EtherType. */
const netlink = 824;

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
      if (limit - start >= 16 && shortAt(bytes, start + 2) !== netlink)
        scanCooked(network, bytes, shortAt(bytes, start + 14), start + 16, limit);
      break;
    case linkTypes.linuxSll2:
      if (limit - start >= 20 && shortAt(bytes, start + 8) !== netlink)
        scanCooked(network, bytes, shortAt(bytes, start), start + 20, limit);
      break;
    case linkTypes.null:
    case linkTypes.loop:
      if (limit - start >= 4) scanLoopback(network, linkType, bytes, start, limit);
      break;
    case linkTypes.raw:
    case linkTypes.openBsdRaw:
    case linkTypes.bsdRaw:
    case linkTypes.ipv4:
      if (limit > start) network.found(byteAt(bytes, start) >> 4, start);
      break;
    case linkTypes.ipv6:
      network.found(6, start);
      break;
    case linkTypes.perPacket:
      scanPerPacket(network, bytes, start, limit, end);
      break;
    default:
      scanRareLink(network, linkType, bytes, start, limit);
  }
}

/** Per-packet information (PPI): its own length, then the type of the link behind it, the least significant byte first. */
function scanPerPacket(network: Network, bytes: Uint8Array, start: number, limit: number, end: number): void {
  if (limit - start < 8) return;
  const inside = start + byteAt(bytes, start + 2) + (byteAt(bytes, start + 3) << 8);
  const linkType = byteAt(bytes, start + 4) + (byteAt(bytes, start + 5) << 8);
  if (inside >= start + 8 && inside < limit) scanLink(network, linkType, bytes, inside, limit, end);
}

function scanCooked(network: Network, bytes: Uint8Array, type: number, at: number, limit: number): void {
  if (type >= smallestEtherType) scanEtherType(network, bytes, type, at, limit);
  else if (type === cooked.llc) scanLlc(network, bytes, at, limit);
  else if (type === cooked.ethernet && limit - at >= 14)
    scanEtherType(network, bytes, shortAt(bytes, at + 12), at + 14, limit);
}

/** The address family, in the byte order of the machine that captured (null) or the network's (loop). */
function scanLoopback(network: Network, linkType: number, bytes: Uint8Array, at: number, limit: number): void {
  if (linkType === linkTypes.loop) foundFamily(network, bytes, wordAt(bytes, at), at + 4, limit);
  else scanLoopbackFamily(network, bytes, at, at + 4, limit);
}
