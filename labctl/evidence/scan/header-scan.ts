// From a frame's bytes to its TCP segment as numbers: link, IP, fragments put together, ICMP errors looked into.

import { linkTypes } from '../capture-frame.ts';
import type { FrameRecord } from '../frame-record.ts';
import { byteAt, shortAt, wordAt } from './bytes.ts';
import { Fragments } from './fragments.ts';
import { Options6, scanOptions4, scanRouting } from './ip-options.ts';
import { scanLink } from './scan-link.ts';
import { scanTcp } from './scan-tcp.ts';
import { etherTypes, Network } from './scan-types.ts';
import { kinds, Segment } from './segment.ts';
import { scanTunnel } from './tunnels.ts';

const protocol = {
  hopByHop: 0,
  icmp: 1,
  tcp: 6,
  routing: 43,
  fragment: 44,
  authentication: 51,
  icmpv6: 58,
  destination: 60,
  shim6: 140,
} as const;
const ethernetHeader = 14;
/** Tunnels in tunnels: more than this is no capture of a real network. */
const deepest = 8;
/** Types that quote the packet they answer (RFC 792, RFC 4443). */
const quotes4 = new Set([3, 4, 11, 12]);
const quotes6 = new Set([1, 2, 3, 4]);
/** Of what a redirect quotes, eight bytes are read behind the IP header. */
const redirect4 = 5;
/** RFC 4861: the packet stands in an option, behind two addresses. */
const redirect6 = 137;
const redirectedHeader = 4;
/** Extension headers whose length in units of eight bytes stands in their second byte (RFC 8200, section 4). */
const extensions = new Set<number>([protocol.hopByHop, protocol.routing, protocol.destination, protocol.shim6]);

export class HeaderScan {
  readonly segment = new Segment();
  readonly #network = new Network();
  readonly #fragments = new Fragments();
  readonly #options = new Options6();
  #depth = 0;
  /** The bytes that `view` is of. */
  #viewed: Uint8Array = new Uint8Array(0);
  #view: DataView = new DataView(this.#viewed.buffer);

  /** Reads one frame; `segment.kind` tells what was found. Never throws, whatever the bytes. */
  read(bytes: Uint8Array, record: FrameRecord): Segment {
    const { segment } = this;
    segment.kind = kinds.none;
    segment.frame += 1;
    segment.seconds = record.seconds;
    segment.nanoseconds = record.nanoseconds;
    segment.wireLength = record.wireLength;
    if (!this.#readUsual(bytes, record)) this.#readAny(bytes, record);
    return segment;
  }

  /**
   * What nearly every frame is, read without a detour: TCP in IPv4, without options or pieces, in Ethernet. False for what
   * `readAny` has to look at.
   */
  #readUsual(bytes: Uint8Array, record: FrameRecord): boolean {
    const at = record.start + ethernetHeader;
    if (record.linkType !== linkTypes.ethernet || record.checkLength !== 0 || record.end - at < 40) return false;
    const view = bytes === this.#viewed ? this.#view : this.#viewOf(bytes);
    if (view.getUint16(at - 2) !== etherTypes.ipv4 || view.getUint8(at) !== 0x45) return false;
    if ((view.getUint16(at + 6) & 0x3fff) !== 0 || view.getUint8(at + 9) !== protocol.tcp) return false;
    const total = view.getUint16(at + 2);
    if (total < 40) return false;
    const { segment } = this;
    segment.family = 4;
    segment.addresses[0] = view.getInt32(at + 12);
    segment.addresses[4] = view.getInt32(at + 16);
    const end = Math.min(at + total, record.start + Math.max(record.wireLength, record.end - record.start));
    scanTcp(segment, view, at + 20, end, Math.min(end, record.end), kinds.segment, false);
    return true;
  }

  #viewOf(bytes: Uint8Array): DataView {
    if (bytes === this.#viewed) return this.#view;
    this.#viewed = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    return this.#view;
  }

