// The generated part: captures of random conversations, each of a seed, that go looking for every rule.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pcapBytes, type Recipe, randomCapture } from './capture.ts';
import { capturedTalks } from './captured.ts';
import { compareFile } from './compare.ts';
import { pcapngBytes } from './pcapng.ts';
import { Random } from './random.ts';
import { subflowCapture } from './subflows.ts';
import { Tally } from './tally.ts';

export interface Seeds {
  from: number;
  to: number;
  frames?: number;
  /** Percent of the frames in which a random byte of the headers is overwritten. */
  mutated?: number;
  /** Percent of the packets that may lie in tunnels, behind options and extension headers. */
  wrapped?: number;
}

/** The bytes of a capture file: every third one is a pcapng, the others are pcap of every kind. */
export function captureFile(recipe: Recipe): Uint8Array {
  const { seed } = recipe;
  const capture = randomCapture(recipe);
  return seed % 3 === 0 ? pcapngBytes(capture, new Random(seed)) : pcapBytes(capture, seed % 2 === 0, seed % 4 < 2);
}

/** Compares a capture for each seed. */
export const compareGenerated = ({ from, to, frames = 400, ...kind }: Seeds): Promise<Tally> =>
  compareEach(from, to, (seed) => captureFile({ seed, frames, ...kind }));

/** Compares captures of so many MPTCP connections each. */
export const compareSubflows = (from: number, to: number, connections: number): Promise<Tally> =>
  compareEach(from, to, (seed) => pcapBytes(subflowCapture(new Random(seed), connections), true, true));

/** Compares captures of hosts that really talk; every other one is a pcapng. */
export const compareTalks = (from: number, to: number): Promise<Tally> =>
  compareEach(from, to, (seed) => {
    const random = new Random(seed);
    const capture = capturedTalks(random);
    return seed % 2 === 0 ? pcapngBytes(capture, random) : pcapBytes(capture, seed % 4 < 2, seed % 3 === 0);
  });

async function compareEach(from: number, to: number, bytesOf: (seed: number) => Uint8Array): Promise<Tally> {
  const folder = await mkdtemp(join(tmpdir(), 'labctl-truth-'));
  const tally = new Tally();
  try {
    for (let seed = from; seed <= to; seed += 1) {
      const file = join(folder, `seed-${seed}`);
      await writeFile(file, bytesOf(seed));
      tally.add(await compareFile(file));
      await rm(file);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  return tally;
}
