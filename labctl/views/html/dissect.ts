// A frame's headers as fields with their places in the bytes, for whoever looks at one packet. Bytes are hostile: what is
// short or unknown ends the list, and what is left is payload.

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
type Next = { kind: 'ether'; type: number } | { kind: 'ip'; protocol: number; end?: number } | undefined;

const hex = (value: number, digits: number): string => `0x${value.toString(16).padStart(digits, '0')}`;

/** Reads fields one after the other; `short` once the bytes are too few. */
class Header {
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

const decimal = (value: number): string => String(value);
const mac = (_value: number, bytes: number[]): string =>
  bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(':');
const ipv4 = (_value: number, bytes: number[]): string => bytes.join('.');

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
function ipv6(_value: number, bytes: number[]): string {
  const groups = Array.from({ length: 8 }, (_, index) => (bytes[index * 2] ?? 0) * 256 + (bytes[index * 2 + 1] ?? 0));
  const text = (part: number[]): string => part.map((group) => group.toString(16)).join(':');
  const [from, until] = zeroRun(groups);
  return until === 0 ? text(groups) : `${text(groups.slice(0, from))}::${text(groups.slice(until))}`;
}

const etherNames: Record<number, string> = {
  0x0800: 'IPv4',
  0x0806: 'ARP',
  0x86dd: 'IPv6',
  0x8100: 'VLAN',
  0x88a8: 'VLAN',
};
const protocolNames: Record<number, string> = {
  1: 'ICMP',
  6: 'TCP',
  17: 'UDP',
  58: 'ICMPv6',
  0: 'hop-by-hop',
  43: 'routing',
  44: 'fragment',
  60: 'destination options',
};
const named = (names: Record<number, string>, digits: number) => (value: number) =>
  names[value] === undefined ? hex(value, digits) : `${names[value]} (${digits > 2 ? hex(value, digits) : value})`;

function ethernet(header: Header): Next {
  header.take('destination', 6, mac);
  header.take('source', 6, mac);
  let type = header.take('type', 2, named(etherNames, 4));
  while (type === 0x8100 || type === 0x88a8 || type === 0x9100) {
    header.take('id', 2, (tag) => `VLAN ${tag & 0xfff}`);
    type = header.take('type', 2, named(etherNames, 4));
  }
  return { kind: 'ether', type };
}

function cooked(header: Header): Next {
  header.take('type', 2, decimal);
  header.take(undefined, 2, decimal);
  header.take('length', 2, decimal);
  header.take('source', 8, mac);
  return { kind: 'ether', type: header.take('protocol', 2, named(etherNames, 4)) };
}

function cooked2(header: Header): Next {
  const type = header.take('protocol', 2, named(etherNames, 4));
  header.take(undefined, 8, decimal);
  header.take('type', 1, decimal);
  header.take('length', 1, decimal);
  header.take('source', 8, mac);
  return { kind: 'ether', type };
}

/** Four bytes of address family, in whichever byte order: 2 is IPv4 everywhere. */
function loopback(header: Header): Next {
  const family = header.take('type', 4, (value) => String(value > 0xffff ? value / 0x1000000 : value));
  return { kind: 'ether', type: family === 2 || family === 0x2000000 ? 0x0800 : 0x86dd };
}

/** RFC 791, section 3.1. */
function internet4(header: Header): Next {
  const start = header.take('headerLength', 1, (value) => `${(value & 15) * 4} (IPv${value >> 4})`);
  header.take('service', 1, (value) => hex(value, 2));
  const total = header.take('totalLength', 2, decimal);
  header.take('id', 2, (value) => `${value} (${hex(value, 4)})`);
  header.take(
    'fragment',
    2,
    (value) => `${value & 0x4000 ? 'DF ' : ''}${value & 0x2000 ? 'MF ' : ''}${(value & 0x1fff) * 8}`,
  );
  header.take('ttl', 1, decimal);
  const protocol = header.take('protocol', 1, named(protocolNames, 2));
  header.take('checksum', 2, (value) => hex(value, 4));
  header.take('source', 4, ipv4);
  header.take('destination', 4, ipv4);
  const options = (start & 15) * 4 - 20;
  if (options > 0) header.take('options', options, mac);
  return { kind: 'ip', protocol, end: header.layer.from + total };
}

/** RFC 8200, sections 3 and 4: extension headers are stepped over. */
function internet6(header: Header): Next {
  header.take('flowLabel', 4, (value) => hex(value % 0x100000, 5));
  header.take('payloadLength', 2, decimal);
  let protocol = header.take('nextHeader', 1, named(protocolNames, 2));
  header.take('hopLimit', 1, decimal);
  header.take('source', 16, ipv6);
  header.take('destination', 16, ipv6);
  while ([0, 43, 60, 44].includes(protocol) && !header.short) {
    const next = header.take('nextHeader', 1, named(protocolNames, 2));
    const length = header.take('length', 1, decimal);
    header.take('options', protocol === 44 ? 6 : 6 + length * 8, mac);
    protocol = next;
  }
  return { kind: 'ip', protocol };
}

const flagNames = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR'];
const flagsText = (bits: number): string => flagNames.filter((_, bit) => bits & (1 << bit)).join(', ') || '-';

/** Kinds of RFC 9293, section 3.1, RFC 7323, RFC 2018, RFC 8684 and RFC 7413. */
function optionText(kind: number, body: number[]): string {
  const number = (from: number, length: number): number =>
    body.slice(from, from + length).reduce((sum, byte) => sum * 256 + byte, 0);
  if (kind === 2) return `MSS ${number(0, 2)}`;
  if (kind === 3) return `window scale ×${2 ** Math.min(14, number(0, 1))}`;
  if (kind === 4) return 'SACK permitted';
  if (kind === 5)
    return `SACK ${Array.from({ length: Math.floor(body.length / 8) }, (_, index) => `${number(index * 8, 4)}–${number(index * 8 + 4, 4)}`).join(', ')}`;
  if (kind === 8) return `timestamps ${number(0, 4)}, echo ${number(4, 4)}`;
  if (kind === 30) return 'MPTCP';
  if (kind === 34) return 'fast open';
  return `option ${kind}`;
}

function optionsText(_value: number, bytes: number[]): string {
  const found: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const [kind = 0, length = 0] = [bytes[at], bytes[at + 1]];
    if (kind === 0) break;
    if (kind === 1) at += 1;
    else if (length < 2) return [...found, '?'].join(', ');
    else {
      found.push(optionText(kind, bytes.slice(at + 2, at + length)));
      at += length;
    }
  }
  return found.join(', ') || 'NOP';
}

