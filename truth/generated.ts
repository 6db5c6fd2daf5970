// The generated part: captures of random conversations, each of a seed, that go looking for every rule.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pcapBytes, randomCapture } from './capture.ts';
import { compareFile } from './compare.ts';
import { Tally } from './tally.ts';

export interface Seeds {
  from: number;
  to: number;
  frames?: number;
  /** Percent of the frames in which a random byte of the headers is overwritten. */
  mutated?: number;
}

/** Compares a capture for each seed. */
export async function compareGenerated({ from, to, frames = 400, mutated = 0 }: Seeds): Promise<Tally> {
  const folder = await mkdtemp(join(tmpdir(), 'labctl-truth-'));
  const tally = new Tally();
  try {
    for (let seed = from; seed <= to; seed += 1) {
      const file = join(folder, `seed-${seed}.pcap`);
      await writeFile(file, pcapBytes(randomCapture({ seed, frames, mutated }), seed % 2 === 0, seed % 3 !== 0));
      tally.add(await compareFile(file));
      await rm(file);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  return tally;
}
