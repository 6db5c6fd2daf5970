import { describe, expect, it } from 'vitest';
import type { Packet } from '../model/packet.ts';
import { hostsOf } from './hosts.ts';
import { matchPassages } from './passages.ts';
import { addressOf, packets, type RunParts, recordedRun, travel } from './testing.ts';

const passagesOf = (parts: RunParts) => {
  const run = recordedRun(parts);
  return matchPassages(run.packets, hostsOf(run));
};

const handshake = `
  0.000100 client1 > server 41022>5000 S seq 0 id 1
  0.000200 server > client1 5000>41022 S. seq 0 ack 1
  0.000300 client1 > server 41022>5000 . seq 1 ack 1 id 2`;

describe('matchPassages', () => {
  it('joins what both captures show of a handshake', () => {
    const passages = passagesOf({ packets: packets(handshake) });
    expect(
      passages.map(({ number, from, to, sent, arrived }) => [number, from, to, sent?.frame, arrived?.frame]),
    ).toEqual([
      [1, 'client1', 'server', 1, 1],
      [2, 'server', 'client1', 2, 2],
      [3, 'client1', 'server', 3, 3],
    ]);
    expect(passages.map(({ sent, arrived }) => (arrived?.at ?? 0) - (sent?.at ?? 0))).toEqual([travel, travel, travel]);
  });

  it('calls lost what left and never arrived, and pairs the repetition with the arrival', () => {
    const [first, again] = passagesOf({
      packets: packets(`
        0.000100 client1 > server 41022>5000 S seq 0 id 1 ✗
        1.030000 client1 > server 41022>5000 S seq 0 id 2`),
    });
    expect(first).toMatchObject({ lost: true, sent: { frame: 1 } });
    expect(first?.arrived).toBeUndefined();
    expect(again).toMatchObject({ lost: false, sent: { frame: 2 }, arrived: { frame: 1 } });
  });

  it('pairs SYN-ACKs, which all carry identification 0, in order of time', () => {
    const passages = passagesOf({
      packets: packets(`
        0.000200 server > client1 5000>41022 S. seq 0 ack 1
        1.000200 server > client1 5000>41022 S. seq 0 ack 1`),
    });
    expect(passages.map(({ arrived }) => arrived?.frame)).toEqual([1, 2]);
  });

  it('does not call lost what a capture may have dropped, nor what no capture could see', () => {
    const lost = packets('0.000100 client1 > server 41022>5000 S seq 0 id 1 ✗');
    expect(passagesOf({ packets: lost, drops: { 'server/eth0': 3 } })[0]?.lost).toBe(false);
    expect(passagesOf({ packets: lost, hosts: ['client1'] })[0]).toMatchObject({ lost: false, to: '10.0.0.2' });
  });

  it('names by its address what belongs to no host', () => {
    const [passage] = passagesOf({ packets: packets('0.000100 client1 > gone 41022>5000 S seq 0 id 1') });
    expect(passage).toMatchObject({ to: addressOf['gone'], lost: false });
  });

  it('sees a packet of a host to itself leave and arrive in one sighting', () => {
    const [passage] = passagesOf({ packets: packets('0.000100 server > server 41022>5000 S seq 0 id 1') });
    expect(passage).toMatchObject({
      from: 'server',
      to: 'server',
      lost: false,
      sent: { frame: 1 },
      arrived: { frame: 1 },
    });
  });

  it('takes an arrival that is stamped a little before its sending for the same packet', () => {
    const run = packets('0.000100 client1 > server 41022>5000 S seq 0 id 1');
    const early = run.map((packet) => (packet.point.host === 'server' ? { ...packet, at: 95 } : packet));
    expect(passagesOf({ packets: early })).toMatchObject([{ at: 100, sent: { at: 100 }, arrived: { at: 95 } }]);
  });

  it('leaves out what the engine, IPv6 and other hosts do on the side', () => {
    const bytes = { wireLength: 60, capturedLength: 60, payload: new Uint8Array() };
    const at = (host: string) => ({ frame: 1, at: 1, point: { host, interface: 'eth0' }, ...bytes });
    const ip = { version: 4 as const, source: '127.0.0.11', destination: '127.0.0.1', protocol: 17, ttl: 64, id: 1 };
    const six = { ...ip, version: 6 as const, source: 'fe80::1', destination: 'ff02::16', protocol: 58 };
    const arp = { operation: 'request' as const, senderAddress: '10.0.0.11', targetAddress: '10.0.0.2' };
    const noise: Packet[] = [
      { ...at('server'), ip, udp: { sourcePort: 53, destinationPort: 4000, length: 20 } },
      { ...at('server'), ip: six, icmp: { version: 6, type: 143, code: 0 } },
      { ...at('client2'), arp },
      { ...at('server') },
    ];
    expect(passagesOf({ packets: noise, hosts: ['client1', 'client2', 'server'] })).toEqual([]);
  });

  it('follows an ARP request to the host that owns the address', () => {
    const bytes = { wireLength: 60, capturedLength: 60, payload: new Uint8Array() };
    const arp = { operation: 'request' as const, senderAddress: '10.0.0.11', targetAddress: '10.0.0.2' };
    const seen = ['client1', 'client2', 'server'].map(
      (host, place): Packet => ({ ...bytes, frame: 1, at: 10 + place, point: { host, interface: 'eth0' }, arp }),
    );
    expect(passagesOf({ packets: seen, hosts: ['client1', 'client2', 'server'] })).toMatchObject([
      { from: 'client1', to: 'server', sent: { at: 10 }, arrived: { at: 12 } },
    ]);
  });
});
