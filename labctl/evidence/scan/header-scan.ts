// From a frame's bytes to its TCP segment as numbers: link, IP, fragments put together, ICMP errors looked into.

import type { FrameRecord } from '../frame-record.ts';
import { byteAt, shortAt, wordAt } from './bytes.ts';
import { Fragments } from './fragments.ts';
import { Network, scanEtherType, scanLink } from './scan-link.ts';
import { scanTcp } from './scan-tcp.ts';
import { kinds, Segment } from './segment.ts';

const protocol = {
  icmp: 1,
  ipv4: 4,
  tcp: 6,
  udp: 17,
  ipv6: 41,
  fragment: 44,
  gre: 47,
  authentication: 51,
  icmpv6: 58,
} as const;
/** Ports of UDP tunnels that carry Ethernet: VXLAN (RFC 7348), Geneve (RFC 8926). */
const tunnelPorts = { vxlan: 4789, geneve: 6081 } as const;
/** Tunnels in tunnels: more than this is no capture of a real network. */
const deepest = 8;
/** Types that quote the packet they answer (RFC 792, RFC 4443). */
const quotes4 = new Set([3, 4, 5, 11, 12]);
const quotes6 = new Set([1, 2, 3, 4]);
/** Extension headers whose length in units of eight bytes stands in their second byte (RFC 8200, section 4). */
const extensions = new Set([0, 43, 60, 135, 139, 140]);

export class HeaderScan {
  readonly segment = new Segment();
  readonly #network = new Network();
  readonly #fragments = new Fragments();
  #depth = 0;

  /** Reads one frame; `segment.kind` tells what was found. Never throws, whatever the bytes. */
  read(bytes: Uint8Array, record: FrameRecord): Segment {
    const { segment } = this;
    segment.kind = kinds.none;
    segment.frame += 1;
    segment.seconds = record.seconds;
    segment.nanoseconds = record.nanoseconds;
    segment.wireLength = record.wireLength;
    this.#depth = 0;
    const network = this.#network;
    scanLink(network, record.linkType, bytes, record.start, record.end);
    if (network.family === 0) return segment;
    const end = record.start + Math.max(record.wireLength, record.end - record.start);
    this.#ip(network.family, bytes, network.at, end, record.end, kinds.segment);
    return segment;
  }

