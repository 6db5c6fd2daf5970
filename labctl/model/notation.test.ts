import { describe, expect, it } from 'vitest';
import {
  addressPlaceholders,
  expandArguments,
  parseCallPattern,
  parseSegmentPattern,
  parseSocketEnd,
} from './notation.ts';

describe('segments', () => {
  it.each([
    [
      'client1 > server.5000 S',
      { source: { host: 'client1' }, destination: { host: 'server', port: 5000 }, flags: 'S' },
    ],
    [
      'server.5000 > client1.* S.',
      { source: { host: 'server', port: 5000 }, destination: { host: 'client1' }, flags: 'S.' },
    ],
    [
      '  * > server@office.5000   P.  length  >0 ',
      {
        source: {},
        destination: { host: 'server', network: 'office', port: 5000 },
        flags: 'P.',
        length: { relation: '>', value: 0 },
      },
    ],
    [
      'server@loopback.5000 > server@loopback FP. length 5',
      {
        source: { host: 'server', network: 'loopback', port: 5000 },
        destination: { host: 'server', network: 'loopback' },
        flags: 'FP.',
        length: { relation: '=', value: 5 },
      },
    ],
    [
      'client1 > server P. length 5 lost',
      {
        source: { host: 'client1' },
        destination: { host: 'server' },
        flags: 'P.',
        length: { relation: '=', value: 5 },
        fate: 'lost',
      },
    ],
    [
      'client1 > server S again after 1.5s',
      { source: { host: 'client1' }, destination: { host: 'server' }, flags: 'S', fate: 'again', after: 1_500_000 },
    ],
  ])('%s', (text, value) => expect(parseSegmentPattern(text)).toEqual({ value }));

  it.each([
    ['client1 -> server S', 'a segment is written like'],
    ['client1 > server', 'a segment is written like'],
    ['client1 > server S length many', 'a segment is written like'],
    ['client1 > server S lost after 1s', 'a repetition is written like "again after 200ms", and not "lost after 1s"'],
    [
      'client1 > server S again after soon',
      'a repetition is written like "again after 200ms", and not "again after soon"',
    ],
    ['client1 > server.5000 .S', 'flags ".S" are written "S." by tcpdump'],
    ['client1 > server.5000 SYN', 'unknown flag "Y" in "SYN"'],
    ['client1 > server.70000 S', 'port 70000 is not between 1 and 65535'],
    ['10.0.0.1.80 > server S', '"10.0.0.1.80" is not a host'],
    ['any.5000 > server S', '"any" (0.0.0.0 or ::) is no end of a segment: write *.5000'],
    ['server > any S.', 'is no end of a segment: write *'],
  ])('%s is refused', (text, wrong) =>
    expect(parseSegmentPattern(text)).toEqual({ wrong: expect.stringContaining(wrong) }),
  );
});

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
    const addressOf = (host: string, network: string): string => `<${host} on ${network}>`;
    expect(expandArguments(['server', '--bind', '{server@lab}', 'x={a@b}:{c@d}', '{print}'], addressOf)).toEqual([
      'server',
      '--bind',
      '<server on lab>',
      'x=<a on b>:<c on d>',
      '{print}',
    ]);
  });

  it('can be listed', () => {
    expect(addressPlaceholders('{server@lab}{x}{client1@loopback}')).toEqual([
      { host: 'server', network: 'lab' },
      { host: 'client1', network: 'loopback' },
    ]);
  });
});
