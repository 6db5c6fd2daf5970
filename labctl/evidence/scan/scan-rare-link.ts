// Finds the IP header under links that few captures have: PPP on serial lines, FDDI, wireless, and what firewalls log.

import { byteAt, shortAt } from './bytes.ts';
import { type Network, scanBridged, scanEtherType, scanLlc, scanLoopbackFamily, scanPpp } from './scan-types.ts';

const types = {
  tokenRing: 6,
  fddi: 10,
  atm: 11,
  ppp: 9,
  pppSerial: 50,
  atmRfc1483: 100,
  ciscoHdlc: 104,
  wireless: 105,
  frameRelay: 107,
  enc: 109,
  pflog: 117,
  fibreChannel: 122,
  radiotap: 127,
  ip1394: 138,
  juniperEthernet: 178,
  nflog: 239,
  infiniband: 242,
} as const;

const little = (bytes: Uint8Array, at: number): number => byteAt(bytes, at) | (byteAt(bytes, at + 1) << 8);

/** For link types that `scanLink` does not know itself; `network.family` stays 0 where nothing is found. */
export function scanRareLink(network: Network, linkType: number, bytes: Uint8Array, at: number, limit: number): void {
  if (limit - at < 16) return;
  switch (linkType) {
    case types.ppp:
    case types.pppSerial:
    case types.ciscoHdlc:
      return scanSerial(network, bytes, at, limit);
    case types.infiniband:
      return limit - at >= 44 ? scanEtherType(network, bytes, shortAt(bytes, at + 40), at + 44, limit) : undefined;
    case types.ip1394:
      return limit - at > 18 ? scanEtherType(network, bytes, shortAt(bytes, at + 16), at + 18, limit) : undefined;
    case types.fddi:
      return scanLlc(network, bytes, at + 13, limit);
    case types.tokenRing:
      return scanLlc(network, bytes, at + 14, limit);
    case types.fibreChannel:
      return scanLlc(network, bytes, at + 16, limit);
    case types.atm:
    case types.atmRfc1483:
      return scanLlc(network, bytes, at, limit);
    case types.enc:
      return scanLoopbackFamily(network, bytes, at, at + 12, limit);
    case types.pflog:
      return scanPflog(network, bytes, at, limit);
    case types.juniperEthernet:
      return scanJuniper(network, bytes, at, limit);
    case types.nflog:
      return scanNflog(network, bytes, at, limit);
    case types.frameRelay:
      return scanFrameRelay(network, bytes, at);
    case types.wireless:
      return scanWireless(network, bytes, at, limit);
    case types.radiotap:
      return scanWireless(network, bytes, at + little(bytes, at + 2), limit);
  }
}

/** Cisco HDLC has an EtherType behind an address that PPP does not use. */
function scanSerial(network: Network, bytes: Uint8Array, at: number, limit: number): void {
  const address = byteAt(bytes, at);
  if (address === 0x0f || address === 0x8f) scanEtherType(network, bytes, shortAt(bytes, at + 2), at + 4, limit);
  else scanPpp(network, bytes, at, limit);
}

/** OpenBSD's packet filter: its header tells its length, rounded up to a multiple of four. */
function scanPflog(network: Network, bytes: Uint8Array, at: number, limit: number): void {
  const start = at + ((byteAt(bytes, at) + 3) & ~3);
  if (start < limit) network.found(byteAt(bytes, at + 1) === 2 ? 4 : 6, start);
}

/** Linux netfilter's: attributes, each padded to four bytes; the packet is number 9. */
function scanNflog(network: Network, bytes: Uint8Array, from: number, limit: number): void {
  for (let at = from + 4; limit - at >= 4; ) {
    const length = little(bytes, at);
    if (length < 4) return;
    if (little(bytes, at + 2) === 9) {
      network.end = Math.min(network.end, at + length);
      return network.found(byteAt(bytes, from) === 2 ? 4 : 6, at + 4);
    }
    at += (length + 3) & ~3;
  }
}

/** Juniper's own header in front of an Ethernet frame: a magic number, flags, and extensions where one tells so. */
function scanJuniper(network: Network, bytes: Uint8Array, at: number, limit: number): void {
  const flags = byteAt(bytes, at + 3);
  const hasFrame = (flags & 2) === 0;
  if (hasFrame) scanBridged(network, bytes, at + (flags & 0x80 ? 6 + shortAt(bytes, at + 4) : 4), limit);
}

/** Two bytes of address, then RFC 2427. */
function scanFrameRelay(network: Network, bytes: Uint8Array, at: number): void {
  if (byteAt(bytes, at + 2) !== 3) return;
  const next = byteAt(bytes, at + 3);
  if (next === 0xcc || next === 0x8e) network.found(next === 0xcc ? 4 : 6, at + 4);
}

/** IEEE 802.11 data that is not encrypted: the header is longer between bridges and with QoS. */
function scanWireless(network: Network, bytes: Uint8Array, at: number, limit: number): void {
  if (limit - at < 34) return;
  const [control, flags] = [byteAt(bytes, at), byteAt(bytes, at + 1)];
  const isData = (control & 0x0c) === 8 && (control & 0x40) === 0;
  if (!isData || flags & 0x40) return;
  const between = (flags & 3) === 3 ? 6 : 0;
  const quality = control & 0x80 ? (flags & 0x80 ? 6 : 2) : 0;
  scanLlc(network, bytes, at + 24 + between + quality, limit);
}
