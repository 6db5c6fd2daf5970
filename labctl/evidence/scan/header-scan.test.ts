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
