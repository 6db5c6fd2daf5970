import { expect, it } from 'vitest';
import { linkTypes } from '../capture-frame.ts';
import { FrameRecord } from '../frame-record.ts';
import { HeaderScan } from './header-scan.ts';
import { kinds, type Segment } from './segment.ts';

const be16 = (value: number): number[] => [value >> 8, value & 255];
const v6 = (last: number): number[] => [0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last];
/** 1000 > 2000, with `options`, and five bytes. */
const tcp = (options: number[] = []): number[] => [
  ...[3, 232, 7, 208, 0, 0, 0, 1, 0, 0, 0, 1, (5 + options.length / 4) << 4, 16, 1, 0, 0, 0, 0, 0],
  ...options,
  ...[1, 2, 3, 4, 5],
];
const ip4 = (payload: number[], protocol = 6, options: number[] = [], pieces = 0): number[] => [
  ...[0x45 + options.length / 4, 0, ...be16(20 + options.length + payload.length), 0, 9, ...be16(pieces)],
  ...[64, protocol, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2],
  ...options,
  ...payload,
];
const ip6 = (payload: number[], next = 6, length = payload.length): number[] => [
  ...[0x60, 0, 0, 0, ...be16(length), next, 64],
  ...v6(1),
  ...v6(2),
  ...payload,
];
const ethernet = (type: number, payload: number[]): number[] => [
  ...Array<number>(12).fill(2),
  ...be16(type),
  ...payload,
];

function reader(linkType: number = linkTypes.raw): (bytes: number[], wireLength?: number) => Segment {
  const scan = new HeaderScan();
  const record = Object.assign(new FrameRecord(), { linkType });
  return (bytes, wireLength = bytes.length) =>
    scan.read(Uint8Array.from(bytes), Object.assign(record, { end: bytes.length, wireLength }));
}

const read = (bytes: number[], linkType?: number): Segment => reader(linkType)(bytes);
const destination = (segment: Segment): string =>
  ((segment.addresses[segment.family === 4 ? 4 : 7] as number) >>> 0).toString(16);

it('takes the last address of a source route that is not used up for the destination', () => {
  const routed = (pointer: number) => read(ip4(tcp(), 6, [137, 11, pointer, 192, 0, 2, 8, 192, 0, 2, 7, 1]));
  expect([4, 8, 12, 5].map((pointer) => destination(routed(pointer)))).toEqual([
    'c0000207',
    'c0000207',
    'c0000202',
    'c0000202',
  ]);
  expect(read(ip4(tcp(), 6, [131, 2, 1, 1])).kind, 'too short for its pointer').toBe(kinds.none);
});

it('takes the last destination that a routing header names', () => {
  const routed = (type: number, left: number, ...more: number[]) =>
    read(ip6([6, 4, type, left, 1, 0, 0, 0, ...v6(0x80), ...v6(0x81), ...more, ...tcp()], 43));
  expect(destination(routed(0, 1))).toBe('81');
  expect(destination(routed(2, 1))).toBe('80');
  expect(destination(routed(4, 1)), 'segments: the last comes first').toBe('80');
  expect(destination(routed(4, 0)), 'it has arrived').toBe('2');
  expect(read(ip6([6, 2, 4, 1, 9, 0, 0, 0, ...v6(1), ...tcp()], 43)).kind, 'a list beyond the header').toBe(kinds.none);
});

it('takes the home address for the source, and reads extension headers behind IPv4 too', () => {
  const home = read(ip6([6, 2, 1, 2, 0, 0, 0xc9, 16, ...v6(0x4d), ...tcp()], 60));
  expect([home.kind, home.addresses[3]]).toEqual([kinds.segment, 0x4d]);
  expect(read(ip4([6, 0, 1, 4, 0, 0, 0, 0, ...tcp()], 60)).length).toBe(5);
  expect(read(ip4([6, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, ...tcp()], 51)).length, 'authentication').toBe(5);
});

