// Random losses both ways: what the analysis says of each packet adds up to what the wire and the kernels counted.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analyse } from '../labctl/analysis/analyse.ts';
import { bringPrograms, lossySteps, sumsOf } from '../torture/random-loss.ts';
import { type RunLab, runLab } from './run-lab.ts';

describe('random losses', () => {
  let lab: RunLab;
  beforeAll(async () => {
    lab = await runLab('random', 'embedded');
    await bringPrograms(lab.engine, lab.lab.name);
  });
  afterAll(() => lab[Symbol.asyncDispose]());

  it.each([3, 11, 42])('add up (seed %s)', async (seed) => {
    const { run, failure } = await lab.run(await lab.writeSteps(`random-${seed}`, lossySteps(seed)));
    expect(failure).toBeUndefined();
    const { faults, proven } = sumsOf(analyse(run));
    expect(faults).toEqual([]);
    // The rest is told as “again, after …”: a SYN-ACK that answers a repeated SYN, or counters that leave a doubt.
    expect(proven).toBeGreaterThan(0);
  });
});
