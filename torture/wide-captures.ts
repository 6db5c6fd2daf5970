// Writes captures that would fill the memory of whoever keeps something for each of what they hold: a block at a time, as
// many as are asked for. Each is a head and what comes at a number.

import { closeSync, openSync, writeSync } from 'node:fs';
import { PcapngWriter } from '../labctl/evidence/pcapng-writer.ts';
import { type Addresses, concat, framed, icmpError, ipPacket, protocols, tcpSegment } from '../truth/frames.ts';

interface Wide {
  head: Uint8Array;
  at: (number: number) => Uint8Array;
}

const be16 = (value: number): number[] => [(value >> 8) & 0xff, value & 0xff];
const be32 = (value: number): number[] => [value >>> 24, ...[16, 8, 0].map((shift) => (value >> shift) & 0xff)];

/** From one of sixteen million addresses. */
const addresses = (number: number): Addresses => ({
  family: 4,
  source: [10, (number >> 16) & 0xff, (number >> 8) & 0xff, number & 0xff],
  destination: [172, 16, 0, 1],
});

const segment = (sourcePort: number, seq: number, flags: number, length: number): Uint8Array =>
  tcpSegment({ sourcePort, destinationPort: 80, seq, ack: 1, flags, window: 64_240, options: [], length });

const long = (words: readonly number[]): Uint8Array => new Uint8Array(new Uint32Array(words).buffer);
const pcapHead = concat([0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0], long([0, 0, 262_144, 1]));

/** A pcap file with one frame for each number. */
const pcap = (frame: (number: number) => Uint8Array): Wide => ({
  head: pcapHead,
  at(number) {
    const bytes = frame(number);
    const time = [1_700_000_000 + Math.floor(number / 1000), (number % 1000) * 1000];
    return concat(long([...time, bytes.length, bytes.length]), bytes);
  },
});

const ip = (number: number, protocol: number, payload: Uint8Array, id?: number): Uint8Array => {
  const piece = id === undefined ? undefined : { id, offset: 0, more: true };
  return framed('ethernet', 0x0800, ipPacket(addresses(number), protocol, payload, piece));
};

const pcapng = (at: (writer: PcapngWriter, number: number) => Uint8Array): Wide => {
  const writer = new PcapngWriter();
  const head = concat(writer.section({}), writer.interface({ name: 'eth0', linkType: 1 }));
  return { head, at: (number) => at(writer, number) };
};

const written = (bytes: Uint8Array, comment?: string) => ({
  seconds: 1_700_000_000,
  nanoseconds: 0,
  wireLength: bytes.length,
  bytes,
  ...(comment === undefined ? {} : { comment }),
});
const one = ip(1, protocols.tcp, segment(40_000, 1, 0x10, 10));
const longComment = 'x'.repeat(60_000);

/** What there is one of for each number. */
export const wideCaptures: Record<string, () => Wide> = {
  SYNs: () => pcap((number) => ip(number, protocols.tcp, segment(1024, number, 0x02, 0))),
  'segments without ACK': () => pcap((number) => ip(1, protocols.tcp, segment(1024, (number * 10) >>> 0, 0x10, 10))),
  'connections with two without ACK': () =>
    pcap((number) => ip(number >> 1, protocols.tcp, segment(1024, 1 + 10 * (number & 1), 0x10, 10))),
  'first fragments': () => pcap((number) => ip(number, protocols.udp, new Uint8Array(1400), number & 0xffff)),
  'fragments of a byte': () =>
    pcap((number) => {
      const piece = { id: 1, offset: (number * 8) % 65_528, more: true };
      return framed('ethernet', 0x0800, ipPacket(addresses(1), protocols.tcp, new Uint8Array(1), piece));
    }),
  'ARP questions': () =>
    pcap((number) => {
      const sender = [2, 0, ...be32(number), ...addresses(number).source];
      return framed('ethernet', 0x0806, concat(be16(1), [8, 0, 6, 4], be16(1), sender, new Uint8Array(10)));
    }),
  'ICMP quotes': () =>
    pcap((number) => {
      const quoted = ipPacket(addresses(number), protocols.tcp, segment(1024, number, 0x02, 0));
      return framed('ethernet', 0x0800, icmpError(addresses(number), quoted, 40));
    }),
  'UDP flows': () =>
    pcap((number) => ip(number, protocols.udp, concat(be16(1024), be16(53), be16(12), [0, 0, 1, 2, 3, 4]))),
  'IPv6 SYNs': () =>
    pcap((number) => {
      const far = [0x20, 1, 0xd, 0xb8, ...be32(number), 0, 0, 0, 0, 0, 0, 0, 2];
      const ends: Addresses = { family: 6, source: far, destination: [0x20, 1, 0xd, 0xb8, ...Array(11).fill(0), 1] };
      return framed('ethernet', 0x86dd, ipPacket(ends, protocols.tcp, segment(1024, number, 0x02, 0)));
    }),
  'one connection': () => pcap((number) => ip(1, protocols.tcp, segment(1024, (number * 600) >>> 0, 0x10, 600))),
  interfaces: () =>
    pcapng((writer, number) =>
      concat(writer.interface({ name: `eth${number}`, linkType: 1 }), writer.packet(number + 1, written(one))),
    ),
  sections: () =>
    pcapng((writer, number) =>
      concat(
        writer.section({ comment: `section ${number}` }),
        writer.interface({ name: 'eth0', linkType: 1 }),
        writer.packet(0, written(one)),
      ),
    ),
  names: () => pcapng((writer, number) => writer.names([[addresses(number).source.join('.'), `host-${number}`]])),
  'long comments': () =>
    pcapng((writer, number) => writer.packet(0, written(one, number % 500 === 0 ? longComment : undefined))),
};

/** Writes that many, and as much as fills a block of memory at a time. */
export function writeWide(path: string, { head, at }: Wide, count: number): void {
  const file = openSync(path, 'w');
  writeSync(file, head);
  for (let number = 0; number < count; ) {
    const some: Uint8Array[] = [];
    for (const end = Math.min(count, number + 1000); number < end; number += 1) some.push(at(number));
    writeSync(file, Buffer.concat(some));
  }
  closeSync(file);
}
