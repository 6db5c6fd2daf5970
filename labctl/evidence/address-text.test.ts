import { isIPv6 } from 'node:net';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ipv6Text, parseEndpoint, unmapped } from './address-text.ts';

const bytesOf = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

describe('ipv6Text', () => {
  // The examples of RFC 5952, sections 4 and 5.
  it.each([
    ['20010db8 00000000 00000000 00020001', '2001:db8::2:1'],
    ['20010db8 00000001 00010001 00010001', '2001:db8:0:1:1:1:1:1'],
    ['20010000 00000001 00000000 00000001', '2001:0:0:1::1'],
    ['20010db8 00000000 00010000 00000001', '2001:db8::1:0:0:1'],
    ['00000000 00000000 00000000 00000000', '::'],
    ['00000000 00000000 00000000 00000001', '::1'],
    ['00000000 00000000 0000ffff c0000201', '::ffff:192.0.2.1'],
  ])('%s is %s', (hex, text) => expect(ipv6Text(bytesOf(hex), 0)).toBe(text));

  it('always is an address that the URL standard writes alike', () => {
    const group = fc.oneof(fc.constant([0, 0]), fc.tuple(fc.nat(255), fc.nat(255)));
    fc.assert(
      fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
        const text = ipv6Text(Uint8Array.from(groups.flat()), 0);
        expect(isIPv6(text)).toBe(true);
        if (!text.includes('.')) expect(new URL(`http://[${text}]`).hostname).toBe(`[${text}]`);
      }),
    );
  });
});

describe('parseEndpoint', () => {
  it.each([
    ['0.0.0.0:*', '0.0.0.0', 0],
    ['*:5000', '::', 5000],
    ['[::]:*', '::', 0],
    ['[::ffff:127.0.0.1]:5002', '127.0.0.1', 5002],
    ['[fe80::1]%eth0:546', 'fe80::1', 546],
    ['[fe80::1%eth0]:546', 'fe80::1', 546],
    ['127.0.0.53%lo:53', '127.0.0.53', 53],
  ])('%s', (text, address, port) => expect(parseEndpoint(text)).toEqual({ address, port }));

  it('refuses what is none', () => {
    for (const text of ['', ':', ':80', 'x', 'a:b', '1.2.3.4:123456']) expect(parseEndpoint(text)).toBeUndefined();
  });

  it('gives IPv4 for mapped addresses', () => expect(unmapped('::ffff:10.0.0.1')).toBe('10.0.0.1'));
});
