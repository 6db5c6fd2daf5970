import { expect, it } from 'vitest';
import { holdTuning, tunerOf } from './tuning-lock.ts';

const lab = `lock-${process.pid}`;

it('is held by one, which is named; on each engine for itself, and by another once it is let go', async () => {
  expect(await tunerOf('docker', lab)).toBeUndefined();
  const release = await holdTuning('docker', lab, 'the first');
  await expect(holdTuning('docker', lab, 'the second')).rejects.toMatchObject({
    kind: 'usage',
    message: `another run is at work on the lab "${lab}": the first`,
  });
  expect(await tunerOf('docker', lab)).toBe('the first');
  (await holdTuning('embedded', lab, 'another engine'))();
  release();
  (await holdTuning('docker', lab, 'the second'))();
  expect(await tunerOf('docker', lab)).toBeUndefined();
});
