// Headers under IP: Ethernet with VLAN tags, Linux cooked captures, loopback; and ARP beside it.

import { decimal, etherNames, type Header, hex, ipv4, mac, type Next, named } from './header.ts';

/** IEEE 802.3, with the tags of 802.1Q and 802.1ad. */
export function ethernet(header: Header): Next {
  header.take('destination', 6, mac);
  header.take('source', 6, mac);
  let type = header.take('type', 2, named(etherNames, 4));
  while (type === 0x8100 || type === 0x88a8 || type === 0x9100) {
    header.take('id', 2, (tag) => `VLAN ${tag & 0xfff}`);
    type = header.take('type', 2, named(etherNames, 4));
  }
  return { kind: 'ether', type };
}

/** LINKTYPE_LINUX_SLL. */
export function cooked(header: Header): Next {
  header.take('type', 2, decimal);
  header.take(undefined, 2, decimal);
  header.take('length', 2, decimal);
  header.take('source', 8, mac);
  return { kind: 'ether', type: header.take('protocol', 2, named(etherNames, 4)) };
}

/** LINKTYPE_LINUX_SLL2. */
export function cooked2(header: Header): Next {
  const type = header.take('protocol', 2, named(etherNames, 4));
  header.take(undefined, 8, decimal);
  header.take('type', 1, decimal);
  header.take('length', 1, decimal);
  header.take('source', 8, mac);
  return { kind: 'ether', type };
}

/** Four bytes of address family, in whichever byte order: 2 is IPv4 everywhere. */
export function loopback(header: Header): Next {
  const family = header.take('type', 4, (value) => String(value > 0xffff ? value / 0x1000000 : value));
  return { kind: 'ether', type: family === 2 || family === 0x2000000 ? 0x0800 : 0x86dd };
}

/** RFC 826, for IPv4 over Ethernet. */
export function arp(header: Header): Next {
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