it('reads no segment where IPv6 tells no length, or a mobility header', () => {
  expect(read(ip6(tcp(), 6, 0)).kind).toBe(kinds.none);
  expect(read(ip6([6, 0, 0xc2, 4, 0, 0, 0, 33, ...tcp()], 0, 0)).kind, 'a small jumbogram').toBe(kinds.none);
  expect(read(ip6([6, 0, 0, 0, 0, 0, 0, 0, ...tcp()], 135)).kind).toBe(kinds.none);
});

it('reads a jumbogram', () => {
  const payload = [6, 0, 0xc2, 4, 0, 1, 0, 0, ...tcp(), ...Array<number>(0x1_0000 - 33).fill(7)];
  expect(read(ip6(payload, 0, 0)).length).toBe(0x1_0000 - 28);
});

it('looks into Ethernet in IP, MPLS in IP, and IPv6 in IP', () => {
  expect(read(ip4([0x30, 0, ...ethernet(0x0800, ip4(tcp()))], 97)).length).toBe(5);
  expect(read(ip4([0, 1, 0x11, 64, ...ip4(tcp())], 137)).length).toBe(5);
  expect(read(ip4(ip6(tcp()), 4)).family).toBe(6);
});

const udp = (source: number, port: number, payload: number[], length = 8 + payload.length): number[] =>
  ip4([...be16(source), ...be16(port), ...be16(length), 0, 0, ...payload], 17);
const vxlan = [8, 0, 0, 0, 0, 0, 9, 0, ...ethernet(0x0800, ip4(tcp()))];

it.each<[string, number[]]>([
  ['VXLAN', udp(50_000, 4789, vxlan)],
  ['VXLAN, its port at the sender', udp(4789, 50_000, vxlan)],
  ['VXLAN-GPE', udp(50_000, 4790, [12, 0, 0, 1, 0, 0, 9, 0, ...ip4(tcp())])],
  ['Geneve with options', udp(50_000, 6081, [1, 0, 8, 0, 0, 0, 9, 0, 1, 1, 1, 0, ...ip4(tcp())])],
  ['GTP with an extension', udp(2152, 2152, [0x34, 255, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0x85, 1, 0, 1, 0, ...ip4(tcp())])],
  ['L2TP', udp(1701, 1701, [0, 2, 0, 1, 0, 1, 255, 3, 0, 0x21, ...ip4(tcp())])],
  ['Teredo behind an origin', udp(3544, 50_000, [0, 0, 1, 2, 3, 4, 5, 6, ...ip6(tcp())])],
  ['MPLS in UDP', udp(50_000, 6635, [0, 1, 0x11, 64, ...ip4(tcp())])],
  ['TZSP', udp(50_000, 37_008, [1, 0, 0, 1, 0, 10, 1, 5, 1, ...ethernet(0x0800, ip4(tcp()))])],
  ['PPTP', ip4([0x30, 1, 0x88, 0x0b, 0, 0, 0, 1, 0, 0, 0, 1, 255, 3, 0, 0x21, ...ip4(tcp())], 47)],
  ['GRE with source routes', ip4([0x40, 0, 8, 0, 0, 0, 0, 0, 8, 0, 0, 4, 1, 2, 3, 4, 0, 0, 0, 0, ...ip4(tcp())], 47)],
  ['WCCP', ip4([0, 0, 0x88, 0x3e, 0, 0, 0, 0, ...ip4(tcp())], 47)],
  ['ERSPAN I', ip4([0, 0, 0x88, 0xbe, ...ethernet(0x0800, ip4(tcp()))], 47)],
  ['ERSPAN II', ip4([16, 0, 0x88, 0xbe, 0, 0, 0, 1, 16, 1, 0, 1, 0, 0, 0, 1, ...ethernet(0x0800, ip4(tcp()))], 47)],
  ['IPv6 announced as IPv4', ip4([0, 0, 8, 0, ...ip6(tcp())], 47)],
])('looks into %s', (_, packet) => expect(read(packet)).toMatchObject({ kind: kinds.segment, length: 5 }));

