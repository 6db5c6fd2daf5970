// A TCP segment as plain numbers, refilled for every frame: what the analysis needs, and no more.

/** What the latest frame held: no TCP, a segment, or the head of one that an ICMP error quotes. */
export const kinds = { none: 0, segment: 1, quoted: 2 } as const;

export class Segment {
  kind = 0;
  /** 1-based, as Wireshark counts. */
  frame = 0;
  seconds = 0;
  nanoseconds = 0;
  /** Bytes of the frame on the wire. */
  wireLength = 0;
  /** 4 or 6. */
  family = 0;
  /** Source address in four words, destination address behind it. Of an IPv4 address the first word counts. */
  readonly addresses = new Int32Array(8);
  sourcePort = 0;
  destinationPort = 0;
  /** As 32-bit integers with a sign: differences count, and these need no object. */
  seq = 0;
  ack = 0;
  flags = 0;
  window = 0;
  headerLength = 0;
  /** Payload bytes by the IP header's word; -1 where that cannot be told (a fragment, a header that is wrong). */
  length = 0;
  /** -1: not offered. */
  windowScale = -1;
  /** So many MPTCP options are the first of the list; those behind are of earlier segments. */
  mptcp = 0;
  readonly mptcpOptions: Uint8Array[] = [];
  /** The payload is how VNC begins (RFC 6143, section 7.1.1): `RFB 003.008` and a line feed. */
  greets = false;
  /** The header was captured to its end, and is sound. */
  whole = true;
}
