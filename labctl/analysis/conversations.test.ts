import { assert, integer, nat, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { followConversations } from './conversations.ts';
import { relative } from './direction.ts';
import { hostsOf } from './hosts.ts';
import { matchPassages } from './passages.ts';
import { packets, type RunParts, recordedRun } from './testing.ts';

const follow = (text: string, parts: RunParts = {}) => {
  const run = recordedRun({ packets: packets(text), ...parts });
  const passages = matchPassages(run.packets, hostsOf(run));
  return { conversations: followConversations(passages), segments: passages.map(({ tcp }) => tcp) };
};

const opening = `
  0.000100 client1 > server 41022>5000 S seq 0 id 1
  0.000200 server > client1 5000>41022 S. seq 0 ack 1
  0.000300 client1 > server 41022>5000 . seq 1 ack 1 id 2`;

const echo = `${opening}
  1.000000 client1 > server 41022>5000 P. seq 1 ack 1 length 6 id 3
  1.000100 server > client1 5000>41022 . seq 1 ack 7 id 4
  1.000200 server > client1 5000>41022 P. seq 1 ack 7 length 6 id 5
  1.000300 client1 > server 41022>5000 . seq 7 ack 7 id 6
  2.000000 client1 > server 41022>5000 F. seq 7 ack 7 id 7
  2.000100 server > client1 5000>41022 F. seq 7 ack 8 id 8
  2.000200 client1 > server 41022>5000 . seq 8 ack 8 id 9`;

describe('followConversations', () => {
  it('tells a whole conversation in the words of the RFC', () => {
    const { conversations, segments } = follow(echo);
    expect(conversations).toMatchObject([
      {
        index: 0,
        initiator: { endpoint: { address: '10.0.0.11', port: 41022 }, host: 'client1' },
        responder: { endpoint: { address: '10.0.0.2', port: 5000 }, host: 'server' },
        bytes: { fromInitiator: 6, fromResponder: 6 },
        handshake: { syn: 1, synAck: 2, ack: 3 },
        initialRtt: 200,
        closing: 'fin-both',
      },
    ]);
    expect(segments.map((segment) => segment?.meaning)).toEqual(
      'syn syn-ack handshake-ack data ack data ack fin fin-ack last-ack'.split(' '),
    );
    expect(segments.map((segment) => [segment?.relativeSeq, segment?.relativeAck]).slice(0, 4)).toEqual([
      [0, undefined],
      [0, 1],
      [1, 1],
      [1, 1],
    ]);
  });

  it('names what carried the bytes of segments that were cut anew', () => {
    const { segments } = follow(`${opening}
      1.000000 client1 > server 41022>5000 P. seq 1 ack 1 length 10 id 3 ✗
      1.000010 client1 > server 41022>5000 P. seq 11 ack 1 length 10 id 4 ✗
      1.000020 client1 > server 41022>5000 P. seq 21 ack 1 length 10 id 5
      1.204000 client1 > server 41022>5000 P. seq 1 ack 1 length 15 id 6
      1.204010 client1 > server 41022>5000 P. seq 16 ack 1 length 9 id 7
      1.204020 client1 > server 41022>5000 P. seq 25 ack 1 length 16 id 8`);
    expect(segments.slice(6).map((segment) => segment?.repeats?.passage)).toEqual([4, 5, 6]);
  });

  it('tells duplicate ACKs, with what they have, from window updates and probes', () => {
    const { segments } = follow(`${opening}
      1.000000 client1 > server 41022>5000 P. seq 1 ack 1 length 10 id 3 ✗
      1.000010 client1 > server 41022>5000 P. seq 11 ack 1 length 10 id 4
      1.000100 server > client1 5000>41022 . seq 1 ack 1 win 490 sack 11:21
      1.000200 client1 > server 41022>5000 P. seq 1 ack 1 length 10 id 5
      1.000300 server > client1 5000>41022 . seq 1 ack 21 win 0
      1.300000 client1 > server 41022>5000 . seq 20 ack 1 id 6
      1.300100 server > client1 5000>41022 . seq 1 ack 21 win 400`);
    expect(segments.slice(5).map((segment) => [segment?.meaning, segment?.sack])).toEqual([
      ['duplicate-ack', [{ left: 11, right: 21 }]],
      ['data', undefined],
      ['ack', undefined],
      ['window-probe', undefined],
      ['window-update', undefined],
    ]);
  });

  it('names the copy before a repeated SYN, and how long it waited', () => {
    const { segments, conversations } = follow(`
      0.000100 client1 > server 41022>5000 S seq 0 id 1 ✗
      1.030100 client1 > server 41022>5000 S seq 0 id 2 ✗
      3.050100 client1 > server 41022>5000 S seq 0 id 3`);
    expect(segments.map((segment) => segment?.repeats)).toEqual([
      undefined,
      { passage: 1, after: 1_030_000 },
      { passage: 2, after: 2_020_000 },
    ]);
    expect(conversations[0]?.closing).toBe('no-answer');
  });

  it('measures the initial RTT from the latest SYN, as Wireshark does', () => {
    const { conversations } = follow(`
      0.000100 client1 > server 41022>5000 S seq 0 id 1 ✗
      1.000000 client1 > server 41022>5000 S seq 0 id 2
      1.000100 server > client1 5000>41022 S. seq 0 ack 1
      1.000150 client1 > server 41022>5000 . seq 1 ack 1 id 3`);
    expect(conversations[0]?.initialRtt).toBe(150);
  });

  it('counts repeated bytes once', () => {
    const { segments, conversations } = follow(`${opening}
      1.000000 client1 > server 41022>5000 P. seq 1 ack 1 length 8 id 3 ✗
      1.203700 client1 > server 41022>5000 P. seq 1 ack 1 length 8 id 4
      1.203800 server > client1 5000>41022 . seq 1 ack 9 id 5`);
    expect(segments[4]?.repeats).toEqual({ passage: 4, after: 203_700 });
    expect(conversations[0]?.bytes.fromInitiator).toBe(8);
  });

  it('takes one lost byte that is sent again for data, not for a keep-alive', () => {
    const { segments } = follow(`${opening}
      1.000000 client1 > server 41022>5000 P. seq 1 ack 1 length 1 id 3 ✗
      1.200000 client1 > server 41022>5000 P. seq 1 ack 1 length 1 id 4
      1.200100 server > client1 5000>41022 . seq 1 ack 2 id 5
      9.000000 client1 > server 41022>5000 . seq 1 ack 1 id 6`);
    expect(segments.slice(3).map((segment) => segment?.meaning)).toEqual(['data', 'data', 'ack', 'keep-alive']);
    expect(segments[4]?.repeats?.passage).toBe(4);
  });

  it('calls a SYN that meets RST refused', () => {
    const { segments, conversations } = follow(`
      0.000100 client1 > server 41022>5000 S seq 0 id 1
      0.000200 server > client1 5000>41022 R. seq 0 ack 1`);
    expect(conversations[0]?.closing).toBe('refused');
    expect(segments[1]).toMatchObject({ meaning: 'rst-refused', relativeAck: 1 });
  });

  it('begins a new conversation when ports are used again', () => {
    const { conversations } = follow(`${echo}
      5.000100 client1 > server 41022>5000 S seq 0 isn 7777 id 11
      5.000200 server > client1 5000>41022 R. seq 0 isn 7777 ack 1`);
    expect(conversations.map(({ closing, passages }) => [closing, passages.length])).toEqual([
      ['fin-both', 10],
      ['refused', 2],
    ]);
  });

  it('guesses as Wireshark does when the beginning is missing', () => {
    const { segments, conversations } = follow(`
      1.000000 client1 > server 41022>5000 P. seq 500 ack 300 length 6 id 3
      1.000100 server > client1 5000>41022 . seq 300 ack 506 id 4`);
    expect(segments.map((segment) => [segment?.relativeSeq, segment?.relativeAck])).toEqual([
      [1, 1],
      [1, 7],
    ]);
    expect(conversations[0]).toMatchObject({ initiator: { host: 'client1' }, handshake: {}, closing: 'open' });
    const answered = follow('0.000200 server > client1 5000>41022 S. seq 0 ack 1');
    expect(answered.conversations[0]?.initiator.host).toBe('client1');
  });

  it('keeps the loopback conversations of two hosts apart', () => {
    const { conversations } = follow(
      `0.1 server > server 41022>5000 S seq 0 id 1
       0.2 client1 > client1 41022>5000 S seq 0 id 1`.replaceAll(/0\.(\d) /g, '0.$100000 '),
    );
    expect(conversations.map(({ initiator }) => initiator.host)).toEqual(['server', 'client1']);
  });
});

describe('relative', () => {
  it('unfolds 32-bit numbers to the turn nearest to what is expected', () => {
    assert(
      property(nat(2 ** 40), nat(0xffff_ffff), integer({ min: -1e9, max: 1e9 }), (offset, base, near) => {
        const absolute = (base + offset) % 2 ** 32;
        expect(relative(absolute, base, offset + near)).toBe(offset);
      }),
    );
  });
});
