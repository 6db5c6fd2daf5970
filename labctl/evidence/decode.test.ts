import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flagText } from '../model/packet.ts';
import { linkTypes } from './capture-frame.ts';
import { decode } from './decode.ts';
import { ascii, be16, be32, ethernet, ipv4, ipv6, join, synOptions, tcp, udp } from './sample-frames.ts';

const point = { host: 'client1', interface: 'eth0' };
const read = (bytes: Uint8Array, linkType: number = linkTypes.ethernet, wireLength = bytes.length) =>
  decode({ interface: 0, linkType, seconds: 1_700_000_000, nanoseconds: 123_456_999, wireLength, bytes }, point, 7);
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe('decode', () => {
  it('keeps frame, point, time in microseconds and both lengths', () => {
    const bytes = ethernet(0x0800, ipv4(6, tcp()));
    expect(read(bytes, 1, 1514)).toMatchObject({
      frame: 7,
      point,
      at: 1_700_000_000_123_456,
      wireLength: 1514,
      capturedLength: 54,
    });
  });

  // 192.0.2.1.40000 > 192.0.2.2.5000: Flags [S], seq 4294967295, win 64240, options [mss 1460,sackOK,TS val 123456 ecr 0,nop,wscale 7], length 0
  it('reads a SYN with its options', () => {
    const packet = read(ethernet(0x0800, ipv4(6, tcp({ seq: 0xffff_ffff, options: synOptions }))));
    expect(packet.link).toEqual({ source: '02:00:00:00:00:01', destination: '02:00:00:00:00:02', etherType: 0x0800 });
    expect(packet.ip).toEqual({
      version: 4,
      source: '192.0.2.1',
      destination: '192.0.2.2',
      protocol: 6,
      ttl: 64,
      id: 0x1234,
    });
    expect(packet.tcp).toEqual({
      sourcePort: 40000,
      destinationPort: 5000,
      seq: 0xffff_ffff,
      ack: 0,
      flags: 2,
      window: 64240,
      options: { mss: 1460, sackPermitted: true, timestamps: { value: 123456, echo: 0 }, windowScale: 7 },
      length: 0,
    });
    expect(packet.undecoded).toBeUndefined();
  });

  // Flags [P.], seq 1:9, ack 1, win 502, options [nop,nop,sack 2 {10:20}{30:40}], length 8
  it('reads data and selective acknowledgements, and leaves out the padding of short frames', () => {
    const sack = [1, 1, 5, 18, ...be32(10), ...be32(20), ...be32(30), ...be32(40)];
    const segment = tcp({ flags: 0x18, options: sack, payload: ascii('bonjour\n') });
    const packet = read(join(ethernet(0x0800, ipv4(6, segment)), new Uint8Array(9)));
    expect(flagText(packet.tcp?.flags ?? 0)).toBe('P.');
    expect(packet.tcp?.options.sack).toEqual([
      { left: 10, right: 20 },
      { left: 30, right: 40 },
    ]);
    expect([packet.tcp?.length, text(packet.payload)]).toEqual([8, 'bonjour\n']);
  });

  it('tells the length that the IP header promises, though the snaplen cut the payload', () => {
    const whole = ethernet(0x0800, ipv4(6, tcp({ flags: 0x10, payload: new Uint8Array(1000) })));
    const packet = read(whole.subarray(0, 100), 1, whole.length);
    expect([packet.tcp?.length, packet.payload.length]).toEqual([1000, 46]);
  });

  it('steps over IPv4 options and IPv6 extension headers', () => {
    expect(read(ethernet(0x0800, ipv4(6, tcp(), { options: [1, 1, 1, 0] }))).tcp?.sourcePort).toBe(40000);
    const behind = join([60, 0, 1, 4, 0, 0, 0, 0], [6, 1, ...Array<number>(14).fill(0)], tcp());
    const packet = read(ethernet(0x86dd, ipv6(0, behind)));
    expect(packet.tcp).toMatchObject({ sourcePort: 40000, length: 0 });
    expect(packet.ip).toMatchObject({ version: 6, source: '2001:db8::1', protocol: 6, ttl: 63, id: 0 });
  });

  it('reads the first fragment only: the others have no transport header', () => {
    expect(read(ethernet(0x0800, ipv4(6, tcp(), { moreFragments: true }))).tcp).toBeDefined();
    const second = read(ethernet(0x0800, ipv4(6, tcp(), { fragmentOffset: 1480 })));
    expect(second.tcp).toBeUndefined();
    expect(second.undecoded).toEqual({
      layer: 'ipv4',
      why: 'a fragment from byte 1480 on: its first one has the transport header',
    });
    const sixth = read(ethernet(0x86dd, ipv6(44, join([6, 0, ...be16(1448), ...be32(1)], tcp()))));
    expect([sixth.tcp, sixth.undecoded?.layer]).toEqual([undefined, 'ipv6']);
  });

  it('reads UDP and ARP', () => {
    const datagram = read(ethernet(0x0800, ipv4(17, udp(ascii('hello')))));
    expect([datagram.udp, text(datagram.payload)]).toEqual([
      { sourcePort: 40000, destinationPort: 53, length: 5 },
      'hello',
    ]);
    const arp = [...be16(1), 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 1, 192, 0, 2, 1, 0, 0, 0, 0, 0, 0, 192, 0, 2, 2];
    const asked = read(ethernet(0x0806, join(arp, new Uint8Array(18))));
    expect(asked.arp).toEqual({ operation: 'request', senderAddress: '192.0.2.1', targetAddress: '192.0.2.2' });
    expect(asked.payload).toHaveLength(0);
  });

  it('tells of which flow an ICMP error speaks', () => {
    const quote = ipv4(17, udp(ascii('x'), 40752, 5999));
    const unreachable = join([3, 3, 0, 0, 0, 0, 0, 0], quote);
    expect(read(ethernet(0x0800, ipv4(1, unreachable))).icmp).toMatchObject({
      version: 4,
      type: 3,
      code: 3,
      quoted: { ip: { source: '192.0.2.1', protocol: 17 }, sourcePort: 40752, destinationPort: 5999 },
    });
    const six = join([1, 4, 0, 0, 0, 0, 0, 0], ipv6(6, tcp()));
    expect(read(ethernet(0x86dd, ipv6(58, six))).icmp?.quoted).toMatchObject({ destinationPort: 5000 });
    expect(read(ethernet(0x0800, ipv4(1, unreachable.subarray(0, 20)))).icmp).toEqual({ version: 4, type: 3, code: 3 });
  });

  it.each([
    ['VLAN', 1, ethernet(0x0800, ipv4(6, tcp()), [[0x8100, 5]])],
    [
      'QinQ',
      1,
      ethernet(0x0800, ipv4(6, tcp()), [
        [0x88a8, 5],
        [0x8100, 6],
      ]),
    ],
    [
      'cooked v1',
      linkTypes.linuxSll,
      join(be16(0), be16(1), be16(6), [2, 0, 0, 0, 0, 1, 0, 0], be16(0x0800), ipv4(6, tcp())),
    ],
    [
      'cooked v2',
      linkTypes.linuxSll2,
      join(be16(0x0800), be16(0), be32(2), be16(1), [0, 6, 2, 0, 0, 0, 0, 1, 0, 0], ipv4(6, tcp())),
    ],
    ['null, little-endian', linkTypes.null, join([2, 0, 0, 0], ipv4(6, tcp()))],
    ['null, IPv6 of macOS', linkTypes.null, join([30, 0, 0, 0], ipv6(6, tcp()))],
    ['loop', linkTypes.loop, join([0, 0, 0, 2], ipv4(6, tcp()))],
    ['raw IPv4', linkTypes.raw, ipv4(6, tcp())],
    ['raw IPv6', linkTypes.ipv6, ipv6(6, tcp())],
  ])('finds TCP in %s', (_, linkType, bytes) => {
    const packet = read(bytes, linkType);
    expect([packet.tcp?.destinationPort, packet.undecoded]).toEqual([5000, undefined]);
    if (packet.link) expect(packet.link).toMatchObject({ source: '02:00:00:00:00:01', etherType: 0x0800 });
  });

  it.each([
    ['an unknown link type', new Uint8Array(20), 9999, 'link', 'link type 9999 is not known'],
    ['a frame of 5 bytes', new Uint8Array(5), 1, 'ethernet', '5 of 14 header bytes'],
    ['an unknown EtherType', ethernet(0x88b5, ascii('x')), 1, 'link', 'EtherType 0x88b5 is not decoded'],
    ['a cut IPv4 header', ethernet(0x0800, ipv4(6, tcp())).subarray(0, 30), 1, 'ipv4', '16 of 20 header bytes'],
    [
      'a lying total length',
      ethernet(0x0800, ipv4(6, tcp(), { totalLength: 8 })),
      1,
      'ipv4',
      'a total length of 8 bytes',
    ],
    [
      'a TCP header beyond its packet',
      ethernet(0x0800, ipv4(6, tcp(), { totalLength: 30 })),
      1,
      'tcp',
      '10 of 20 header bytes',
    ],
    ['SCTP', ethernet(0x0800, ipv4(132, new Uint8Array(12))), 1, 'ipv4', 'protocol 132 is not decoded'],
    ['a UDP length of 3', ethernet(0x0800, ipv4(17, join(be32(1), be16(3), be16(0)))), 1, 'udp', 'a length of 3 bytes'],
  ])('says why it stopped at %s', (_, bytes, linkType, layer, why) => {
    expect(read(bytes, linkType, 60).undecoded).toEqual({ layer, why });
  });

  it('keeps a TCP header whose options are wrong or cut', () => {
    const lying = read(ethernet(0x0800, ipv4(6, tcp({ options: [2, 4, 5, 180, 3, 9, 0, 0] }))));
    expect([lying.tcp?.options, lying.undecoded?.why]).toEqual([{ mss: 1460 }, 'option 3 claims 9 bytes']);
    const cut = read(ethernet(0x0800, ipv4(6, tcp({ options: synOptions }))).subarray(0, 60), 1, 74);
    expect([cut.tcp?.options, cut.undecoded?.why]).toEqual([{ mss: 1460, sackPermitted: true }, 'options cut off']);
  });

  it('never throws, whatever the bytes, and stays inside them', () => {
    const good = [
      ethernet(0x0800, ipv4(6, tcp({ options: synOptions, payload: ascii('x') }))),
      ethernet(0x86dd, ipv6(0, join([44, 0, 1, 4, 0, 0, 0, 0], [6, 0, 0, 0, ...be32(1)], tcp()))),
      ethernet(0x0800, ipv4(1, join([3, 3, 0, 0, 0, 0, 0, 0], ipv4(17, udp(ascii('x')))))),
    ];
    const mutated = fc
      .tuple(fc.constantFrom(...good), fc.array(fc.tuple(fc.nat(120), fc.nat(255)), { maxLength: 8 }), fc.nat(120))
      .map(([bytes, changes, length]) => {
        const copy = bytes.slice(0, Math.max(1, length));
        for (const [at, value] of changes) if (at < copy.length) copy[at] = value;
        return copy;
      });
    const linkType = fc.constantFrom(...Object.values(linkTypes));
    const bytes = fc.oneof(mutated, fc.uint8Array({ maxLength: 200 }));
    fc.assert(
      fc.property(bytes, linkType, fc.nat(300), (frame, type, wire) => {
        const packet = read(frame, type, wire);
        expect(packet.payload.length).toBeLessThanOrEqual(frame.length);
        if (packet.tcp) expect(packet.tcp.length).toBeGreaterThanOrEqual(0);
        if (packet.udp) expect(packet.udp.length).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 2000 },
    );
  });
});