/** RFC 9293, section 3.1. */
function tcp(header: Header): Next {
  header.take('sourcePort', 2, decimal);
  header.take('destinationPort', 2, decimal);
  header.take('seq', 4, decimal);
  header.take('ack', 4, decimal);
  const offset = header.take('headerLength', 1, (value) => String((value >> 4) * 4));
  header.take('flags', 1, flagsText);
  header.take('window', 2, decimal);
  header.take('checksum', 2, (value) => hex(value, 4));
  header.take('urgent', 2, decimal);
  const options = (offset >> 4) * 4 - 20;
  if (options > 0) header.take('options', options, optionsText);
  return undefined;
}

function udp(header: Header): Next {
  header.take('sourcePort', 2, decimal);
  header.take('destinationPort', 2, decimal);
  header.take('length', 2, decimal);
  header.take('checksum', 2, (value) => hex(value, 4));
  return undefined;
}

function icmp(header: Header): Next {
  header.take('type', 1, decimal);
  header.take('code', 1, decimal);
  header.take('checksum', 2, (value) => hex(value, 4));
  return undefined;
}

/** RFC 826, for IPv4 over Ethernet. */
function arp(header: Header): Next {
  header.take('type', 2, decimal);
  header.take('protocol', 2, named(etherNames, 4));
  header.take('length', 2, (value) => hex(value, 4));
  header.take('operation', 2, (value) => ({ 1: 'request', 2: 'reply' })[value] ?? String(value));
  header.take('source', 6, mac);
  header.take('source', 4, ipv4);
  header.take('destination', 6, mac);
  header.take('destination', 4, ipv4);
  return undefined;
}

type Reader = [name: string, read: (header: Header) => Next];

function above(next: Next): Reader | undefined {
  if (next?.kind === 'ether')
    return (
      { 0x0800: ['IPv4', internet4], 0x86dd: ['IPv6', internet6], 0x0806: ['ARP', arp] } as Record<number, Reader>
    )[next.type];
  if (next?.kind === 'ip')
    return ({ 6: ['TCP', tcp], 17: ['UDP', udp], 1: ['ICMP', icmp], 58: ['ICMPv6', icmp] } as Record<number, Reader>)[
      next.protocol
    ];
  return undefined;
}

/** By https://www.tcpdump.org/linktypes.html; raw IP says its version in its first byte. */
function lowest(bytes: Uint8Array, linkType: number): Reader | undefined {
  const raw: Reader = (bytes[0] ?? 0) >> 4 === 6 ? ['IPv6', internet6] : ['IPv4', internet4];
  const readers: Record<number, Reader> = {
    0: ['loopback', loopback],
    1: ['Ethernet', ethernet],
    101: raw,
    108: ['loopback', loopback],
    113: ['Linux cooked', cooked],
    228: raw,
    229: raw,
    276: ['Linux cooked 2', cooked2],
  };
  return readers[linkType];
}

function rest(name: string, from: number, until: number): Layer[] {
  const fields: Field[] = [{ name: 'bytes', value: String(until - from), from, until }];
  return until > from ? [{ name, from, until, fields }] : [];
}

/** The layers of a frame in their order, then its payload, then what Ethernet filled it up with. */
export function dissect(bytes: Uint8Array, linkType: number): Layer[] {
  const layers: Layer[] = [];
  let [at, end] = [0, bytes.length];
  for (let reader = lowest(bytes, linkType); reader; ) {
    const header = new Header(bytes, reader[0], at);
    const next = reader[1](header);
    if (header.layer.fields.length > 0) layers.push(header.layer);
    at = header.layer.until;
    if (reader[0] === 'ARP') end = at;
    else if (next?.kind === 'ip' && next.end !== undefined) end = Math.max(at, Math.min(end, next.end));
    reader = header.short ? undefined : above(next);
  }
  end = Math.max(at, end);
  return [...layers, ...rest('payload', at, end), ...rest('padding', end, bytes.length)];
}