  #readAny(bytes: Uint8Array, record: FrameRecord): void {
    this.#depth = 0;
    const network = this.#network;
    const end = record.start + Math.max(record.wireLength, record.end - record.start);
    const check = record.linkType === linkTypes.ethernet ? record.checkLength : 0;
    scanLink(network, record.linkType, bytes, record.start, record.end, end - check);
    if (network.family === 0) return;
    const limit = Math.min(network.end, record.end);
    this.#ip(network.family, bytes, network.at, network.end, limit, kinds.segment);
  }

  #ip(family: number, bytes: Uint8Array, at: number, end: number, limit: number, kind: number): void {
    // What is announced as IP may be of either version.
    if (family === 4 && at < limit && byteAt(bytes, at) >> 4 === 4) this.#ipv4(bytes, at, end, limit, kind);
    else this.#ipv6(bytes, at, end, limit, kind);
  }

  /** RFC 791. A total length of 0 is segmentation offload: as long as the frame. */
  #ipv4(bytes: Uint8Array, at: number, outerEnd: number, outerLimit: number, kind: number): void {
    if (outerLimit - at < 20) return;
    const headerLength = (byteAt(bytes, at) & 0x0f) * 4;
    if (byteAt(bytes, at) >> 4 !== 4 || headerLength < 20) return;
    const total = shortAt(bytes, at + 2);
    if (total !== 0 && total < headerLength) return;
    const claimed = total === 0 ? outerEnd : at + total;
    const end = Math.min(outerEnd, claimed);
    const limit = Math.min(outerLimit, end);
    const { segment } = this;
    segment.family = 4;
    segment.addresses[0] = wordAt(bytes, at + 12);
    segment.addresses[4] = wordAt(bytes, at + 16);
    const pieces = shortAt(bytes, at + 6);
    const start = at + headerLength;
    const next = byteAt(bytes, at + 9);
    if (headerLength > 20 && !scanOptions4(segment, bytes, at + 20, start, limit)) return;
    if ((pieces & 0x3fff) === 0) return this.#upper(next, bytes, start, claimed, end, limit, kind);
    const offset = (pieces & 0x1fff) * 8;
    const more = (pieces & 0x2000) !== 0;
    const id = shortAt(bytes, at + 4);
    this.#fragment(next, bytes, start, claimed, limit, kind, id, offset, more);
  }

  /** RFC 8200. Without a length there is nothing in it, unless it is a jumbogram. */
  #ipv6(bytes: Uint8Array, at: number, outerEnd: number, outerLimit: number, kind: number): void {
    if (outerLimit - at < 40 || byteAt(bytes, at) >> 4 !== 6) return;
    const { segment } = this;
    segment.family = 6;
    for (let i = 0; i < 8; i += 1) segment.addresses[i] = wordAt(bytes, at + 8 + 4 * i);
    const next = byteAt(bytes, at + 6);
    const start = at + 40;
    const payload = shortAt(bytes, at + 4) || this.#jumbo(next, bytes, start, outerLimit);
    const end = Math.min(outerEnd, start + payload);
    this.#upper(next, bytes, start, start + payload, end, Math.min(outerLimit, end), kind);
  }

  /** RFC 2675: the length stands in a hop-by-hop option; 0 where it does not. */
  #jumbo(next: number, bytes: Uint8Array, at: number, limit: number): number {
    if (next !== protocol.hopByHop || limit - at < 8) return 0;
    const end = at + (byteAt(bytes, at + 1) + 1) * 8;
    const isRead = end <= limit && this.#options.read(this.segment, bytes, at + 2, end, limit);
    return isRead && this.#options.isJumbo ? this.#options.jumbo : 0;
  }

  /** Steps over extension headers, which may stand behind IPv4 too; `claimed` is the end that the IP header tells. */
  #upper(
    first: number,
    bytes: Uint8Array,
    from: number,
    claimed: number,
    end: number,
    limit: number,
    kind: number,
  ): void {
    let next = first;
    let start = from;
    while (next !== protocol.tcp && limit - start >= 8) {
      if (next === protocol.fragment) {
        const pieces = shortAt(bytes, start + 2);
        next = byteAt(bytes, start);
        const id = wordAt(bytes, start + 4);
        start += 8;
        if ((pieces & 0xfff9) === 0) continue;
        return this.#fragment(next, bytes, start, claimed, limit, kind, id, pieces & 0xfff8, (pieces & 1) === 1);
      }
      const length = extensionLength(next, byteAt(bytes, start + 1));
      if (length === 0) break;
      if (!this.#extension(next, bytes, start, length, limit, kind)) return;
      next = byteAt(bytes, start);
      start += length;
    }
    this.#transport(next, bytes, start, end, limit, kind, false);
  }

  /** Takes what an extension header says of the packet's ends; false where the packet cannot be read on. */
  #extension(header: number, bytes: Uint8Array, at: number, length: number, limit: number, kind: number): boolean {
    if (at + length > limit) return false;
    if (header === protocol.routing) return scanRouting(this.segment, bytes, at, length, kind !== kinds.quoted);
    if (header !== protocol.hopByHop && header !== protocol.destination) return true;
    return this.#options.read(this.segment, bytes, at + 2, at + length, limit);
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
    if (end > limit) {
      if (offset === 0 && this.segment.family === 4) this.#transport(next, bytes, start, end, limit, kind, true);
      return;
    }
    const { family, addresses } = this.segment;
    // As Wireshark tells datagrams apart: of IPv6 by the identification alone, of IPv4 by the protocol as well.
    const key = family === 6 ? `${id} ${addresses.join(' ')}` : `${id} ${next} ${addresses[0]} ${addresses[4]}`;
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
    if (next === protocol.tcp) return scanTcp(this.segment, this.#viewOf(bytes), at, end, limit, kind, fragment);
    if (fragment || limit - at < 8) return;
    if (next === protocol.icmp) return this.#icmp(bytes, at, end, limit);
    if (next === protocol.icmpv6) return this.#icmpv6(bytes, at, end, limit);
    const network = this.#network;
    scanTunnel(network, next, bytes, at, end, limit);
    if (network.family !== 0)
      this.#inner(network.family, bytes, network.at, network.end, Math.min(network.end, limit), kind);
  }

  #icmp(bytes: Uint8Array, at: number, end: number, limit: number): void {
    const type = byteAt(bytes, at);
    if (quotes4.has(type)) return this.#inner(4, bytes, at + 8, end, limit, kinds.quoted);
    if (type !== redirect4 || limit - at <= 8) return;
    const quoted = at + 8 + (byteAt(bytes, at + 8) & 15) * 4 + 8;
    this.#inner(4, bytes, at + 8, end, Math.min(limit, quoted), kinds.quoted);
  }

  #icmpv6(bytes: Uint8Array, at: number, end: number, limit: number): void {
    const type = byteAt(bytes, at);
    if (quotes6.has(type)) this.#inner(6, bytes, at + 8, end, limit, kinds.quoted);
    if (type !== redirect6) return;
    for (let option = at + 40; limit - option >= 8; ) {
      const length = byteAt(bytes, option + 1) * 8;
      if (length === 0) return;
      if (byteAt(bytes, option) === redirectedHeader)
        return this.#inner(
          6,
          bytes,
          option + 8,
          Math.min(end, option + length),
          Math.min(limit, option + length),
          kinds.quoted,
        );
      option += length;
    }
  }

  #inner(family: number, bytes: Uint8Array, at: number, end: number, limit: number, kind: number): void {
    if (this.#depth >= deepest) return;
    this.#depth += 1;
    this.#ip(family, bytes, at, end, limit, kind);
  }
}

/** In bytes; 0 for what is no extension header. */
const extensionLength = (kind: number, units: number): number => {
  if (extensions.has(kind)) return (units + 1) * 8;
  return kind === protocol.authentication ? (units + 2) * 4 : 0;
};
