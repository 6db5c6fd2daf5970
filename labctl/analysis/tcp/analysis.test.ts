// The rules of the TCP analysis, one story each; that tshark tells the same is held by test/truth.test.ts.

import { expect, it } from 'vitest';
import { kinds, Segment } from '../../evidence/scan/segment.ts';
import { namesOf } from '../../model/tcp-analysis.ts';
import { TcpAnalysis } from './analysis.ts';

const bits: Record<string, number> = { F: 1, S: 2, R: 4, P: 8, '.': 16 };

/**
 * `> S. 1000:1010 ack 5000 win 200 +20ms`: from a (`>`) or from b (`<`); 1 ms after the one before unless told;
 * `quoted`: by an ICMP error.
 */
function told(line: string): { flags: string; stream: number } {
  const [way, flags = '', range = '', ...rest] = line.split(' ');
  const value = (name: string): number => Number(rest[rest.indexOf(name) + 1]);
  const [seq = 0, end = seq] = range.split(':').map(Number);
  const milliseconds = Number(/\+(\d+)ms/.exec(line)?.[1] ?? 1);
  at += milliseconds * 1_000_000;
  segment.kind = rest.includes('quoted') ? kinds.quoted : kinds.segment;
  segment.frame += 1;
  segment.family = 4;
  segment.addresses.set(way === '>' ? [1, 0, 0, 0, 2] : [2, 0, 0, 0, 1]);
  [segment.sourcePort, segment.destinationPort] = way === '>' ? [40_000, 80] : [80, 40_000];
  segment.seconds = 1 + Math.floor(at / 1e9);
  segment.nanoseconds = at % 1e9;
  segment.seq = seq | 0;
  segment.length = end - seq;
  segment.ack = rest.includes('ack') ? value('ack') | 0 : 0;
  segment.window = rest.includes('win') ? value('win') : 1000;
  segment.windowScale = rest.includes('scale') ? value('scale') : -1;
  segment.flags = flags.split('').reduce((sum, letter) => sum | (bits[letter] ?? 0), 0);
  segment.headerLength = 20;
  analysis.see(segment);
  return { flags: namesOf(analysis.flags).join(' '), stream: analysis.stream };
}

let analysis: TcpAnalysis;
let segment: Segment;
let at: number;

/** Every line beside what is said of it; lines of which nothing is said are left out. */
function story(...lines: string[]): string[] {
  analysis = new TcpAnalysis();
  segment = new Segment();
  at = 0;
  return lines.map((line) => `${line} · ${told(line).flags}`).filter((line) => !line.endsWith(' · '));
}

it.each<[string, string[], string[]]>([
  [
    'bytes again after 300 ms are a retransmission',
    ['> P. 1000:1010 ack 5000', '> P. 1000:1010 ack 5000 +300ms'],
    ['retransmission'],
  ],
  [
    'bytes again that were acknowledged are a spurious one',
    ['> P. 1000:1010 ack 5000', '< . 5000 ack 1010', '> P. 1000:1010 ack 5000'],
    ['retransmission spurious_retransmission'],
  ],
  [
    'the window of a repeated SYN is not scaled, until an ACK is seen, if only in an ICMP error',
    [
      '> S 1000 win 1 scale 7',
      '< S. 5000 ack 1001 scale 7',
      '> S 1000 ack 5001 win 1 +300ms',
      '< P. 5001:5002 ack 1001',
      '> . 1001 ack 5002 win 1 quoted',
      '> S 1000 ack 5002 win 1 +300ms',
      '> . 1001 ack 5002 win 1 quoted',
      '< P. 5002:5003 ack 1001',
    ],
    ['retransmission', 'window_full', 'retransmission'],
  ],
  [
    'a hole, and what fills it within 3 ms',
    ['> P. 1000:1010 ack 5000', '> P. 1020:1030 ack 5000', '> P. 1010:1020 ack 5000'],
    ['lost_segment', 'out_of_order'],
  ],
  [
    'two duplicate ACKs, and the fast retransmission that they asked for',
    [
      '> P. 1000:1010 ack 5000',
      '< . 5000 ack 1000',
      '< . 5000 ack 1000',
      '< . 5000 ack 1000',
      '> P. 1000:1010 ack 5000 +5ms',
    ],
    ['duplicate_ack', 'duplicate_ack', 'retransmission fast_retransmission'],
  ],
  [
    'an ACK of what was never seen is said once',
    ['> P. 1000:1010 ack 5000', '< . 5000 ack 1011', '< . 5000 ack 1020'],
    ['ack_lost_segment'],
  ],
  [
    'no room, a probe, its answer, and room again',
    [
      '> P. 1000:1010 ack 5000',
      '< . 5000 ack 1010 win 0',
      '> . 1010:1011 ack 5000',
      '< . 5000 ack 1010 win 0',
      '< . 5000 ack 1010 win 500',
    ],
    ['zero_window', 'zero_window_probe', 'zero_window zero_window_probe_ack', 'window_update'],
  ],
  [
    'a keep-alive and its ACK',
    ['> P. 1000:1010 ack 5000', '< . 5000 ack 1010', '> . 1009 ack 5000 +900ms', '< . 5000 ack 1010'],
    ['keep_alive', 'keep_alive_ack'],
  ],
  [
    'data up to the edge of the window, once its scale is known',
    [
      '> S 999 scale 0',
      '< S. 4999 ack 1000 win 100 scale 2',
      '> P. 1000:1010 ack 5000',
      '< . 5000 ack 1010 win 100',
      '> P. 1010:1410 ack 5000',
    ],
    ['window_full'],
  ],
  [
    'a SYN with another number begins a new stream on old ports',
    ['> S 1000', '< S. 5000 ack 1001', '> S 2000'],
    ['reused_ports'],
  ],
  [
    'numbers that wrap around are in order all the same',
    ['> P. 4294967290:4294967300 ack 5000', '> P. 4:14 ack 5000', '> P. 14:20 ack 5000'],
    [],
  ],
])('%s', (_, lines, expected) => {
  expect(story(...lines).map((line) => line.split(' · ')[1])).toEqual(expected);
});

it('numbers streams by their first segment and takes the initial RTT from SYN to ACK', () => {
  story('> S 1000', '< S. 5000 ack 1001 +40ms', '> . 1001 ack 5001 +2ms');
  expect([analysis.stream, analysis.initialRtt, analysis.relativeSeq, analysis.relativeAck]).toEqual([0, 42e6, 1, 1]);
  expect(told('> S 3000')).toEqual({ flags: 'reused_ports', stream: 1 });
});

it('begins a stream where VNC was recognised by its greeting, and not where the port tells the protocol', () => {
  const streams = (port: number): number[] => {
    story();
    const see = (way: '>' | '<', greets: boolean): number => {
      Object.assign(segment, { kind: kinds.segment, family: 4, length: 12, flags: 16, greets });
      segment.addresses.set(way === '>' ? [1, 0, 0, 0, 2] : [2, 0, 0, 0, 1]);
      [segment.sourcePort, segment.destinationPort] = way === '>' ? [40_000, port] : [port, 40_000];
      analysis.see(segment);
      return analysis.stream;
    };
    return [see('>', false), see('<', true), see('>', true), see('<', false), see('>', true)];
  };
  expect(streams(5902)).toEqual([0, 0, 1, 1, 1]);
  expect([5900, 80, 6001].map((port) => streams(port).at(-1))).toEqual([0, 0, 0]);
});
