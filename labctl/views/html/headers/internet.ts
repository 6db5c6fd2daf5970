// Headers of IP, versions 4 and 6.

import { decimal, type Header, hex, ipv4, ipv6, mac, type Next, named, protocolNames } from './header.ts';

/** RFC 791, section 3.1. */
export function internet4(header: Header): Next {
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
export function internet6(header: Header): Next {
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
