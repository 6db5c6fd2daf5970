import { describe, expect, it } from 'vitest';
import { calls, packets, type RunParts } from '../testing.ts';
import { told, verdictOn } from './testing.ts';

describe('times', () => {
  const run: RunParts = {
    packets: packets(`
      0.100000 client1 > server 41022>5000 S seq 0 id 1 ✗
      1.120000 client1 > server 41022>5000 S seq 0 id 2 ✗
      3.100000 client1 > server 41022>5000 S seq 0 id 3
      3.100200 server > client1 5000>41022 S. seq 0 ack 1
      3.100300 client1 > server 41022>5000 . seq 1 ack 1 id 4`),
  };
  const syns = (second: string, third: string) => ({
    segments: [
      'client1 > server.5000 S',
      `client1 > server.5000 S again after ${second}`,
      `client1 > server.5000 S again after ${third}`,
    ],
  });

  it('of repetitions have a tolerance, a quarter unless told', () => {
    expect(verdictOn(syns('1s', '2s'), run).verdict).toBe('met');
    expect(verdictOn(syns('1s ±5%', '2s ±100ms'), run).verdict).toBe('met');
    expect(verdictOn(syns('<2s', '>1.9s'), run).verdict).toBe('met');
    expect(verdictOn(syns('1s ±1%', '2s'), run)).toMatchObject({
      verdict: 'unmet',
      expected: {
        en: 'client1 > server.5000 S; client1 > server.5000 S again after 1s ±1%; client1 > server.5000 S again after 2s',
      },
    });
  });

  it('between two segments are counted from the one above', () => {
    const answered = (time: string) => ({
      segments: ['client1 > server.5000 S', `${time} server.5000 > client1 S.`, '+<1ms client1 > server.5000 .'],
    });
    // Any of the three SYNs may be the one: only the last is answered at once.
    expect(verdictOn(answered('+200µs'), run)).toMatchObject({
      verdict: 'met',
      proofs: [{ passage: 3 }, { passage: 4 }, { passage: 5 }],
    });
    expect(verdictOn(answered('+3s'), run)).toMatchObject({
      verdict: 'met',
      proofs: [{ passage: 1 }, { passage: 4 }, { passage: 5 }],
    });
    expect(told(answered('+1s ±10%'), run)).toBe(
      'unmet: client1.41022 > server.5000 S lost [client1 frame 1]; ' +
        '+1.020s client1.41022 > server.5000 S again after 1020ms lost [client1 frame 2]; ' +
        '+3.000s client1.41022 > server.5000 S again after 1980ms [client1 frame 3]; ' +
        '+3.000s server.5000 > client1.41022 S. [server frame 2]; ' +
        '+3.000s client1.41022 > server.5000 . [client1 frame 5]',
    );
  });
});

