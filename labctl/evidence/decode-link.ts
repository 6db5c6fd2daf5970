// Decodes what lies under IP: Ethernet with VLAN tags, Linux cooked captures, loopback and raw IP; and ARP beside it.

import { ipv4Text } from './address-text.ts';
import { linkTypes, noLink } from './capture-frame.ts';
import { decodeIpv4, decodeIpv6 } from './decode-ip.ts';
import { type Decoding, giveUp, hasHeader, payloadFrom } from './layer.ts';
import { littleEndian, u8, u16, u32 } from './octets.ts';

const etherTypes = {
  ipv4: 0x0800,
  arp: 0x0806,
  vlan: 0x8100,
  ipv6: 0x86dd,
  serviceVlan: 0x88a8,
  oldServiceVlan: 0x9100,
} as const;
/** Smaller values are the length of an IEEE 802.3 frame. */
const smallestEtherType = 0x0600;

const hexOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const hex = (bytes: Uint8Array, at: number): string => hexOfByte[u8(bytes, at)] ?? '';

/** An Ethernet address: every frame has two, so this is written out. */
const macText = (b: Uint8Array, at: number): string =>
  `${hex(b, at)}:${hex(b, at + 1)}:${hex(b, at + 2)}:${hex(b, at + 3)}:${hex(b, at + 4)}:${hex(b, at + 5)}`;

/** An address of a cooked capture: up to eight bytes, none on loopback of some systems. */
const linkAddressText = (bytes: Uint8Array, at: number, length: number): string =>
  Array.from({ length: Math.min(length, 8) }, (_, i) => hex(bytes, at + i)).join(':');

/** Chooses the first layer by the capture's link type. */
export function decodeLink(decoding: Decoding, linkType: number): void {
  switch (linkType) {
    case linkTypes.ethernet:
      return decodeEthernet(decoding);
    case linkTypes.linuxSll:
      return decodeSll(decoding);
    case linkTypes.linuxSll2:
      return decodeSll2(decoding);
    case linkTypes.null:
    case linkTypes.loop:
      return decodeLoopback(decoding);
    case linkTypes.raw:
    case linkTypes.ipv4:
    case linkTypes.ipv6:
      return decodeRaw(decoding);
    case noLink:
      return giveUp(decoding, 'link', 0, 'a record of the file that is no packet');
    default:
      return giveUp(decoding, 'link', 0, `link type ${linkType} is not known`);
  }
}

function decodeEthernet(decoding: Decoding): void {
  if (!hasHeader(decoding, 'ethernet', 0, 14)) return;
  const { packet, bytes } = decoding;
  packet.link = { destination: macText(bytes, 0), source: macText(bytes, 6), etherType: u16(bytes, 12) };
  decodeTagged(decoding, u16(bytes, 12), 14);
}

/** Steps over VLAN tags, one (IEEE 802.1Q) or several (802.1ad): `link.etherType` is what the innermost one announces. */
function decodeTagged(decoding: Decoding, outer: number, start: number): void {
  let [etherType, at] = [outer, start];
  while (
    etherType === etherTypes.vlan ||
    etherType === etherTypes.serviceVlan ||
    etherType === etherTypes.oldServiceVlan
  ) {
    if (!hasHeader(decoding, 'vlan', at, 4)) return;
    etherType = u16(decoding.bytes, at + 2);
    at += 4;
  }
  if (decoding.packet.link) decoding.packet.link.etherType = etherType;
  decodeEtherType(decoding, etherType, at);
}

function decodeEtherType(decoding: Decoding, etherType: number, at: number): void {
  if (etherType === etherTypes.ipv4) return decodeIpv4(decoding, at);
  if (etherType === etherTypes.ipv6) return decodeIpv6(decoding, at);
  if (etherType === etherTypes.arp) return decodeArp(decoding, at);
  const name = `0x${etherType.toString(16).padStart(4, '0')}`;
  return giveUp(
    decoding,
    'link',
    at,
    etherType < smallestEtherType ? 'an IEEE 802.3 frame' : `EtherType ${name} is not decoded`,
  );
}

/** LINKTYPE_LINUX_SLL: what `tcpdump -i any` wrote before libpcap 1.10.2; the receiver's address is not in it. */
function decodeSll(decoding: Decoding): void {
  if (!hasHeader(decoding, 'linux-sll', 0, 16)) return;
  const { packet, bytes } = decoding;
  packet.link = { source: linkAddressText(bytes, 6, u16(bytes, 4)), destination: '', etherType: u16(bytes, 14) };
  decodeTagged(decoding, u16(bytes, 14), 16);
}

/** LINKTYPE_LINUX_SLL2: the protocol first, then the interface's index. */
function decodeSll2(decoding: Decoding): void {
  if (!hasHeader(decoding, 'linux-sll2', 0, 20)) return;
  const { packet, bytes } = decoding;
  packet.link = { source: linkAddressText(bytes, 12, u8(bytes, 11)), destination: '', etherType: u16(bytes, 0) };
  decodeTagged(decoding, u16(bytes, 0), 20);
}

/** AF_INET is 2 everywhere; AF_INET6 differs by system (10 Linux, 24 and 28 BSD, 30 macOS). */
const ipv6Families = new Set([10, 24, 28, 30]);

/** Four bytes of address family: in the byte order of the capturing machine (null) or the network's (loop). */
function decodeLoopback(decoding: Decoding): void {
  if (!hasHeader(decoding, 'loopback', 0, 4)) return;
  const family = Math.min(u32(decoding.bytes, 0), littleEndian.u32(decoding.bytes, 0));
  if (family === 2) return decodeIpv4(decoding, 4);
  if (ipv6Families.has(family)) return decodeIpv6(decoding, 4);
  return giveUp(decoding, 'loopback', 4, `address family ${family} is not decoded`);
}

function decodeRaw(decoding: Decoding): void {
  if (!hasHeader(decoding, 'ip', 0, 1)) return;
  const version = u8(decoding.bytes, 0) >> 4;
  if (version === 4) return decodeIpv4(decoding, 0);
  if (version === 6) return decodeIpv6(decoding, 0);
  return giveUp(decoding, 'ip', 0, `IP version ${version}`);
}

const operations = ['other', 'request', 'reply'] as const;

/** ARP for IPv4 over Ethernet (RFC 826); other pairs of hardware and protocol are left undecoded. */
function decodeArp(decoding: Decoding, at: number): void {
  if (!hasHeader(decoding, 'arp', at, 28)) return;
  const { packet, bytes } = decoding;
  if (u16(bytes, at + 2) !== etherTypes.ipv4 || u16(bytes, at + 4) !== 0x0604) {
    return giveUp(decoding, 'arp', at, 'not IPv4 over Ethernet');
  }
  packet.arp = {
    operation: operations[u16(bytes, at + 6)] ?? 'other',
    senderAddress: ipv4Text(bytes, at + 14),
    targetAddress: ipv4Text(bytes, at + 24),
  };
  // What follows is Ethernet's padding.
  decoding.end = at + 28;
  payloadFrom(decoding, at + 28);
}
