// What labctl says about TCP is what one-pass tshark says: a short part of `npm run truth`.

import { expect, it } from 'vitest';
import { compareGenerated, compareSubflows, compareTalks } from '../truth/generated.ts';

it('equals tshark in every field of random conversations', async () => {
  const tally = await compareGenerated({ from: 5000, to: 5004, frames: 800 });
  expect(tally.text('generated')).toMatch(/every field equal$/);
  expect(tally.segments).toBeGreaterThan(3000);
});

it('equals tshark where header bytes were overwritten', async () => {
  const tally = await compareGenerated({ from: 6000, to: 6002, frames: 500, mutated: 20 });
  expect(tally.text('mutated')).toMatch(/every field equal$/);
});

it('equals tshark through tunnels, options, extension headers and padding', async () => {
  const tally = await compareGenerated({ from: 8000, to: 8002, frames: 500, wrapped: 100 });
  expect(tally.text('wrapped')).toMatch(/every field equal$/);
});

it('equals tshark in MPTCP connections of several subflows', async () => {
  const tally = await compareSubflows(1, 1, 60);
  expect(tally.text('subflows')).toMatch(/every field equal$/);
});

it('equals tshark where hosts really talk, and the capture is late, one-sided, cut, doubled or in overlapping pieces', async () => {
  const tally = await compareTalks(1, 6);
  expect(tally.text('talks')).toMatch(/every field equal$/);
  expect(tally.segments).toBeGreaterThan(300);
});