describe('datagrams, errors and questions for addresses', () => {
  const run: RunParts = {
    packets: packets(`
      0.100000 client1 > server 40000>5000 UDP length 5 id 1
      0.200000 client1 > server 40000>5000 UDP length 7 id 2 ✗
      0.300000 server > client1 5000>40000 UDP length 5 id 3
      0.400000 client1 > server 40001>5001 UDP length 3 id 4
      0.400100 server > client1 ICMP 3/3 40001>5001
      1.000000 client1 > gone ARP request
      2.024000 client1 > gone ARP request
      3.048000 client1 > gone ARP request
      4.000000 client1 > server ARP request
      4.000100 server > client1 ARP reply`),
    calls: calls(`
      0.090000 u1@client1/9 socket(AF_INET, SOCK_DGRAM, IPPROTO_IP) = 3<socket:[90]> <0.000010>
      0.091000 u1@client1/9 bind(3<socket:[90]>, 0.0.0.0:40000) = 0 <0.000010>
      0.390000 u2@client1/10 socket(AF_INET, SOCK_DGRAM, IPPROTO_IP) = 3<socket:[91]> <0.000010>
      0.391000 u2@client1/10 bind(3<socket:[91]>, 0.0.0.0:40001) = 0 <0.000010>`),
  };
  const three = { least: 3, most: 3 };

  it('are found in the notation of tcpdump', () => {
    const lines = [
      'client1 > server.5000 UDP, length 5',
      'client1 > server.5000 UDP, length >5 lost',
      'server.5000 > client1 UDP, length 5',
      'client1 > server.5001 UDP',
      '+<10ms server > client1 ICMP udp port 5001 unreachable',
      'ARP, Request who-has server tell client1',
      'ARP, Reply server is-at',
    ];
    const found = verdictOn({ packets: lines }, run);
    expect(found.verdict).toBe('met');
    expect(found.proofs.map((proof) => proof.kind === 'frame' && proof.passage)).toEqual([1, 2, 3, 4, 5, 9, 10]);
  });

  it('are shown in it too', () => {
    expect(told({ packets: ['client1 > server.5001 UDP', 'server.5001 > client1 UDP'] }, run)).toBe(
      'unmet: client1.40001 > server.5001 UDP, length 3 [client1 frame 4]; ' +
        'server > client1 ICMP udp port 5001 unreachable [server frame 4]; ' +
        'ARP, Request who-has server tell client1 [client1 frame 9]; ARP, Reply server is-at [server frame 6]',
    );
    expect(told({ packets: ['ARP, Request who-has * tell client1'], count: three }, run)).toMatch(/^unmet: 4: ARP, /);
    expect(told({ packets: ['server > client1 ICMP host unreachable'], absent: true }, run)).toBe(
      'met: none among 10 packets',
    );
  });

  it('can be counted, and no segment is among them', () => {
    expect(verdictOn({ packets: ['client1 > server.5000 UDP'], count: { least: 2, most: 2 } }, run).verdict).toBe(
      'met',
    );
    expect(told({ segments: ['* > * S'], absent: true }, run)).toBe('met: none among 0 segments');
  });

  it('belong to the program whose socket they use', () => {
    const of = (program: string, line: string) => verdictOn({ packets: [line], of: program }, run).verdict;
    expect([
      of('u1', 'client1 > server UDP, length 5'),
      of('u1', 'server > client1 UDP'),
      of('u2', 'client1 > server UDP, length 5'),
      of('u2', 'server > client1 ICMP udp port 5001 unreachable'),
      of('u1', 'server > client1 ICMP'),
    ]).toEqual(['met', 'met', 'unmet', 'met', 'unmet']);
  });

  it('are not observable without a capture', () => {
    const none = { ...run, packets: [] };
    expect(told({ packets: ['server > client1 ICMP'] }, none)).toBe('not-observable: nothing was captured at server');
    expect(verdictOn({ packets: ['ARP, Reply gone is-at'], absent: true }, none).verdict).toBe('not-observable');
  });
});

describe('windows', () => {
  const run: RunParts = {
    packets: packets(`
      0.100000 client1 > server 41022>5000 S seq 0 id 1
      0.100200 server > client1 5000>41022 S. seq 0 ack 1
      0.100300 client1 > server 41022>5000 . seq 1 ack 1 id 2
      0.200000 client1 > server 41022>5000 P. seq 1 ack 1 length 500 id 3
      0.200100 server > client1 5000>41022 . seq 1 ack 501 win 0 id 4
      0.400000 client1 > server 41022>5000 . seq 500 ack 1 id 5
      0.400100 server > client1 5000>41022 . seq 1 ack 501 win 0 id 6
      0.600000 client1 > server 41022>5000 . seq 501 ack 1 length 1 id 7
      0.600100 server > client1 5000>41022 . seq 1 ack 501 win 0 id 8
      0.900000 server > client1 5000>41022 . seq 1 ack 501 win 400 id 9`),
  };

  it('are named as Wireshark names them', () => {
    const lines = [
      'server.5000 > client1 . zero_window',
      'client1 > server.5000 . keep_alive',
      'client1 > server.5000 . length 1 zero_window_probe',
      'server.5000 > client1 . zero_window_probe_ack zero_window',
      'server.5000 > client1 . window_update',
    ];
    expect(verdictOn({ segments: lines }, run).verdict).toBe('met');
    expect(
      told({ segments: ['server.5000 > client1 . window_update', 'server.5000 > client1 . zero_window'] }, run),
    ).toBe('unmet: server.5000 > client1.41022 . window_update [server frame 10]; nothing more');
    expect(told({ segments: ['client1 > server . zero_window'], count: { least: 1 } }, run)).toBe(
      'unmet: none among 10 segments',
    );
  });
});
