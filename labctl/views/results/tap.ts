// Points as TAP 14 (testanything.org), which prove(1) reads. What could not be observed is not ok: no evidence is no pass.

import { visible } from '../visible.ts';
import type { Point, Points } from './points.ts';

const oneLine = (text: string): string => visible(text.replace(/\s+/g, ' '), { unicode: true });

/** In a description `\` and `#` are escaped, or a directive would begin there. */
const description = (text: string): string => oneLine(text).replace(/[\\#]/g, '\\$&');

/** JSON's strings are YAML's double-quoted ones. */
const entry = (key: string, value: string | readonly string[] | undefined): string[] =>
  value === undefined || value.length === 0 ? [] : [`  ${key}: ${JSON.stringify(value)}`];

function pointLines(point: Point, number: number): string[] {
  const { id, say, verdict, at, expected, seen, proofs } = point;
  const head = `${verdict === 'met' ? 'ok' : 'not ok'} ${number} - ${description(`${id}: ${say}`)}`;
  if (verdict === 'met') return [head];
  const told = [
    ...entry('verdict', verdict),
    ...entry('at', at),
    ...entry('expected', expected),
    ...entry('seen', seen),
    ...entry('proof', proofs),
  ];
  return [head, '  ---', ...told, '  ...'];
}

export const tapText = ({ scenario, points }: Points): string =>
  [
    'TAP version 14',
    `1..${points.length}`,
    `# ${oneLine(scenario)}`,
    ...points.flatMap((point, index) => pointLines(point, index + 1)),
  ].join('\n');
