import { describe, expect, it } from 'vitest';
import type { CounterRise, Counters } from '../model/look.ts';
import { analyse } from './analyse.ts';
import { look, packets, recordedRun } from './testing.ts';

const opening = `
  0.000100 client1 > server 41022>5000 S seq 0 id 1
  0.000200 server > client1 5000>41022 S. seq 0 ack 1
  0.000300 client1 > server 41022>5000 . seq 1 ack 1 id 2`;

/** The last write lost, and sent again after 204 ms. */
const tail = `${opening}
  1.000000 client1 > server 41022>5000 P. seq 1 ack 1 length 10 id 3 ✗
  1.204000 client1 > server 41022>5000 P. seq 1 ack 1 length 10 id 4
  1.204100 server > client1 5000>41022 . seq 1 ack 11 id 5`;

/** The first of five segments lost; three duplicate ACKs. */
const hole = `${opening}
  1.000000 client1 > server 41022>5000 . seq 1 ack 1 length 10 id 3 ✗
  1.000010 client1 > server 41022>5000 . seq 11 ack 1 length 10 id 4
  1.000020 client1 > server 41022>5000 . seq 21 ack 1 length 10 id 5
  1.000030 client1 > server 41022>5000 P. seq 31 ack 1 length 10 id 6
  1.000060 server > client1 5000>41022 . seq 1 ack 1 id 7
  1.000070 server > client1 5000>41022 . seq 1 ack 1 id 8
  1.000080 server > client1 5000>41022 . seq 1 ack 1 id 9
  1.000120 client1 > server 41022>5000 . seq 1 ack 1 length 10 id 10
  1.000200 server > client1 5000>41022 . seq 1 ack 41 id 11`;

const rise = (from: number, until: number, changes: Counters, host = 'client1'): CounterRise => ({
  host,
  from: Math.round(from * 1_000_000),
  until: Math.round(until * 1_000_000),
  changes: Object.fromEntries(
    Object.entries(changes).map(([name, by]) => [name === 'RetransSegs' ? `Tcp${name}` : `TcpExtTCP${name}`, by]),
  ),
});

const causesOf = (text: string, ...counterRises: CounterRise[]) => {
  const { passages } = analyse({ ...recordedRun({ packets: packets(text) }), counterRises });
  return passages.flatMap(({ number, tcp }) => (tcp?.repeats ? [`#${number} ${tcp.repeats.why?.cause ?? '?'}`] : []));
};

