// What labctl says about TCP is what one-pass tshark says: a short part of `npm run truth`.

import { expect, it } from 'vitest';
import { compareGenerated } from '../truth/generated.ts';

it('equals tshark in every field of random conversations', async () => {
  const tally = await compareGenerated({ from: 5000, to: 5009, frames: 400 });
  expect(tally.text('generated')).toMatch(/every field equal$/);
  expect(tally.segments).toBeGreaterThan(3000);
});

it('equals tshark where header bytes were overwritten', async () => {
  const tally = await compareGenerated({ from: 6000, to: 6004, frames: 400, mutated: 20 });
  expect(tally.text('mutated')).toMatch(/every field equal$/);
});
