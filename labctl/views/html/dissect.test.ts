import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dissect } from './dissect.ts';

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replace(/\s/g, ''), 'hex'));

/** 10.213.0.37:54816 > 10.213.0.35:5000 S, options [mss 1460, sackOK, TS val 1 ecr 0, nop, wscale 7] */
const syn = bytes(`
  02420ad50023 02420ad50025 0800
  4500003c 1a2b4000 4006 0b0c 0ad50025 0ad50023
  d6201388 4e63a91e 00000000 a002faf0 1234 0000
  020405b4 0402 080a 00000001 00000000 01 030307`);

const told = (frame: Uint8Array, linkType = 1): string =>
  dissect(frame, linkType)
    .map(
      ({ name, from, until, fields }) =>
        `${name} ${from}-${until}\n${fields.map((field) => `  ${field.name} ${field.value} @${field.from}-${field.until}`).join('\n')}`,
    )
    .join('\n');

describe('dissect', () => {
  it('names each field of a SYN and where it lies', () => {
    expect(`\n${told(syn)}\n`).toMatchInlineSnapshot(`
      "
      Ethernet 0-14
        destination 02:42:0a:d5:00:23 @0-6
        source 02:42:0a:d5:00:25 @6-12
        type IPv4 (0x0800) @12-14
      IPv4 14-34
        headerLength 20 (IPv4) @14-15
        service 0x00 @15-16
        totalLength 60 @16-18
        id 6699 (0x1a2b) @18-20
        fragment DF 0 @20-22
        ttl 64 @22-23
        protocol TCP (6) @23-24
        checksum 0x0b0c @24-26
        source 10.213.0.37 @26-30
        destination 10.213.0.35 @30-34
      TCP 34-74
        sourcePort 54816 @34-36
        destinationPort 5000 @36-38
        seq 1315154206 @38-42
        ack 0 @42-46
        headerLength 40 @46-47
        flags SYN @47-48
        window 64240 @48-50
        checksum 0x1234 @50-52
        urgent 0 @52-54
        options MSS 1460, SACK permitted, timestamps 1, echo 0, window scale ×128 @54-74
      "
    `);
  });
  it('steps over VLAN tags and knows padding from payload', () => {
    const arp = bytes(
      'ffffffffffff 020000000001 8100 0005 0806 0001 0800 0604 0001 020000000001 0a000001 000000000000 0a000002 0000',
    );
    expect(told(arp)).toContain('id VLAN 5');
    expect(told(arp)).toContain('operation request');
    expect(dissect(arp, 1).at(-1)?.name).toBe('padding');
  });
  it('writes IPv6 addresses as RFC 5952 says', () => {
    const ping = bytes(
      '60012345 0008 3a 40 fd000000000000000000000000000001 00000000000000000000000000000000 80000000 00010001',
    );
    expect(told(ping, 101)).toContain('source fd00::1 ');
    expect(told(ping, 101)).toContain('destination :: ');
    expect(told(ping, 101)).toContain('ICMPv6');
  });
  it('tells of a cut header what is there', () => {
    expect(dissect(syn.subarray(0, 40), 1).at(-1)).toMatchObject({ name: 'payload', from: 38 });
  });
  it('never fails, and its layers cover the bytes without a gap, whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), fc.constantFrom(0, 1, 101, 113, 276, 999), (frame, linkType) => {
        let at = 0;
        for (const { from, until } of dissect(frame, linkType)) {
          expect(from).toBe(at);
          at = until;
        }
        expect(at).toBe(frame.length);
      }),
    );
  });
});
