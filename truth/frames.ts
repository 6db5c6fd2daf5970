// Builds frames: TCP in IPv4 or IPv6 under any link, fragments of datagrams, and ICMP errors that quote.

export interface TcpHead {
  sourcePort: number;
  destinationPort: number;
  seq: number;
  ack: number;
  flags: number;
  window: number;
  options: number[];
  length: number;
}

export interface Addresses {
  family: 4 | 6;
  source: number[];
  destination: number[];
}

const be16 = (value: number): number[] => [(value >> 8) & 0xff, value & 0xff];
const be32 = (value: number): number[] => [value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];

export const concat = (...parts: (readonly number[] | Uint8Array)[]): Uint8Array => {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};

export const protocols = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58 } as const;

/** Options must fill a multiple of four bytes. */
export function tcpSegment(head: TcpHead): Uint8Array {
  const words = (20 + head.options.length) / 4;
  const fixed = [
    ...be16(head.sourcePort),
    ...be16(head.destinationPort),
    ...be32(head.seq),
    ...be32(head.ack),
    words << 4,
    head.flags,
    ...be16(head.window),
    ...be32(0),
  ];
  return concat(fixed, head.options, new Uint8Array(head.length).fill(120));
}

export interface Piece {
  id: number;
  offset: number;
  more: boolean;
}

function ipv4Packet({ source, destination }: Addresses, protocol: number, payload: Uint8Array, piece?: Piece) {
  const flags = piece ? (piece.offset >> 3) | (piece.more ? 0x2000 : 0) : 0x4000;
  const head = [0x45, 0, ...be16(20 + payload.length), ...be16(piece?.id ?? 0), ...be16(flags), 64, protocol, 0, 0];
  return concat(head, source, destination, payload);
}

function ipv6Packet({ source, destination }: Addresses, protocol: number, payload: Uint8Array, piece?: Piece) {
  const extension = piece ? [protocol, 0, ...be16(piece.offset | (piece.more ? 1 : 0)), ...be32(piece.id)] : [];
  const head = [0x60, 0, 0, 0, ...be16(extension.length + payload.length), piece ? 44 : protocol, 64];
  return concat(head, source, destination, extension, payload);
}

export const ipPacket = (addresses: Addresses, protocol: number, payload: Uint8Array, piece?: Piece): Uint8Array =>
  (addresses.family === 4 ? ipv4Packet : ipv6Packet)(addresses, protocol, payload, piece);

/** The datagram in pieces of at most `size` bytes, a multiple of eight. */
export function fragments(addresses: Addresses, payload: Uint8Array, id: number, size: number): Uint8Array[] {
  const made: Uint8Array[] = [];
  for (let offset = 0; offset < payload.length; offset += size) {
    const piece = { id, offset, more: offset + size < payload.length };
    made.push(ipPacket(addresses, protocols.tcp, payload.subarray(offset, offset + size), piece));
  }
  return made;
}

/** An error (destination unreachable) from the destination's side that quotes the beginning of a packet. */
export function icmpError(addresses: Addresses, quoted: Uint8Array, length: number): Uint8Array {
  const { family, source, destination } = addresses;
  const back = { family, source: destination, destination: source };
  const message = concat(family === 4 ? [3, 1] : [1, 0], [0, 0, 0, 0, 0, 0], quoted.subarray(0, length));
  return ipPacket(back, family === 4 ? protocols.icmp : protocols.icmpv6, message);
}

export type LinkName = 'ethernet' | 'vlan' | 'qinq' | 'sll' | 'sll2' | 'null' | 'loop' | 'raw';
export const linkNames: readonly LinkName[] = ['ethernet', 'vlan', 'qinq', 'sll', 'sll2', 'null', 'loop', 'raw'];

const linkNumber: Record<LinkName, number> = {
  ethernet: 1,
  vlan: 1,
  qinq: 1,
  sll: 113,
  sll2: 276,
  null: 0,
  loop: 108,
  raw: 101,
};
export const linkTypeOf = (link: LinkName): number => linkNumber[link];

const macs = [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1];

/** Loopback and raw links know no EtherTypes: what is neither IPv4 nor IPv6 is the first to them. */
export function framed(link: LinkName, type: number, packet: Uint8Array): Uint8Array {
  const etherType = be16(type);
  const family = type === 0x86dd ? 6 : 4;
  const heads: Record<LinkName, number[]> = {
    ethernet: [...macs, ...etherType],
    vlan: [...macs, 0x81, 0, 0, 5, ...etherType],
    qinq: [...macs, 0x88, 0xa8, 0, 6, 0x81, 0, 0, 5, ...etherType],
    sll: [0, 0, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0, ...etherType],
    sll2: [...etherType, 0, 0, 0, 0, 0, 2, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0],
    null: [family === 4 ? 2 : 24, 0, 0, 0],
    loop: [0, 0, 0, family === 4 ? 2 : 24],
    raw: [],
  };
  return concat(heads[link], packet);
}
