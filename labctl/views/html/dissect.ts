// A frame's headers as fields with their places in the bytes, for whoever looks at one packet. Bytes are hostile: what is
// short or unknown ends the list, and what is left is payload.

import { type Field, Header, type Layer, type Next } from './headers/header.ts';
import { internet4, internet6 } from './headers/internet.ts';
import { arp, cooked, cooked2, ethernet, loopback } from './headers/link.ts';
import { icmp, tcp, udp } from './headers/transport.ts';

export type { Field, FieldName, Layer } from './headers/header.ts';

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