it('looks no further than a UDP header says, and leaves ports below 1024 to their owners', () => {
  expect(read(udp(50_000, 4789, vxlan, 40)).kind).toBe(kinds.none);
  expect(read(udp(50_000, 4789, vxlan, 7)).kind).toBe(kinds.none);
  expect(read(udp(53, 4789, vxlan)).kind).toBe(kinds.none);
});

it('reads what an ICMP error quotes of a tunnel, and what a redirect of IPv6 holds in its option', () => {
  const error = (quoted: number[]) => ip4([3, 3, 0, 0, 0, 0, 0, 0, ...quoted], 1);
  expect(read(error(udp(50_000, 4789, vxlan))).kind).toBe(kinds.quoted);
  expect(read(error(ip4([0, 0, 8, 0, ...ip4(tcp())], 47))).kind).toBe(kinds.quoted);
  expect(read(error(error(ip4(tcp())))).kind).toBe(kinds.quoted);
  expect(read(error(ip4(tcp(), 6, [], 0x2000))).kind, 'a piece waits for the others').toBe(kinds.none);
  const redirect = [
    137,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    ...v6(3),
    ...v6(4),
    4,
    10,
    0,
    0,
    0,
    0,
    0,
    0,
    ...ip6(tcp()),
    0,
    0,
    0,
    0,
    0,
    0,
    0,
  ];
  expect(read(ip6(redirect, 58)).kind).toBe(kinds.quoted);
  expect(read(ip4([5, 0, 0, 0, 0, 0, 0, 0, ...ip4(tcp())], 1)).kind, 'a redirect of IPv4').toBe(kinds.none);
});

