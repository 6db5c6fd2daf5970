import { describe, expect, it } from 'vitest';
import {
  type AddressPlaceholder,
  addressPlaceholders,
  expandArguments,
  parseCallPattern,
  parseSocketEnd,
} from './notation.ts';

describe('calls', () => {
  it.each([
    ['accept', { name: 'accept' }],
    ['bind(0.0.0.0:5000) = 0', { name: 'bind', argument: '0.0.0.0:5000', result: 0 }],
    [
      'connect(server@office:5000) = ECONNREFUSED',
      { name: 'connect', argument: 'server@office:5000', errno: 'ECONNREFUSED' },
    ],
    ['recv(4)', { name: 'recvfrom', argument: '4' }],
    ['send() = -1', { name: 'sendto', result: -1 }],
    ['fork', { name: 'clone' }],
  ])('%s', (text, value) => expect(parseCallPattern(text)).toEqual({ value }));

  it.each(['', 'Accept', 'accept = fd', 'bind(0.0.0.0', 'a b'])('%j is refused', (text) =>
    expect(parseCallPattern(text)).toEqual({ wrong: expect.stringContaining('a call is written like') }),
  );
});

describe('socket ends', () => {
  it.each([
    ['*:*', {}],
    ['*:5000', { port: 5000 }],
    ['server@lab:5000', { host: 'server', network: 'lab', port: 5000 }],
    ['client2:*', { host: 'client2' }],
    ['0.0.0.0:5000', { address: '0.0.0.0', port: 5000 }],
    ['[::]:5000', { address: '::', port: 5000 }],
  ])('%s', (text, value) => expect(parseSocketEnd(text)).toEqual({ value }));

  it('says what is missing', () => {
    expect(parseSocketEnd('server')).toEqual({ wrong: '"server" has no port: write server:5000 or server:*' });
    expect(parseSocketEnd('a b:1')).toEqual({ wrong: expect.stringContaining('neither a host') });
  });
});

describe('addresses in command lines', () => {
  it('are replaced wherever they stand; other braces stay', () => {
    const addressOf = ({ host, network, ipv6 }: AddressPlaceholder): string =>
      `<${host} on ${network}${ipv6 ? ' by IPv6' : ''}>`;
    expect(
      expandArguments(['server', '--bind', '{server@lab}', 'x={a@b}:{c@d}', '{a@b/ipv6}', '{print}'], addressOf),
    ).toEqual(['server', '--bind', '<server on lab>', 'x=<a on b>:<c on d>', '<a on b by IPv6>', '{print}']);
  });

  it('can be listed', () => {
    expect(addressPlaceholders('{server@lab}{x}{client1@loopback/ipv6}')).toEqual([
      { host: 'server', network: 'lab', ipv6: false },
      { host: 'client1', network: 'loopback', ipv6: true },
    ]);
  });
});
