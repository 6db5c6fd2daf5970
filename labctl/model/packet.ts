// A captured packet as layers of plain values, each mirroring its header; what could not be decoded is a layer too.

import type { SegmentFinding } from './tcp-analysis.ts';
import type { Micros } from './time.ts';

/** Where a packet was captured: two facts, the host and its interface. */
export interface CapturePoint {
  host: string;
  interface: string;
}

/** IPv4 (RFC 791) or IPv6 (RFC 8200) header. */
export interface Ip {
  version: 4 | 6;
  source: string;
  destination: string;
  protocol: number;
  ttl: number;
  /** IPv4 identification; 0 for IPv6. */
  id: number;
}

export interface TcpOptions {
  mss?: number;
  windowScale?: number;
  sackPermitted?: boolean;
  sack?: { left: number; right: number }[];
  timestamps?: { value: number; echo: number };
}

/** TCP header (RFC 9293, section 3.1). Sequence numbers are absolute here; relative ones belong to a conversation. */
export interface Tcp {
  sourcePort: number;
  destinationPort: number;
  seq: number;
  ack: number;
  /** The flag bits as they lie in the header: FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32, ECE 64, CWR 128. */
  flags: number;
  /** Unscaled, as on the wire. */
  window: number;
  options: TcpOptions;
  /** Bytes of payload that the IP header promises, whether captured or not. */
  length: number;
}

export interface Udp {
  sourcePort: number;
  destinationPort: number;
  /** Bytes of payload. */
  length: number;
}

/** ARP for IPv4 over Ethernet (RFC 826). */
export interface Arp {
  operation: 'request' | 'reply' | 'other';
  senderAddress: string;
  targetAddress: string;
}

/** ICMP or ICMPv6, with the flow it speaks of when it quotes one. */
export interface Icmp {
  version: 4 | 6;
  type: number;
  code: number;
  quoted?: { ip: Ip; sourcePort?: number; destinationPort?: number };
}

export interface Packet {
  /** 1-based within its file, as Wireshark numbers frames. */
  frame: number;
  point: CapturePoint;
  at: Micros;
  /** Bytes on the wire. */
  wireLength: number;
  /** Bytes kept (the snaplen cuts). */
  capturedLength: number;
  link?: { source: string; destination: string; etherType: number };
  ip?: Ip;
  tcp?: Tcp;
  udp?: Udp;
  arp?: Arp;
  icmp?: Icmp;
  /** The bytes after the last decoded header, as far as captured. */
  payload: Uint8Array;
  /** The frame from its first byte on, as far as captured, and what its first header is; packets made by hand have none. */
  bytes?: Uint8Array;
  linkType?: number;
  /** Why decoding stopped early: the layer and what was wrong with it. */
  undecoded?: { layer: string; why: string };
  /** What Wireshark's analysis finds about its segment; in captures that others made. */
  finding?: SegmentFinding;
}

export const flagBits = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32, ece: 64, cwr: 128 } as const;

/** Flags as tcpdump writes them: `S`, `S.`, `.`, `P.`, `F.`, `R`. */
export function flagText(flags: number): string {
  const letters: [number, string][] = [
    [flagBits.fin, 'F'],
    [flagBits.syn, 'S'],
    [flagBits.rst, 'R'],
    [flagBits.psh, 'P'],
    [flagBits.ack, '.'],
    [flagBits.urg, 'U'],
    [flagBits.ece, 'E'],
    [flagBits.cwr, 'W'],
  ];
  return letters.flatMap(([bit, letter]) => (flags & bit ? [letter] : [])).join('') || 'none';
}
