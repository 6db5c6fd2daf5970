import { expect, it } from 'vitest';
import type { Step } from '../model/scenario.ts';
import { groupsOf } from './step-groups.ts';

const place = { file: 's.yml', line: 1, col: 1 };
const look = (group?: number, number = 1): Step => ({
  verb: 'look',
  place,
  look: ['server'],
  ...(group === undefined ? {} : { branch: { group, number } }),
});

it('puts the steps of one parallel together and leaves all others alone', () => {
  const groups = groupsOf([look(), look(), look(1), look(1, 2), look(2), look(2, 2), look()]);
  expect(groups.map((group) => group.map(({ number }) => number))).toEqual([[1], [2], [3, 4], [5, 6], [7]]);
});
