import { describe, expect, it } from 'vitest';
import { analyse } from '../../analysis/analyse.ts';
import { packets, type RunParts, recordedRun } from '../../analysis/testing.ts';
import type { Report } from '../../model/report.ts';
import { junitText } from './junit.ts';
import { pointsOfCheck, pointsOfRun } from './points.ts';
import { tapText } from './tap.ts';

const say = { en: 'A client asks: #1 & <more>.', fr: 'Un client demande.' };
const report = (parts: RunParts = {}): Report =>
  analyse(
    recordedRun({
      packets: packets('0.100000 client1 > server 41022>5000 S seq 0 id 1'),
      expect: [
        { id: 'asks', say, segments: ['client1 > server.5000 S'] },
        { id: 'answers', say, segments: ['server.5000 > client1 S.'] },
        { id: 'calls', say, calls: ['accept'], by: 'server' },
      ],
      ...parts,
    }),
  );

describe('a run', () => {
  it('is a TAP report, in which what cannot be observed is not ok', () => {
    expect(tapText(pointsOfRun(report(), 'en'))).toBe(`TAP version 14
1..4
# test
ok 1 - run: The run went as planned: every step came true, and every rule of the wire met a packet.
ok 2 - asks: A client asks: \\#1 & <more>.
not ok 3 - answers: A client asks: \\#1 & <more>.
  ---
  verdict: "unmet"
  at: "scenarios/test.yml:9"
  expected: "server.5000 > client1 S."
  seen: "client1.41022 > server.5000 S [client1 frame 1]"
  ...
not ok 4 - calls: A client asks: \\#1 & <more>.
  ---
  verdict: "not-observable"
  at: "scenarios/test.yml:9"
  expected: "accept"
  seen: "server was never started"
  ...`);
  });

  it('is a JUnit report', () => {
    expect(junitText(pointsOfRun(report(), 'en')).replaceAll('><', '>\n<')).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="labctl" tests="4" failures="1" errors="1">
<testsuite name="test" tests="4" failures="1" errors="1" time="100">
<testcase classname="test" name="run" time="0"/>
<testcase classname="test" name="asks" time="0"/>
<testcase classname="test" name="answers" time="0">
<failure message="client1.41022 &gt; server.5000 S [client1 frame 1]" type="unmet">A client asks: #1 &amp; &lt;more&gt;.
expected: server.5000 &gt; client1 S.
seen:     client1.41022 &gt; server.5000 S [client1 frame 1]
scenarios/test.yml:9</failure>
</testcase>
<testcase classname="test" name="calls" time="0">
<error message="server was never started" type="not-observable">A client asks: #1 &amp; &lt;more&gt;.
expected: accept
seen:     server was never started
scenarios/test.yml:9</error>
</testcase>
</testsuite>
</testsuites>`);
  });

  it('has a point of its own for a step that failed, and for a run that ended early', () => {
    const failed = report({
      events: [
        { kind: 'step-failed', at: 5, step: 3, awaited: 'c1 prints "x"', seen: 'nothing', place: undefined } as never,
      ],
    });
    expect(pointsOfRun(failed, 'en')).toMatchObject({
      verdict: 'unmet',
      points: [{ id: 'run', verdict: 'unmet', expected: 'c1 prints "x"', seen: 'nothing' }, {}, {}, {}],
    });
    const early = report();
    early.run.outcome = 'interrupted';
    expect(pointsOfRun(early, 'fr').points[0]).toMatchObject({
      verdict: 'not-observable',
      seen: 'l’exécution s’est arrêtée tôt (interrupted)',
    });
  });
});

describe('a check', () => {
  const { verdicts } = report();
  const checked = { scenario: 'test', hints: [], messages: '' };
  it('has a point for a program that could not take part', () => {
    const reason = { kind: 'does-not-compile', text: { en: 'it does not compile', fr: '' } } as const;
    expect(tapText(pointsOfCheck({ ...checked, verdict: 'unmet', reason, expectations: [] }, 'en'))).toContain(
      'not ok 1 - program: The program could be built and started, and went through the scenario.\n' +
        '  ---\n  verdict: "unmet"\n  seen: "it does not compile"',
    );
  });
  it('has one for each expectation', () => {
    const reason = { kind: 'unmet', text: { en: 'x', fr: '' } } as const;
    const { points } = pointsOfCheck({ ...checked, verdict: 'unmet', reason, expectations: verdicts }, 'en');
    expect(points.map(({ id, verdict }) => `${id} ${verdict}`)).toEqual([
      'program met',
      'asks met',
      'answers unmet',
      'calls not-observable',
    ]);
  });
});
