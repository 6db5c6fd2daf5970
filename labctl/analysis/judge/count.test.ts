import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../model/run.ts';
import { calls, packets, type RunParts } from '../testing.ts';
import { began, told, verdictOn } from './testing.ts';

const syns = packets(`
  0.100000 client1 > server 41022>5000 S seq 0 id 1 ✗
  1.100000 client1 > server 41022>5000 S seq 0 id 2 ✗
  3.100000 client1 > server 41022>5000 S seq 0 id 3
  3.100200 server > client1 5000>41022 S. seq 0 ack 1`);
const events: RunEvent[] = [
  began('late', 2_000_000),
  { kind: 'program-started', at: 0, program: 'c1', host: 'client1', argv: ['client'], traced: true },
  { kind: 'output', at: 10, program: 'c1', stream: 'stdout', text: 'connected to 10.0.0.2:5000\nhello\nhello\n' },
];
const accepts = calls(`
  0.100000 server/7 accept(3<socket:[70]>) = 4<socket:[71]> <0.000100>
  0.200000 server/7 accept(3<socket:[70]>) = -1 EMFILE <0.000100>`);
const run: RunParts = { packets: syns, calls: accepts, events };

describe('a count of segments', () => {
  const syn = (count: object, more: object = {}) => ({ segments: ['client1 > server.5000 S'], count, ...more });

  it('is exact, or at least, or at most', () => {
    const list =
      '3: client1.41022 > server.5000 S lost [client1 frame 1]; ' +
      'client1.41022 > server.5000 S again after 1000ms lost [client1 frame 2]; ' +
      'client1.41022 > server.5000 S again after 2000ms [client1 frame 3]';
    expect(told(syn({ least: 3, most: 3 }), run)).toBe(`met: ${list}`);
    expect(verdictOn(syn({ least: 4, most: 4 }), run)).toMatchObject({
      verdict: 'unmet',
      expected: { en: '4 × client1 > server.5000 S' },
      seen: { en: list },
      proofs: [{ frame: 1 }, { frame: 2 }, { frame: 3 }],
    });
    expect(verdictOn(syn({ least: 4 }), run).expected).toEqual({
      en: 'at least 4 × client1 > server.5000 S',
      fr: 'au moins 4 × client1 > server.5000 S',
    });
    expect(verdictOn(syn({ least: 0, most: 2 }), run)).toMatchObject({
      verdict: 'unmet',
      expected: { en: 'at most 2 × client1 > server.5000 S' },
    });
    expect(verdictOn(syn({ least: 2, most: 4 }), run).verdict).toBe('met');
    expect(verdictOn(syn({ least: 1, most: 1 }, { after: 'late' }), run).verdict).toBe('met');
    expect(told({ segments: ['server.5000 > client1 R'], count: { least: 0, most: 0 } }, run)).toBe(
      'met: none among 4 segments',
    );
  });

  it('is known to be no larger only without a gap, but what was seen was there', () => {
    const gap: RunParts = { ...run, drops: { 'client1/eth0': 2 } };
    const word = (count: object) => verdictOn(syn(count), gap).verdict;
    expect(word({ least: 3, most: 3 })).toBe('not-observable');
    expect(word({ least: 4, most: 4 })).toBe('not-observable');
    expect(word({ least: 2 })).toBe('met');
    expect(word({ least: 0, most: 2 })).toBe('unmet');
  });
});

it('counts calls by their results', () => {
  const accept = (pattern: string, count: object) => told({ calls: [pattern], by: 'server', count }, run);
  expect(accept('accept', { least: 2, most: 2 })).toBe(
    'met: 2: accept(3) = 4 [server call 1]; accept(3) = EMFILE [server call 2]',
  );
  expect(accept('accept = 4', { least: 2, most: 2 })).toBe('unmet: 1: accept(3) = 4 [server call 1]');
  expect(accept('accept = 5', { least: 0, most: 0 })).toBe('met: none among 2 calls of server');
  expect(told({ calls: ['accept'], by: 'c1', count: { least: 0, most: 0 } }, run)).toBe(
    'not-observable: c1 was never started',
  );
});

describe('output', () => {
  it('counts a text, or lines that fit a pattern', () => {
    const hello = { output: 'hello', of: 'c1' };
    expect(verdictOn({ ...hello, count: { least: 2, most: 2 } }, run).verdict).toBe('met');
    expect(verdictOn({ ...hello, count: { least: 3 } }, run)).toMatchObject({
      verdict: 'unmet',
      expected: { en: 'c1 prints at least 3 × "hello"' },
    });
    const line = { output: { matches: '^connected to [0-9.]+:5000$' }, of: 'c1' };
    expect(verdictOn(line, run)).toMatchObject({ verdict: 'met', proofs: [{ kind: 'output', at: 10 }] });
    expect(verdictOn({ ...line, output: { matches: 'hello .+' } }, run)).toMatchObject({
      verdict: 'unmet',
      expected: { fr: 'c1 affiche une ligne comme /hello .+/' },
      seen: { en: 'c1 printed "connected to 10.0.0.2:5000\\nhello\\nhello\\n"' },
    });
  });
});

it('compares ports with a range', () => {
  const traced = calls('0.100000 client1/9 connect(3<socket:[90]>, server:5000) = 0 <3.000280>');
  const within = (first: number, last: number) =>
    verdictOn({ ports: { in: [first, last] }, of: ['client1'] }, { ...run, calls: traced });
  expect(within(41_000, 41_022)).toMatchObject({
    verdict: 'met',
    expected: { en: 'initiator ports of client1 from 41000 to 41022' },
  });
  expect(within(41_000, 41_021)).toMatchObject({ verdict: 'unmet', seen: { en: 'client1 10.0.0.11:41022' } });
});
