import { expect, it } from 'vitest';
import { limitsIn } from './limits.ts';

it('says which limits hold, as the engine says it', () => {
  const all = { processes: 'host', memory: 'host', processor: 'host', files: 'host' };
  expect(limitsIn({ MemoryLimit: true, PidsLimit: true, CpuCfsQuota: true })).toEqual(all);
  expect(limitsIn({})).toEqual(all);
  // Rootless Docker on control groups of version 1.
  const none = { processes: 'none', memory: 'none', processor: 'none' };
  expect(limitsIn({ MemoryLimit: false, PidsLimit: false, CpuCfsQuota: false })).toEqual({ ...all, ...none });
});
