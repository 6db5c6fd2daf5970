import { describe, expect, it } from 'vitest';
import { parsePacketPattern } from './packet-pattern.ts';

describe('packets', () => {
  it.each([
    [
      'client1 > server.5000 S',
      { protocol: 'tcp', source: { host: 'client1' }, destination: { host: 'server', port: 5000 }, flags: 'S' },
    ],
    [
      'server.5000 > client1.* S.',
      { protocol: 'tcp', source: { host: 'server', port: 5000 }, destination: { host: 'client1' }, flags: 'S.' },
    ],
    [
      '  * > server@office.5000   P.  length  >0 ',
      {
        protocol: 'tcp',
        source: {},
        destination: { host: 'server', network: 'office', port: 5000 },
        flags: 'P.',
        length: { relation: '>', value: 0 },
      },
    ],
    [
      'server@loopback.5000 > server@loopback FP. length 5',
      {
        protocol: 'tcp',
        source: { host: 'server', network: 'loopback', port: 5000 },
        destination: { host: 'server', network: 'loopback' },
        flags: 'FP.',
        length: { relation: '=', value: 5 },
      },
    ],
    [
      'client1 > server P. length 5 lost',
      {
        protocol: 'tcp',
        source: { host: 'client1' },
        destination: { host: 'server' },
        flags: 'P.',
        length: { relation: '=', value: 5 },
        fate: 'lost',
      },
    ],
    [
      'client1 > server S again after 1.5s',
      {
        protocol: 'tcp',
        source: { host: 'client1' },
        destination: { host: 'server' },
        flags: 'S',
        fate: 'again',
        after: { least: 1_125_000, most: 1_875_000 },
      },
    ],
    [
      'client1 > server S again after 1s ±20%',
      {
        protocol: 'tcp',
        source: { host: 'client1' },
        destination: { host: 'server' },
        flags: 'S',
        fate: 'again',
        after: { least: 800_000, most: 1_200_000 },
      },
    ],
    [
      '+200ms ±50ms server > client1 . length 1 zero_window_probe keep_alive lost',
      {
        protocol: 'tcp',
        since: { least: 150_000, most: 250_000 },
        source: { host: 'server' },
        destination: { host: 'client1' },
        flags: '.',
        length: { relation: '=', value: 1 },
        names: ['zero_window_probe', 'keep_alive'],
        fate: 'lost',
      },
    ],
    [
      '+<1s client1 > server.5000 UDP, length 5 lost',
      {
        protocol: 'udp',
        since: { least: 0, most: 1_000_000 },
        source: { host: 'client1' },
        destination: { host: 'server', port: 5000 },
        length: { relation: '=', value: 5 },
        fate: 'lost',
      },
    ],
    [
      'server > client1 ICMP udp port 5000 unreachable',
      {
        protocol: 'icmp',
        source: { host: 'server' },
        destination: { host: 'client1' },
        message: 'udp port 5000 unreachable',
      },
    ],
    ['* > client1 ICMP', { protocol: 'icmp', source: {}, destination: { host: 'client1' } }],
    [
      '+>1s ARP, Request who-has server tell client1',
      {
        protocol: 'arp',
        since: { least: 1_000_000 },
        source: { host: 'client1' },
        destination: { host: 'server' },
        operation: 'request',
      },
    ],
    ['ARP, Reply server is-at', { protocol: 'arp', source: { host: 'server' }, destination: {}, operation: 'reply' }],
  ])('%s', (text, value) => expect(parsePacketPattern(text)).toEqual({ value }));

  it.each([
    ['client1 -> server S', 'a packet is written like'],
    ['client1 > server', 'a packet is written like'],
    ['client1 > server S length many', 'a packet is written like'],
    ['client1 > server S lost after 1s', 'a repetition is written like "again after 1s", and not "lost after 1s"'],
    [
      'client1 > server S again after soon',
      'a repetition is written like "again after 200ms": "soon" is no time such as',
    ],
    ['+soon client1 > server S', 'a time is written like "+200ms ±50ms client1 > server S": "soon" is no time such as'],
    ['+<1s ±5% client1 > server S', '"<1s ±5%" has a bound already'],
    ['client1 > server . zero_widow', 'unknown name "zero_widow"; names: retransmission, fast_retransmission'],
    ['client1 > server UDP again', 'a datagram is written like'],
    ['client1 > server ICMP go away', '"go away" is no ICMP message'],
    ['ARP, who-has server', 'ARP is written like "ARP, Request who-has server tell client1"'],
    ['client1 > server.5000 .S', 'flags ".S" are written "S." by tcpdump'],
    ['client1 > server.5000 SYN', 'unknown flag "Y" in "SYN"'],
    ['client1 > server.70000 S', 'port 70000 is not between 1 and 65535'],
    ['any.5000 > server S', '"any" (0.0.0.0 or ::) is no end of a packet: write *.5000'],
    ['server > any S.', 'is no end of a packet: write *'],
    ['10.0.0.1.80 > server S', '"10.0.0.1.80" is not a host'],
  ])('%s is refused', (text, wrong) =>
    expect(parsePacketPattern(text)).toEqual({ wrong: expect.stringContaining(wrong) }),
  );
});
