// Reads IPv4 and IPv6 headers as values: of packets, and of the packets that ICMP errors quote.

import type { Ip } from '../model/packet.ts';
import { ipv4Text, ipv6Text } from './address-text.ts';
import { u8, u16 } from './octets.ts';

export interface IpHeader {
  ip: Ip;
  /** Where the transport header starts. */
  start: number;
  /** Where the packet ends by its header's length field; undefined where that is 0 (segmentation offload, jumbograms). */
  end: number | undefined;
  /** In bytes; above 0 there is no transport header. */
  fragmentOffset: number;
}

/** RFC 791, section 3.1. A text says what is wrong. `limit` is where the captured bytes end. */
export function readIpv4(bytes: Uint8Array, at: number, limit: number): IpHeader | string {
  if (limit - at < 20) return `${Math.max(0, limit - at)} of 20 header bytes`;
  const headerLength = (u8(bytes, at) & 0x0f) * 4;
  if (u8(bytes, at) >> 4 !== 4) return `version ${u8(bytes, at) >> 4}`;
  if (headerLength < 20) return `a header of ${headerLength} bytes`;
  if (limit - at < headerLength) return `${limit - at} of ${headerLength} header bytes`;
  const total = u16(bytes, at + 2);
  if (total !== 0 && total < headerLength) return `a total length of ${total} bytes`;
  const ip: Ip = {
    version: 4,
    source: ipv4Text(bytes, at + 12),
    destination: ipv4Text(bytes, at + 16),
    protocol: u8(bytes, at + 9),
    ttl: u8(bytes, at + 8),
    id: u16(bytes, at + 4),
  };
  const fragmentOffset = (u16(bytes, at + 6) & 0x1fff) * 8;
  return { ip, start: at + headerLength, end: total === 0 ? undefined : at + total, fragmentOffset };
}

/** Extension headers (RFC 8200, section 4; AH: RFC 4302) whose length stands in their second byte. */
const optionHeaders = new Set([0, 43, 60, 135, 139, 140]);
const fragmentHeader = 44;
const authenticationHeader = 51;

function extensionLength(protocol: number, bytes: Uint8Array, at: number): number | undefined {
  if (protocol === fragmentHeader) return 8;
  if (protocol === authenticationHeader) return (u8(bytes, at + 1) + 2) * 4;
  return optionHeaders.has(protocol) ? (u8(bytes, at + 1) + 1) * 8 : undefined;
}

/** RFC 8200, section 3. `ip.protocol` is the one behind the extension headers. */
export function readIpv6(bytes: Uint8Array, at: number, limit: number): IpHeader | string {
  if (limit - at < 40) return `${Math.max(0, limit - at)} of 40 header bytes`;
  if (u8(bytes, at) >> 4 !== 6) return `version ${u8(bytes, at) >> 4}`;
  const length = u16(bytes, at + 4);
  const header: IpHeader = {
    ip: {
      version: 6,
      source: ipv6Text(bytes, at + 8),
      destination: ipv6Text(bytes, at + 24),
      protocol: u8(bytes, at + 6),
      ttl: u8(bytes, at + 7),
      id: 0,
    },
    start: at + 40,
    end: length === 0 ? undefined : at + 40 + length,
    fragmentOffset: 0,
  };
  return stepOverExtensions(header, bytes, limit);
}

function stepOverExtensions(header: IpHeader, bytes: Uint8Array, limit: number): IpHeader | string {
  for (;;) {
    const { ip, start } = header;
    const length = extensionLength(ip.protocol, bytes, start);
    if (length === undefined) return header;
    if (limit - start < length) return `an extension header of ${length} bytes, cut off`;
    if (ip.protocol === fragmentHeader) header.fragmentOffset = u16(bytes, start + 2) & 0xfff8;
    ip.protocol = u8(bytes, start);
    header.start += length;
    if (header.fragmentOffset > 0) return header;
  }
}
