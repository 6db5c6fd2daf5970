// Scenarios whose evidence is all in their own file: on each engine they are carried out, and every expectation is met.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { analyse } from '../../labctl/analysis/analyse.ts';
import { type RunLab, runLab } from '../run-lab.ts';

let lab: RunLab;
beforeAll(async () => {
  lab = await runLab('curriculum');
});
afterAll(() => lab[Symbol.asyncDispose]());

const scenarios = ['slow-reader', 'stream-not-messages', 'udp-contrast', 'ports-run-out', 'select-server'];

it.each(scenarios)('the lesson %s is met', async (name) => {
  const { failure, run } = await lab.run(lab.scenario(name));
  expect(failure).toBeUndefined();
  const { verdicts, verdict } = analyse(run);
  expect(verdicts.filter((one) => one.verdict !== 'met')).toEqual([]);
  expect(verdict).toBe('met');
});
