// Points as JUnit's XML: a suite for the scenario, a case for each point; an error is what could not be observed.

import { type Element, markup, s } from '../element.ts';
import type { Point, Points } from './points.ts';

function testCase({ id, say, verdict, at, expected, seen, proofs }: Point, scenario: string): Element {
  const attributes = { classname: scenario, name: id, time: 0 };
  if (verdict === 'met') return s('testcase', attributes);
  const details = [say, expected && `expected: ${expected}`, seen && `seen:     ${seen}`, proofs.join('; '), at];
  const body = details.filter(Boolean).join('\n');
  const tag = verdict === 'unmet' ? 'failure' : 'error';
  return s('testcase', attributes, s(tag, { message: seen ?? say, type: verdict }, body));
}

export function junitText({ scenario, seconds, points }: Points): string {
  const count = (verdict: Point['verdict']): number => points.filter((point) => point.verdict === verdict).length;
  const counts = { tests: points.length, failures: count('unmet'), errors: count('not-observable') };
  const suite = s(
    'testsuite',
    { name: scenario, ...counts, time: seconds },
    ...points.map((point) => testCase(point, scenario)),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${markup(s('testsuites', { name: 'labctl', ...counts }, suite))}`;
}