it.each<[string, number, number[]]>([
  ['OpenBSD’s raw IP', 14, []],
  ['Cisco HDLC', 104, [15, 0, 8, 0]],
  ['Cisco HDLC announced as PPP', 9, [15, 0, 8, 0]],
  ['frame relay', 107, [0x18, 0x41, 3, 0xcc]],
  ['BSD’s enc', 109, [2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
  ['pflog', 117, [61, 2, ...Array<number>(62).fill(0)]],
  ['802.11', 105, [8, 0, ...Array<number>(22).fill(0), 0xaa, 0xaa, 3, 0, 0, 0, 8, 0]],
  [
    'radiotap, with QoS',
    127,
    [0, 0, 8, 0, 0, 0, 0, 0, 0x88, ...Array<number>(25).fill(0), 0xaa, 0xaa, 3, 0, 0, 0, 8, 0],
  ],
  ['PPI over Ethernet', 192, [0, 0, 8, 0, 1, 0, 0, 0, ...ethernet(0x0800, [])]],
  ['nflog', 239, [2, 0, 0, 0, 49, 0, 9, 0]],
  ['an EtherType as a family', 0, [0, 8, 0, 0]],
  ['a provider’s instance tag', 1, ethernet(0x88e7, [0, 0, 0, 1, ...ethernet(0x0800, [])])],
  ['a service chain', 1, ethernet(0x894f, [0, 2, 2, 3, 0, 0, 1, 255, ...ethernet(0x0800, [])])],
  ['a redundant ring', 1, ethernet(0x892f, [0xa0, 0x40, 0, 1, 8, 0])],
])('reads IP under %s', (_, link, head) => expect(read([...head, ...ip4(tcp())], link)).toMatchObject({ length: 5 }));

it('leaves the frame check sequence out, where the file tells of one and behind FabricPath', () => {
  const scan = new HeaderScan();
  const length = (bytes: number[], checkLength: number, linkType: number = linkTypes.ethernet) => {
    const record = Object.assign(new FrameRecord(), {
      linkType,
      end: bytes.length,
      wireLength: bytes.length,
      checkLength,
    });
    return scan.read(Uint8Array.from(bytes), record).length;
  };
  const frame = ethernet(0x0800, ip4(tcp()));
  expect([0, 2, 4].map((check) => length(frame, check))).toEqual([5, 3, 1]);
  expect(length([...frame, 9, 9, 9, 9], 4)).toBe(5);
  expect(length(ip4(tcp()), 4, linkTypes.raw)).toBe(5);
  const fabric = [...Array<number>(12).fill(2), 0x89, 3, 0x40, 0x20, ...frame];
  expect(length(fabric, 0)).toBe(1);
  expect(length([...fabric, 9, 9, 9, 9], 0)).toBe(5);
});

it('ends a packet where the length of PPPoE or IEEE 802.3 ends it', () => {
  const packet = ip4(tcp());
  const pppoe = (length: number) => [0x11, 0, 0, 1, ...be16(length), 0, 0x21, ...packet];
  expect(read(ethernet(0x8864, pppoe(packet.length + 2)), linkTypes.ethernet).length).toBe(5);
  expect(read(ethernet(0x8864, pppoe(packet.length)), linkTypes.ethernet).length).toBe(3);
  const llc = [0xaa, 0xaa, 3, 0, 0, 0, 8, 0, ...packet];
  expect(read(ethernet(llc.length - 1, llc), linkTypes.ethernet).length).toBe(4);
  expect(read(ethernet(1501, llc), linkTypes.ethernet).kind, 'neither a length nor a type').toBe(kinds.none);
});

it('reads IEEE 802.2 in cooked captures, where small types have meanings of their own', () => {
  const cooked = (type: number, payload: number[]) =>
    read([...Array<number>(14).fill(0), ...be16(type), ...payload], linkTypes.linuxSll);
  expect(cooked(4, [0xaa, 0xaa, 3, 0, 0, 0, 8, 0, ...ip4(tcp())]).length).toBe(5);
  expect(cooked(4, [6, 6, 3, ...ip4(tcp())]).length).toBe(5);
  expect(cooked(3, ethernet(0x0800, ip4(tcp()))).length).toBe(5);
  expect(cooked(90, [0xaa, 0xaa, 3, 0, 0, 0, 8, 0, ...ip4(tcp())]).kind).toBe(kinds.none);
});

it('puts fragments together whatever VLAN each came through, and whatever was read before', () => {
  const see = reader(linkTypes.ethernet);
  const whole = tcp();
  see(ethernet(0x86dd, ip6(tcp())));
  expect(see(ethernet(0x8100, [0, 7, 8, 0, ...ip4(whole.slice(0, 16), 6, [], 0x2000)])).kind).toBe(kinds.none);
  see(
    ethernet(
      0x86dd,
      ip6(tcp()).map((byte, index) => (index > 8 && index < 38 ? 9 : byte)),
    ),
  );
  expect(see(ethernet(0x0800, ip4(whole.slice(16), 6, [], 2))).length).toBe(5);
});

it('knows whether all was captured of a TCP header that counts', () => {
  const whole = (options: number[], captured: number) =>
    reader()(ip4(tcp(options)).slice(0, 20 + captured), 45 + options.length).whole;
  expect(whole([1, 1, 1, 1], 24)).toBe(true);
  expect(whole([1, 1, 1, 1], 23)).toBe(false);
  expect(whole([1, 1, 3, 3, 7, 1, 1, 1], 24), 'cut within an option').toBe(false);
  expect(whole([99, 1, 1, 1, 1, 1, 1, 1], 22), 'the list goes wrong before').toBe(true);
  expect(whole([99, 77, 1, 1, 1, 1, 1, 1], 26), 'an option beyond the header').toBe(true);
  expect(whole([99, 77, 1, 1, 1, 1, 1, 1], 25)).toBe(false);
  expect(whole([0, 0, 0, 0, 0, 0, 0, 0], 26), 'the padding is looked at').toBe(false);
});

it('knows the greeting of VNC', () => {
  const greets = (text: string): boolean => read(ip4([...tcp().slice(0, -5), ...Buffer.from(text)])).greets;
  expect(['RFB 003.008\n', 'rfb 004.001\n'].map(greets)).toEqual([true, true]);
  expect(['RFB 003.008\r', 'RFB 003.008', 'RFBx003.008\n', 'SSH 003.008\n'].map(greets)).toEqual(Array(4).fill(false));
});
