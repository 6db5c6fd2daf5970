// Scenarios whose evidence is all in their own file: on each engine every expectation is met, and no answer has a gap.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { analyse } from '../../labctl/analysis/analyse.ts';
import { answerText } from '../../labctl/lesson/answers.ts';
import type { RecordedRun } from '../../labctl/model/run.ts';
import { type RunLab, runLab } from '../run-lab.ts';

let lab: RunLab;
beforeAll(async () => {
  lab = await runLab('curriculum');
});
afterAll(() => lab[Symbol.asyncDispose]());

// One after the other in one lab: what one leaves behind must not trouble the next.
const scenarios = [
  ...['who-closes-first', 'address-in-use', 'refused', 'reset', 'zombies', 'backlog-full', 'no-answer'],
  ...['server-killed', 'peer-vanishes'],
  ...['bulk', 'slow-reader', 'stream-not-messages', 'udp-contrast', 'ports-run-out', 'select-server'],
];

it.each(scenarios)('the lesson %s is met, and its questions are answered by the run', async (name) => {
  const scenario = lab.scenario(name);
  const { failure, run } = await lab.run(scenario);
  expect(failure).toBeUndefined();
  const report = analyse(run);
  expect(report.verdicts.filter((one) => one.verdict !== 'met')).toEqual([]);
  expect(report.verdict).toBe('met');
  const questions = scenario.lesson ?? [];
  expect(questions.length).toBeGreaterThan(1);
  for (const question of questions)
    for (const language of ['en', 'fr'] as const) expect(answerText(question, report, language)).not.toContain('⟨');
  if (name === 'bulk') measured(run);
});

/** What ss told while bytes were under way, of both senders and of nobody else. */
function measured({ record, samples = [] }: RecordedRun): void {
  for (const name of ['client1', 'client2']) {
    const mine = samples.filter(({ host }) => host === name);
    const { congestionControl } = record.hosts.find((host) => host.name === name) ?? {};
    expect(new Set(mine.map(({ algorithm }) => algorithm))).toEqual(new Set([congestionControl]));
    expect(mine.filter(({ inFlight }) => inFlight > 10_000).length).toBeGreaterThan(5);
  }
  expect(samples.every(({ host }) => host !== 'server')).toBe(true);
}
