// Scenarios whose evidence is all in their own file: on each engine every expectation is met, and no answer has a gap.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { analyse } from '../../labctl/analysis/analyse.ts';
import { answerText } from '../../labctl/lesson/answers.ts';
import type { RecordedRun } from '../../labctl/model/run.ts';
import { type DoneRun, type RunLab, runLab } from '../run-lab.ts';

// Most of their time they wait for a kernel's timers, so three labs wait at once. In each of them one comes after the
// other: what one leaves behind must not trouble the next.
const lanes = [
  ['who-closes-first', 'refused', 'no-answer', 'zombies'],
  ['address-in-use', 'reset', 'peer-vanishes', 'slow-reader', 'select-server'],
  ['backlog-full', 'server-killed', 'stream-not-messages', 'udp-contrast', 'ports-run-out'],
];
/** Measures as it goes, so it has the machine to itself, after all others. */
const alone = 'bulk';
const labs: RunLab[] = [];
const runs = new Map<string, Promise<DoneRun>>();

/** Begins a run once another is over, however that ended; whoever asks for it is told of its failure. */
function runAfter(before: Promise<unknown>, lane: number, name: string): Promise<unknown> {
  const lab = labs[lane] as RunLab;
  const run = before.then(() => lab.run(lab.scenario(name)));
  runs.set(name, run);
  return run.catch(() => undefined);
}

beforeAll(async () => {
  labs.push(...(await Promise.all(lanes.map((_, lane) => runLab(`lane${lane}`)))));
  const ends = lanes.map((names, lane) =>
    names.reduce<Promise<unknown>>((before, name) => runAfter(before, lane, name), Promise.resolve()),
  );
  void runAfter(Promise.all(ends), 0, alone);
});
afterAll(async () => {
  await Promise.allSettled(runs.values());
  for (const lab of labs) await lab[Symbol.asyncDispose]();
});

it.each([...lanes.flat(), alone])('the lesson %s is met, and its questions are answered by the run', async (name) => {
  const { failure, run } = (await runs.get(name)) as DoneRun;
  const { scenario } = run;
  expect(failure).toBeUndefined();
  const report = analyse(run);
  expect(report.verdicts.filter((one) => one.verdict !== 'met')).toEqual([]);
  expect(report.verdict).toBe('met');
  const questions = scenario.lesson ?? [];
  expect(questions.length).toBeGreaterThan(1);
  for (const question of questions)
    for (const language of ['en', 'fr'] as const) expect(answerText(question, report, language)).not.toContain('⟨');
  if (name === alone) measured(run);
});

/** What ss told while bytes were under way, of both senders and of nobody else. */
function measured({ record, samples = [] }: RecordedRun): void {
  for (const name of ['client1', 'client2']) {
    const mine = samples.filter(({ host }) => host === name);
    const { congestionControl } = record.hosts.find((host) => host.name === name) ?? {};
    expect(new Set(mine.map(({ algorithm }) => algorithm))).toEqual(new Set([congestionControl]));
    // On a busy machine ss is asked far less often than it should be.
    expect(mine.some(({ inFlight }) => inFlight > 10_000)).toBe(true);
  }
  expect(samples.every(({ host }) => host !== 'server')).toBe(true);
}
