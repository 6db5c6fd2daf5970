// One header of a frame: its fields, read one after the other with their places, and how their values are written.

export interface Field {
  /** Key of the page's words. */
  name: FieldName;
  value: string;
  from: number;
  until: number;
}

export interface Layer {
  name: string;
  from: number;
  until: number;
  fields: Field[];
}

export type FieldName =
  | 'destination'
  | 'source'
  | 'type'
  | 'version'
  | 'headerLength'
  | 'service'
  | 'totalLength'
  | 'id'
  | 'fragment'
  | 'ttl'
  | 'protocol'
  | 'checksum'
  | 'options'
  | 'payloadLength'
  | 'flowLabel'
  | 'nextHeader'
  | 'hopLimit'
  | 'sourcePort'
  | 'destinationPort'
  | 'seq'
  | 'ack'
  | 'flags'
  | 'window'
  | 'urgent'
  | 'length'
  | 'code'
  | 'operation'
  | 'bytes';

/** What follows: by EtherType, or by IP protocol within as many bytes as the IP header promises. */
export type Next = { kind: 'ether'; type: number } | { kind: 'ip'; protocol: number; end?: number } | undefined;

/** `0x0800`. */
export const hex = (value: number, digits: number): string => `0x${value.toString(16).padStart(digits, '0')}`;

/** Reads fields one after the other; `short` once the bytes are too few. */
export class Header {
  readonly #bytes: Uint8Array;
  readonly layer: Layer;
  short = false;

  constructor(bytes: Uint8Array, name: string, from: number) {
    this.#bytes = bytes;
    this.layer = { name, from, until: from, fields: [] };
  }

  /** The number in the next bytes, most significant first; 0 where they are missing. */
  take(name: FieldName | undefined, length: number, show: (value: number, bytes: number[]) => string): number {
    const from = this.layer.until;
    if (this.short || from + length > this.#bytes.length) {
      this.short = true;
      return 0;
    }
    const bytes = Array.from(this.#bytes.subarray(from, from + length));
    const value = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
    this.layer.until += length;
    if (name) this.layer.fields.push({ name, value: show(value, bytes), from, until: from + length });
    return value;
  }
}

export const decimal = (value: number): string => String(value);
/** Octets in hexadecimal, colons between them. */
export const mac = (_value: number, bytes: number[]): string =>
  bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(':');
export const ipv4 = (_value: number, bytes: number[]): string => bytes.join('.');

/** Where the longest run of zero groups begins and ends; two at least. */
function zeroRun(groups: readonly number[]): [from: number, until: number] {
  let best: [number, number] = [0, 0];
  for (let from = 0; from < groups.length; from += 1) {
    let until = from;
    while (groups[until] === 0) until += 1;
    if (until - from > Math.max(1, best[1] - best[0])) best = [from, until];
  }
  return best;
}

/** RFC 5952: no leading zeros, the longest run of zero groups as `::`. */
export function ipv6(_value: number, bytes: number[]): string {
  const groups = Array.from({ length: 8 }, (_, index) => (bytes[index * 2] ?? 0) * 256 + (bytes[index * 2 + 1] ?? 0));
  const text = (part: number[]): string => part.map((group) => group.toString(16)).join(':');
  const [from, until] = zeroRun(groups);
  return until === 0 ? text(groups) : `${text(groups.slice(0, from))}::${text(groups.slice(until))}`;
}

export const etherNames: Record<number, string> = {
  0x0800: 'IPv4',
  0x0806: 'ARP',
  0x86dd: 'IPv6',
  0x8100: 'VLAN',
  0x88a8: 'VLAN',
};
export const protocolNames: Record<number, string> = {
  1: 'ICMP',
  6: 'TCP',
  17: 'UDP',
  58: 'ICMPv6',
  0: 'hop-by-hop',
  43: 'routing',
  44: 'fragment',
  60: 'destination options',
};
/** The name of a number where it has one, and the number. */
export const named = (names: Record<number, string>, digits: number) => (value: number) =>
  names[value] === undefined ? hex(value, digits) : `${names[value]} (${digits > 2 ? hex(value, digits) : value})`;
