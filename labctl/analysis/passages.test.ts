import { array, assert, boolean, integer, property, record, uniqueArray } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Packet } from '../model/packet.ts';
import { followConversations } from './conversations.ts';
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

  it('pairs a repeated SYN-ACK with its own arrival when the first was lost', () => {
    const passages = passagesOf({
      packets: packets(`
        0.000200 server > client1 5000>41022 S. seq 0 ack 1 ✗
        1.000200 server > client1 5000>41022 S. seq 0 ack 1`),
    });
    expect(passages.map(({ lost, arrived }) => [lost, arrived?.frame])).toEqual([
      [true, undefined],
      [false, 1],
    ]);
  });

  it('knows by the time on the way which of two equal SYN-ACKs arrived', () => {
    const passages = passagesOf({
      packets: packets(`
        0.000200 server > client1 5000>41022 S. seq 0 ack 1 ✗
        0.000350 server > client1 5000>41022 S. seq 0 ack 1 arrives 10`),
    });
    expect(passages.map(({ lost }) => lost)).toEqual([true, false]);
  });

  it('pairs a fast retransmission that looks like its lost original (IPv6 has no identification)', () => {
    const passages = passagesOf({
      packets: packets(`
        0.000100 client1 > server 41022>5000 P. seq 1 ack 1 length 10 ✗
        0.000110 client1 > server 41022>5000 P. seq 11 ack 1 length 10
        0.000210 client1 > server 41022>5000 P. seq 1 ack 1 length 10`),
    });
    expect(passages.map(({ lost, arrived }) => [lost, arrived?.frame])).toEqual([
      [true, undefined],
      [false, 1],
      [false, 2],
    ]);
  });

  it('keeps equal datagrams in their order', () => {
    const passages = passagesOf({
      packets: packets(`
        0.000100 client1 > server 41022>5000 . seq 1 ack 1 arrives 500
        0.000110 client1 > server 41022>5000 . seq 1 ack 1 arrives 500
        0.000120 client1 > server 41022>5000 . seq 1 ack 1 arrives 500`),
    });
    expect(passages.map(({ arrived }) => arrived?.frame)).toEqual([1, 2, 3]);
  });

  it('says what was overtaken and what came twice', () => {
    const passages = passagesOf({
      packets: packets(`
        0.000100 client1 > server 41022>5000 P. seq 1 ack 1 length 10 id 1 arrives 700
        0.000110 client1 > server 41022>5000 P. seq 11 ack 1 length 10 id 2
        0.000120 client1 > server 41022>5000 P. seq 21 ack 1 length 10 id 3 arrives 40,90`),
    });
    expect(passages.map(({ overtakenBy, copies }) => [overtakenBy, copies?.map(({ frame }) => frame)])).toEqual([
      [2, undefined],
      [undefined, undefined],
      [undefined, [3]],
    ]);
  });

  it('follows a packet through a router to another network of the receiver', () => {
    const run = recordedRun({ packets: packets('0.000100 client1 > server 41022>5000 S seq 0 id 1') });
    const [, server] = run.record.hosts;
    if (server?.interfaces[0]) server.interfaces[0].network = 'other';
    const seen = matchPassages(run.packets, hostsOf(run));
    expect(seen).toMatchObject([{ sent: { frame: 1 }, arrived: { frame: 1 }, lost: false }]);
    const lost = { ...run, packets: run.packets.slice(0, 1) };
    expect(matchPassages(lost.packets, hostsOf(lost))).toMatchObject([{ lost: true }]);
  });

  it('does not call lost what was still on its way when the recording ended', () => {
    const late = '99.999900 client1 > server 41022>5000 S seq 0 id 1 ✗';
    expect(passagesOf({ packets: packets(late) })[0]?.lost).toBe(false);
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

/** What the network does with one packet: nothing arrives, or once, or several times, each after so long. */
interface Fate {
  fromClient: boolean;
  /** Later copies of a segment repeat its sequence number. */
  repeats: boolean;
  delays: number[];
}

const fate = record({
  fromClient: boolean(),
  repeats: boolean(),
  delays: uniqueArray(integer({ min: 5, max: 3000 }), { maxLength: 3 }),
});

/** Sent 1 ms apart, so that no arrival of one microsecond comes from two. */
function told(fates: readonly Fate[]) {
  const last = new Map<boolean, number>();
  let seq = 1;
  return fates.map(({ fromClient, repeats, delays }, place) => {
    const own = repeats ? (last.get(fromClient) ?? seq) : seq;
    last.set(fromClient, own);
    seq += 10;
    const at = 1_000_000 + place * 1000 + (place % 7);
    const arrivals = delays.map((delay) => delay + (place % 13)).sort((a, b) => a - b);
    return { fromClient, at, seq: own, arrivals, id: place + 1 };
  });
}

const lineOf = ({ fromClient, at, seq, arrivals, id }: ReturnType<typeof told>[number]): string => {
  const way = fromClient ? 'client1 > server 41022>5000' : 'server > client1 5000>41022';
  const end = arrivals.length === 0 ? ' ✗' : ` arrives ${arrivals.join(',')}`;
  return `${(at / 1_000_000).toFixed(6)} ${way} P. seq ${seq} ack 1 length 10 id ${id}${end}`;
};

describe('matchPassages, whatever the network does', () => {
  it('says exactly what was lost, repeated, copied and overtaken', () => {
    assert(
      property(array(fate, { minLength: 1, maxLength: 40 }), (fates) => {
        const sent = told(fates);
        const passages = passagesOf({ packets: packets(sent.map(lineOf).join('\n')) });
        const found = passages.map(({ lost, arrived, copies = [], overtakenBy }) => ({
          lost,
          arrivals: [arrived, ...copies].flatMap((one) => (one ? [one.at] : [])),
          overtakenBy,
        }));
        const wanted = sent.map(({ at, arrivals: [first, ...more], fromClient }, place) => {
          const later = sent.findIndex(
            (other, index) =>
              index > place &&
              other.fromClient === fromClient &&
              first !== undefined &&
              other.at + (other.arrivals[0] ?? Infinity) < at + first,
          );
          return {
            lost: first === undefined,
            arrivals: first === undefined ? [] : [first, ...more].map((delay) => at + delay),
            overtakenBy: later < 0 ? undefined : later + 1,
          };
        });
        expect(found).toEqual(wanted);
        followConversations(passages);
        const repeats = passages.map(({ tcp }) => tcp?.repeats && [tcp.repeats.passage, tcp.repeats.after]);
        const copies = sent.map(({ fromClient, seq, at }, place) => {
          const before = sent.slice(0, place).findLastIndex((one) => one.fromClient === fromClient && one.seq === seq);
          return before < 0 ? undefined : [before + 1, at - (sent[before]?.at ?? 0)];
        });
        expect(repeats).toEqual(copies);
      }),
      { numRuns: 300 },
    );
  });
});