  #ip(family: number, bytes: Uint8Array, at: number, end: number, limit: number, kind: number): void {
    if (family === 4) this.#ipv4(bytes, at, end, limit, kind);
    else this.#ipv6(bytes, at, end, limit, kind);
  }

  /** RFC 791. A total length of 0 is segmentation offload: as long as the frame. */
  #ipv4(bytes: Uint8Array, at: number, outerEnd: number, outerLimit: number, kind: number): void {
    if (outerLimit - at < 20) return;
    const headerLength = (byteAt(bytes, at) & 0x0f) * 4;
    if (byteAt(bytes, at) >> 4 !== 4 || headerLength < 20) return;
    const total = shortAt(bytes, at + 2);
    if (total !== 0 && total < headerLength) return;
    const end = total === 0 ? outerEnd : Math.min(outerEnd, at + total);
    const limit = Math.min(outerLimit, end);
    const { segment } = this;
    segment.family = 4;
    segment.addresses[0] = wordAt(bytes, at + 12);
    segment.addresses[4] = wordAt(bytes, at + 16);
    const pieces = shortAt(bytes, at + 6);
    const start = at + headerLength;
    const next = byteAt(bytes, at + 9);
    if ((pieces & 0x3fff) === 0) return this.#transport(next, bytes, start, end, limit, kind, false);
    const offset = (pieces & 0x1fff) * 8;
    const more = (pieces & 0x2000) !== 0;
    const id = shortAt(bytes, at + 4);
    this.#fragment(next, bytes, start, at + total, limit, kind, id, offset, more);
  }

  /** RFC 8200. */
  #ipv6(bytes: Uint8Array, at: number, outerEnd: number, outerLimit: number, kind: number): void {
    if (outerLimit - at < 40 || byteAt(bytes, at) >> 4 !== 6) return;
    const payload = shortAt(bytes, at + 4);
    const end = payload === 0 ? outerEnd : Math.min(outerEnd, at + 40 + payload);
    const limit = Math.min(outerLimit, end);
    const { segment } = this;
    segment.family = 6;
    for (let i = 0; i < 8; i += 1) segment.addresses[i] = wordAt(bytes, at + 8 + 4 * i);
    let next = byteAt(bytes, at + 6);
    let start = at + 40;
    while (limit - start >= 8) {
      if (next === protocol.fragment) {
        const pieces = shortAt(bytes, start + 2);
        next = byteAt(bytes, start);
        const id = wordAt(bytes, start + 4);
        start += 8;
        if ((pieces & 0xfff9) === 0) continue;
        const claimed = payload === 0 ? outerEnd : at + 40 + payload;
        return this.#fragment(next, bytes, start, claimed, limit, kind, id, pieces & 0xfff8, (pieces & 1) === 1);
      }
      const units = byteAt(bytes, start + 1);
      const length = extensions.has(next) ? (units + 1) * 8 : next === protocol.authentication ? (units + 2) * 4 : 0;
      if (length === 0) break;
      next = byteAt(bytes, start);
      start += length;
    }
    this.#transport(next, bytes, start, end, limit, kind, false);
  }

  /** A piece that was captured whole waits for the others; else the first one shows at least the ports. */
  #fragment(
    next: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    limit: number,
    kind: number,
    id: number,
    offset: number,
    more: boolean,
  ): void {
    if (end > limit || kind === kinds.quoted) {
      if (offset === 0 && this.segment.family === 4) this.#transport(next, bytes, start, end, limit, kind, true);
      return;
    }
    const { family, addresses } = this.segment;
    // As Wireshark tells datagrams apart: of IPv6 by the identification alone, of IPv4 by VLAN and protocol as well.
    const key = `${family === 6 ? '' : `${this.#network.vlan} ${next}`} ${id} ${addresses.join(' ')}`;
    const whole = this.#fragments.add(key, bytes.subarray(start, end), offset, more);
    if (whole) this.#transport(next, whole, 0, whole.length, whole.length, kind, false);
  }

  #transport(
    next: number,
    bytes: Uint8Array,
    at: number,
    end: number,
    limit: number,
    kind: number,
    fragment: boolean,
  ): void {
    if (next === protocol.tcp) return scanTcp(this.segment, bytes, at, end, limit, kind, fragment);
    if (kind === kinds.quoted || fragment || limit - at < 8) return;
    if (next === protocol.icmp && quotes4.has(byteAt(bytes, at))) this.#ip(4, bytes, at + 8, end, limit, kinds.quoted);
    else if (next === protocol.icmpv6 && quotes6.has(byteAt(bytes, at)))
      this.#ip(6, bytes, at + 8, end, limit, kinds.quoted);
    else this.#tunnel(next, bytes, at, end, limit);
  }

  /** IP in IP (RFC 2003, RFC 4213), GRE (RFC 2784), and Ethernet in UDP. */
  #tunnel(next: number, bytes: Uint8Array, at: number, end: number, limit: number): void {
    if (next === protocol.ipv4) this.#inner(4, bytes, at, end, limit);
    else if (next === protocol.ipv6) this.#inner(6, bytes, at, end, limit);
    else if (next === protocol.gre) this.#gre(bytes, at, end, limit);
    else if (next === protocol.udp) this.#udpTunnel(bytes, at, end, limit);
  }

  #inner(family: number, bytes: Uint8Array, at: number, end: number, limit: number): void {
    if (family === 0 || this.#depth >= deepest) return;
    this.#depth += 1;
    this.#ip(family, bytes, at, end, limit, kinds.segment);
  }

  /** Four bytes each for a checksum, a key and a sequence number, where the flags tell of them. */
  #gre(bytes: Uint8Array, at: number, end: number, limit: number): void {
    const flags = shortAt(bytes, at);
    if ((flags & 7) !== 0) return;
    const optional = ((flags >> 15) & 1) + ((flags >> 13) & 1) + ((flags >> 12) & 1);
    const start = at + 4 + 4 * optional;
    const type = shortAt(bytes, at + 2);
    if (type === 0x6558) this.#bridged(bytes, start, end, limit);
    else this.#announced(type, bytes, start, end, limit);
  }

  #udpTunnel(bytes: Uint8Array, at: number, end: number, limit: number): void {
    if (limit - at < 16) return;
    const port = shortAt(bytes, at + 2);
    if (port === tunnelPorts.vxlan) return this.#bridged(bytes, at + 16, end, limit);
    if (port !== tunnelPorts.geneve) return;
    const start = at + 16 + (byteAt(bytes, at + 8) & 0x3f) * 4;
    const type = shortAt(bytes, at + 10);
    if (type === 0x6558) this.#bridged(bytes, start, end, limit);
    else this.#announced(type, bytes, start, end, limit);
  }

  /** An Ethernet frame within a tunnel. */
  #bridged(bytes: Uint8Array, at: number, end: number, limit: number): void {
    if (limit - at >= 14) this.#announced(shortAt(bytes, at + 12), bytes, at + 14, end, limit);
  }

  #announced(etherType: number, bytes: Uint8Array, at: number, end: number, limit: number): void {
    const network = this.#network;
    network.family = 0;
    if (at < limit) scanEtherType(network, bytes, etherType, at, limit);
    this.#inner(network.family, bytes, network.at, end, limit);
  }
}
