// What may lie around a TCP segment besides a plain IP header: options, extension headers, tunnels, labels, padding.

import { concat } from './frames.ts';
import type { Random } from './random.ts';

/** A packet and the EtherType that announces it. */
export interface Wrapped {
  etherType: number;
  bytes: Uint8Array;
}

const be16 = (value: number): number[] => [(value >> 8) & 0xff, value & 0xff];
const familyOf = (packet: Uint8Array): 4 | 6 => ((packet[0] as number) >> 4 === 4 ? 4 : 6);
const etherTypeOf = (packet: Uint8Array): number => (familyOf(packet) === 4 ? 0x0800 : 0x86dd);
const macs = [2, 0, 0, 0, 0, 4, 2, 0, 0, 0, 0, 3];
const someV6 = (last: number): number[] => [0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last];

/** IPv4 options, each a multiple of four bytes: none, security, record route, source routes, timestamp, router alert. */
const options4: number[][] = [
  [1, 1, 1, 1],
  [0, 0, 0, 0],
  [130, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
  [7, 7, 4, 0, 0, 0, 0, 1],
  [131, 7, 4, 192, 0, 2, 9, 1],
  [131, 7, 8, 192, 0, 2, 9, 1],
  [137, 11, 4, 192, 0, 2, 8, 192, 0, 2, 7, 1],
  [68, 8, 5, 0, 0, 0, 0, 0],
  [148, 4, 0, 0],
  [99, 4, 1, 2],
  [99, 44, 1, 2],
  [99, 1, 1, 2],
];

function withOptions4(packet: Uint8Array, random: Random): Uint8Array {
  const options = random.pick(options4);
  const head = packet.slice(0, 20);
  head[0] = 0x45 + options.length / 4;
  head.set(be16(packet.length + options.length), 2);
  return concat(head, options, packet.subarray(20));
}

/** Extension headers; the first byte is filled in: hop-by-hop, destination, routing, authentication, a whole fragment. */
const extensions: { type: number; bytes: number[] }[] = [
  { type: 0, bytes: [0, 0, 5, 2, 0, 0, 1, 0] },
  { type: 0, bytes: [0, 0, 1, 4, 0, 0, 0, 0] },
  { type: 60, bytes: [0, 1, 1, 4, 0, 0, 0, 0, 1, 6, 0, 0, 0, 0, 0, 0] },
  { type: 60, bytes: [0, 2, 1, 2, 0, 0, 0xc9, 16, ...someV6(77)] },
  { type: 43, bytes: [0, 2, 0, 1, 0, 0, 0, 0, ...someV6(88)] },
  { type: 43, bytes: [0, 2, 0, 0, 0, 0, 0, 0, ...someV6(88)] },
  { type: 43, bytes: [0, 2, 2, 1, 0, 0, 0, 0, ...someV6(89)] },
  { type: 43, bytes: [0, 4, 4, 1, 1, 0, 0, 0, ...someV6(90), ...someV6(91)] },
  { type: 43, bytes: [0, 4, 4, 0, 1, 0, 0, 0, ...someV6(90), ...someV6(91)] },
  { type: 43, bytes: [0, 0, 99, 1, 0, 0, 0, 0] },
  { type: 51, bytes: [0, 4, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] },
  { type: 44, bytes: [0, 0, 0, 0, 0, 0, 0, 9] },
  { type: 135, bytes: [59, 0, 0, 0, 0, 0, 0, 0] },
];

function withExtension(packet: Uint8Array, random: Random): Uint8Array {
  const { type, bytes } = random.pick(extensions);
  const head = packet.slice(0, 40);
  const inserted = Uint8Array.from(bytes);
  inserted[0] = head[6] as number;
  head[6] = type;
  head.set(be16(packet.length - 40 + bytes.length), 4);
  return concat(head, inserted, packet.subarray(40));
}

/** IP around any payload, of either family. */
function outer(protocol: number, payload: Uint8Array, random: Random): Uint8Array {
  const [from, to] = random.chance(50) ? [101, 102] : [102, 101];
  if (random.chance(70)) {
    const head = [0x45, 0, ...be16(20 + payload.length), 0, 1, 0x40, 0, 64, protocol, 0, 0];
    return concat(head, [198, 51, 100, from, 198, 51, 100, to], payload);
  }
  const head = [0x60, 0, 0, 0, ...be16(payload.length), protocol, 64];
  return concat(head, someV6(from), someV6(to), payload);
}

const udp = (port: number, payload: Uint8Array, from = 40_000): Uint8Array =>
  concat(be16(from), be16(port), be16(8 + payload.length), [0, 0], payload);

const ethernet = ({ etherType, bytes }: Wrapped): Uint8Array => concat(macs, be16(etherType), bytes);
const plain = (bytes: Uint8Array): Wrapped => ({ etherType: etherTypeOf(bytes), bytes });

/** GRE (RFC 2784, RFC 2890) with what its flags announce. */
function gre(type: number, payload: Uint8Array, random: Random): Uint8Array {
  const flags = random.pick([0, 0, 0x8000, 0x2000, 0x1000, 0xb000]);
  const words = ((flags >> 15) & 1) + ((flags >> 13) & 1) + ((flags >> 12) & 1);
  return concat(be16(flags), be16(type), new Uint8Array(4 * words).fill(7), payload);
}

const mpls = (labels: number, payload: Uint8Array): Uint8Array =>
  concat(...Array.from({ length: labels }, (_, index) => [0, 1, index === labels - 1 ? 0x11 : 0x10, 64]), payload);

function quoting(packet: Uint8Array, random: Random): Wrapped {
  const quoted = packet.subarray(0, random.pick([28, 40, 60, 2000]));
  const is4 = familyOf(packet) === 4;
  return plain(outer(is4 ? 1 : 58, concat([is4 ? random.pick([3, 5, 11]) : 1, 0, 0, 0, 0, 0, 0, 0], quoted), random));
}

/** A kind of tunnel, or of label, that packets of a conversation may go through. */
const tunnels: ((packet: Uint8Array, random: Random) => Wrapped)[] = [
  (packet, random) => plain(outer(familyOf(packet) === 4 ? 4 : 41, packet, random)),
  (packet, random) => plain(outer(47, gre(etherTypeOf(packet), packet, random), random)),
  (packet, random) => plain(outer(47, gre(0x6558, ethernet(plain(packet)), random), random)),
  (packet, random) => plain(outer(17, udp(4789, concat([8, 0, 0, 0, 0, 0, 9, 0], ethernet(plain(packet)))), random)),
  (packet, random) =>
    plain(outer(17, udp(6081, concat([0, 0, 0x65, 0x58, 0, 0, 9, 0], ethernet(plain(packet)))), random)),
  (packet, random) =>
    plain(outer(17, udp(6081, concat([1, 0, 0x65, 0x58, 0, 0, 9, 0, 1, 1, 1, 0], ethernet(plain(packet)))), random)),
  (packet, random) =>
    plain(outer(17, udp(40_000, concat([8, 0, 0, 0, 0, 0, 9, 0], ethernet(plain(packet))), 4789), random)),
  (packet, random) =>
    plain(outer(17, udp(4790, concat([12, 0, 0, familyOf(packet) === 4 ? 1 : 2, 0, 0, 9, 0], packet)), random)),
  (packet, random) =>
    plain(outer(17, udp(2152, concat([0x30, 255], be16(packet.length), [0, 0, 0, 7], packet), 2152), random)),
  (packet, random) => plain(outer(17, udp(6635, mpls(1 + random.below(2), packet)), random)),
  (packet, random) =>
    plain(
      outer(17, udp(1701, concat([0, 2, 0, 1, 0, 1, 255, 3, 0, familyOf(packet) === 4 ? 33 : 87], packet)), random),
    ),
  (packet, random) => plain(outer(47, concat([0, 0, 0x88, 0xbe], ethernet(plain(packet))), random)),
  (packet) => ({ etherType: 0x88e7, bytes: concat([0, 0, 0, 1], ethernet(plain(packet))) }),
  (packet) => ({ etherType: 0x892f, bytes: concat([0xa0, 0x40, 0, 1], be16(etherTypeOf(packet)), packet) }),
  // An ICMP error of the other end that quotes it, through a tunnel or not.
  (packet, random) => quoting(packet, random),
  (packet, random) => quoting(outer(47, gre(etherTypeOf(packet), packet, random), random), random),
  (packet, random) => ({ etherType: 0x8847, bytes: mpls(1 + random.below(3), packet) }),
  (packet) => ({
    etherType: 0x8864,
    bytes: concat([0x11, 0, 0, 1], be16(packet.length + 2), [0, familyOf(packet) === 4 ? 0x21 : 0x57], packet),
  }),
  (packet) => ({ etherType: 0x8100, bytes: concat([0, 7], be16(etherTypeOf(packet)), packet) }),
  (packet) => ({
    etherType: packet.length + 8,
    bytes: concat([0xaa, 0xaa, 3, 0, 0, 0], be16(etherTypeOf(packet)), packet),
  }),
];

/** The packet with options, with up to two extension headers, without a length, in a tunnel, padded; or as it is. */
export function wrapped(packet: Uint8Array, random: Random): Wrapped {
  let bytes = packet;
  const family = familyOf(packet);
  if (random.chance(30)) bytes = family === 4 ? withOptions4(bytes, random) : withExtension(bytes, random);
  if (family === 6 && random.chance(10)) bytes = withExtension(bytes, random);
  if (random.chance(2)) bytes = withoutLength(bytes, family);
  const whole = random.chance(30) ? random.pick(tunnels)(bytes, random) : plain(bytes);
  return random.chance(20) ? { ...whole, bytes: concat(whole.bytes, new Uint8Array(1 + random.below(9))) } : whole;
}

/** As segmentation offload leaves it. */
function withoutLength(packet: Uint8Array, family: 4 | 6): Uint8Array {
  const copy = packet.slice();
  copy.set([0, 0], family === 4 ? 2 : 4);
  return copy;
}