describe('proveRepetitions', () => {
  it('proves a tail loss probe by the one counter that rose', () => {
    const rises = [rise(1.001, 1.2042, { LossProbes: 1, RetransSegs: 1 })];
    const run = { ...recordedRun({ packets: packets(tail) }), counterRises: rises };
    expect(analyse(run).passages[4]?.tcp?.repeats).toEqual({
      passage: 4,
      after: 204_000,
      why: { cause: 'tail-loss-probe', counter: 'TcpExtTCPLossProbes', from: 1_001_000, until: 1_204_200, rose: 1 },
    });
  });

  it('proves a timeout, and a fast retransmission with its duplicate ACKs', () => {
    expect(causesOf(tail, rise(1.001, 1.205, { Timeouts: 1, RetransSegs: 1 }))).toEqual(['#5 timeout']);
    const rises = [rise(1.0001, 1.0021, { FastRetrans: 1, RetransSegs: 1 })];
    const run = { ...recordedRun({ packets: packets(hole) }), counterRises: rises };
    const again = analyse(run).passages.find(({ tcp }) => tcp?.repeats)?.tcp?.repeats;
    expect(again?.why).toMatchObject({ cause: 'fast-retransmission', duplicateAcks: [8, 9, 10] });
  });

  it.each([
    ['no counter rose', []],
    ['it rose at the other host', [rise(1.001, 1.205, { LossProbes: 1, RetransSegs: 1 }, 'server')]],
    ['it rose at another time', [rise(0.5, 1.1, { LossProbes: 1, RetransSegs: 1 })]],
    ['two counters could explain it', [rise(1.001, 1.205, { FastRetrans: 1, Timeouts: 1, RetransSegs: 1 })]],
    ['it rose too often', [rise(1.001, 1.205, { Timeouts: 2, RetransSegs: 1 })]],
    ['the kernel sent more again than was seen', [rise(1.001, 1.205, { LossProbes: 1, RetransSegs: 2 })]],
  ])('says nothing when %s', (_why, rises) => {
    expect(causesOf(tail, ...rises)).toEqual(['#5 ?']);
  });

  it('joins readings where a repetition may belong to either', () => {
    const [first, second] = [rise(1.001, 1.2041, { RetransSegs: 1 }), rise(1.2039, 1.206, { LossProbes: 1 })];
    expect(causesOf(tail, first, second)).toEqual(['#5 tail-loss-probe']);
  });

  it('keeps readings apart that follow each other closely', () => {
    const text = `${tail.replace(/.*id 5$/, '').replace('id 4', 'id 4 ✗')}
      1.616000 client1 > server 41022>5000 P. seq 1 ack 1 length 10 id 6`;
    const rises = [
      rise(1.001, 1.2042, { LossProbes: 1, RetransSegs: 1 }),
      rise(1.2041, 1.6161, { Timeouts: 1, RetransSegs: 1 }),
    ];
    expect(causesOf(text, ...rises)).toEqual(['#5 tail-loss-probe', '#6 timeout']);
  });

  it('goes by the looks where nothing was read between them', () => {
    const counters = (value: number) => ({ TcpExtTCPTimeouts: value, TcpExtTCPLossProbes: 7, TcpRetransSegs: value });
    const looks = [
      look('start', 'client1', { at: 10, counters: counters(4) }),
      look('end', 'client1', { at: 2_000_000, counters: counters(5) }),
    ];
    const { passages } = analyse(recordedRun({ packets: packets(tail), looks }));
    expect(passages[4]?.tcp?.repeats?.why).toMatchObject({ cause: 'timeout', from: 10, until: 2_000_000, rose: 1 });
  });

  it('tells the timeout from the slow start that goes on from it', () => {
    const flight = `${opening}
      1.000000 client1 > server 41022>5000 . seq 1 ack 1 length 10 id 3 ✗
      1.000010 client1 > server 41022>5000 . seq 11 ack 1 length 10 id 4 ✗
      1.000020 client1 > server 41022>5000 P. seq 21 ack 1 length 10 id 5 ✗
      1.204000 client1 > server 41022>5000 . seq 1 ack 1 length 10 id 6
      1.204060 server > client1 5000>41022 . seq 1 ack 11 id 7
      1.204100 client1 > server 41022>5000 . seq 11 ack 1 length 10 id 8
      1.204110 client1 > server 41022>5000 P. seq 21 ack 1 length 10 id 9`;
    const whole = rise(1.001, 1.206, { Timeouts: 1, SlowStartRetrans: 2, RetransSegs: 3 });
    expect(causesOf(flight, whole)).toEqual(['#7 timeout', '#9 slow-start', '#10 slow-start']);
  });

  it('tells the tail loss probe from the fast retransmissions that its SACK asks for', () => {
    const flight = `${opening}
      1.000000 client1 > server 41022>5000 . seq 1 ack 1 length 10 id 3 ✗
      1.000020 client1 > server 41022>5000 P. seq 11 ack 1 length 10 id 4 ✗
      1.204000 client1 > server 41022>5000 P. seq 11 ack 1 length 10 id 5
      1.204060 server > client1 5000>41022 . seq 1 ack 1 id 6
      1.204100 client1 > server 41022>5000 . seq 1 ack 1 length 10 id 7`;
    const whole = rise(1.001, 1.206, { LossProbes: 1, FastRetrans: 1, RetransSegs: 2 });
    expect(causesOf(flight, whole)).toEqual(['#6 tail-loss-probe', '#8 fast-retransmission']);
  });

  it('tells the timer by its patience, and what follows by the acknowledgments that ask for it', () => {
    const flight = `${opening}
      1.000000 client1 > server 41022>5000 . seq 1 ack 1 length 10 id 3 ✗
      1.204000 client1 > server 41022>5000 . seq 1 ack 1 length 10 id 4
      1.204060 server > client1 5000>41022 . seq 1 ack 11 id 5
      1.204100 client1 > server 41022>5000 . seq 11 ack 1 length 10 id 6 ✗
      1.204110 client1 > server 41022>5000 . seq 21 ack 1 length 10 id 7
      1.204170 server > client1 5000>41022 . seq 1 ack 11 id 8 sack 21:31
      1.204210 client1 > server 41022>5000 . seq 11 ack 1 length 10 id 9`;
    const whole = rise(1.001, 1.206, { Timeouts: 1, FastRetrans: 1, RetransSegs: 2 });
    expect(causesOf(flight, whole)).toEqual(['#5 timeout', '#10 fast-retransmission']);
    // Both could be the timer's as far as the counters go, but not by their patience.
    expect(causesOf(flight, rise(1.001, 1.206, { Timeouts: 2, RetransSegs: 2 }))).toEqual(['#5 ?', '#10 ?']);
  });

  it('knows that a tail loss probe may carry new bytes, and repeat nothing', () => {
    const probed = rise(1.001, 1.205, { LossProbes: 1, Timeouts: 1, RetransSegs: 1 });
    expect(causesOf(tail, probed)).toEqual(['#5 timeout']);
  });

  it('tells a repeated SYN-ACK of the timer from one that answers a repeated SYN', () => {
    const opens = `
      0.000100 client1 > server 41022>5000 S seq 0 id 1
      0.000200 server > client1 5000>41022 S. seq 0 ack 1 tsval 1 ✗
      1.000200 server > client1 5000>41022 S. seq 0 ack 1 tsval 1000 ✗
      1.000400 client1 > server 41022>5000 S seq 0 id 2
      1.000500 server > client1 5000>41022 S. seq 0 ack 1 tsval 1001`;
    const rises = [
      rise(0.001, 1.002, { Timeouts: 1, SynRetrans: 2, RetransSegs: 2 }, 'server'),
      rise(0.001, 1.002, { Timeouts: 1, SynRetrans: 1, RetransSegs: 1 }),
    ];
    expect(causesOf(opens, ...rises)).toEqual(['#3 timeout', '#4 timeout', '#5 ?']);
  });
});
