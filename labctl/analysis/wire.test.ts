import { describe, expect, it } from 'vitest';
import type { Report } from '../model/report.ts';
import type { RunEvent } from '../model/run.ts';
import type { WireCount, WireRule } from '../model/wire.ts';
import { analyse } from './analyse.ts';
import { look, packets, recordedRun } from './testing.ts';

const place = { file: 'f.yml', line: 1, col: 1 };
const drop = (said: Partial<Extract<WireRule, { kind: 'drop' }>>): WireRule => ({
  ...{ kind: 'drop', place, rule: 'r', drop: 'data', from: 'client1', to: 'server' },
  ...said,
});
const added = (rule: string, at = 0): RunEvent => ({
  kind: 'rule-added',
  at,
  rule,
  summary: { en: '', fr: '' },
  loaded: '',
});

const ended = (at: number): RunEvent => ({ kind: 'rule-removed', at, rule: 'r', hit: 0, passed: 1 });

const traffic = `
  0.100 client1 > server 41022>5000 P. seq 1 ack 1 length 2 id 1
  0.200 client1 > server 41022>5000 P. seq 3 ack 1 length 2 id 2 ✗
  0.300 server > client1 5000>41022 . seq 1 ack 3 id 3 ✗
  0.400 client1 > server 41022>5000 P. seq 3 ack 1 length 2 id 4`;

const reported = (wire: WireRule[], counts: WireCount[], events: RunEvent[], expected: object[] = []): Report => {
  const looks = [
    look('start', 'client1', { counters: { TcpExtTCPTimeouts: 1 } }),
    look('end', 'client1', { counters: { TcpExtTCPTimeouts: 3 } }),
  ];
  const run = recordedRun({ packets: packets(traffic), events, expect: expected, looks });
  run.scenario.wire = wire;
  run.record.wire = counts;
  return analyse(run);
};
const taken = ({ passages }: Report) => passages.map(({ takenBy }) => takenBy?.rule);

describe('a lost packet', () => {
  it('was taken by the rule whose place and counter say so', () => {
    const second = drop({ rule: 'second', nth: [2] });
    const acks = drop({ rule: 'acks', drop: 'ack', from: 'server', to: 'client1' });
    const counts = [
      { rule: 'second', hit: 1, passed: 3 },
      { rule: 'acks', hit: 1, passed: 1 },
    ];
    expect(taken(reported([second, acks], counts, [added('second'), added('acks')]))).toEqual([
      undefined,
      'second',
      'acks',
      undefined,
    ]);
  });

  it.each([
    ['the counter says another number', drop({ nth: [2] }), 2, [added('r')]],
    ['it stands at another place', drop({ nth: [1] }), 1, [added('r')]],
    ['the rule is for another way', drop({ from: 'server', to: 'client1', nth: [2] }), 1, [added('r')]],
    ['the rule ended before', drop({ nth: [2] }), 1, [added('r'), ended(150_000)]],
  ])('was taken by nobody that is known when %s', (_, rule, hit, events) => {
    expect(taken(reported([rule], [{ rule: 'r', hit, passed: 3 }], events))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('is told of although others got through while the rule was on its way in and out', () => {
    const events: RunEvent[] = [
      { kind: 'input-closed', at: 50_000, program: 'x' },
      added('r', 150_000),
      { kind: 'input-closed', at: 350_000, program: 'y' },
      { kind: 'rule-removed', at: 450_000, rule: 'r', hit: 1, passed: 1 },
    ];
    const rule = drop({});
    expect(taken(reported([rule], [{ rule: 'r', hit: 1, passed: 1 }], events))).toEqual([
      undefined,
      'r',
      undefined,
      undefined,
    ]);
  });

  it('was taken by a cut cable, whatever it was', () => {
    const cut: WireRule = { kind: 'cut', place, rule: 'cut', cut: ['client1'] };
    const events: RunEvent[] = [
      { kind: 'input-closed', at: 150_000, program: 'x' },
      added('cut', 160_000),
      { kind: 'rule-removed', at: 350_000, rule: 'cut', hit: 3, passed: 3 },
    ];
    expect(taken(reported([cut], [{ rule: 'cut', hit: 3, passed: 3 }], events))).toEqual([
      undefined,
      'cut',
      'cut',
      undefined,
    ]);
  });
});

describe('expectations', () => {
  const judged = (expectation: object, hit = 1, passed = 3) => {
    const say = { en: '', fr: '' };
    const { verdicts, verdict } = reported(
      [drop({ nth: [2] })],
      [{ rule: 'r', hit, passed }],
      [added('r')],
      [{ id: 'a', say, ...expectation }],
    );
    return { word: verdicts[0]?.verdict, seen: verdicts[0]?.seen.en, whole: verdict };
  };

  it('dropped: the counter of a rule', () => {
    expect(judged({ dropped: 1, by: 'r' })).toEqual({ word: 'met', seen: 'r: 1', whole: 'met' });
    expect(judged({ dropped: 2, by: 'r' })).toEqual({ word: 'unmet', seen: 'r: 1', whole: 'unmet' });
    expect(judged({ dropped: 1, by: 'other' })).toMatchObject({
      word: 'not-observable',
      seen: 'the counter of other was not read',
    });
  });

  it('a rule that met nothing makes the whole not observable', () => {
    expect(judged({ dropped: 1, by: 'r' }, 0)).toMatchObject({ seen: 'r was about 3, and took none' });
    expect(judged({ dropped: 1, by: 'r' }, 0, 0)).toEqual({
      word: 'not-observable',
      seen: 'r met no packet',
      whole: 'not-observable',
    });
    expect(judged({ segments: ['server > client1 R'] }, 0)).toMatchObject({ word: 'unmet', whole: 'not-observable' });
  });

  it('counter: how much it grew from look to look', () => {
    const counter = { counter: 'TcpExtTCPTimeouts', on: 'client1', at: 'end' };
    expect(judged({ ...counter, grows: 2 })).toMatchObject({
      word: 'met',
      seen: 'TcpExtTCPTimeouts +2 on client1 from start to end',
    });
    expect(judged({ ...counter, grows: 3 }).word).toBe('unmet');
    expect(judged({ ...counter, grows: 0 }).word).toBe('unmet');
    expect(judged({ ...counter, counter: 'TcpExtNoSuch', grows: 0 })).toMatchObject({
      word: 'not-observable',
      seen: 'this kernel has no counter TcpExtNoSuch',
    });
    expect(judged({ ...counter, since: 'middle', grows: 1 })).toMatchObject({
      word: 'not-observable',
      seen: 'there was no look "middle" at client1',
    });
  });

  it('segments: lost, again, and after how long', () => {
    const seq = (...segments: string[]) => judged({ segments }).word;
    expect(seq('client1 > server P. lost', 'client1 > server P. again after 200ms')).toBe('met');
    expect(seq('client1 > server P. again after 400ms')).toBe('unmet');
    expect(judged({ segments: ['client1 > server P. lost', 'client1 > server P. lost'] }).seen).toBe(
      'client1.41022 > server.5000 P. length 2 lost [client1 frame 2]; server.5000 > client1.41022 . lost [server frame 2]; client1.41022 > server.5000 P. length 2 again after 200ms [client1 frame 3]',
    );
  });
});
