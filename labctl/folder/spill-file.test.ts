import { afterEach, expect, it, vi } from 'vitest';
import { SpillFiles } from './spill-file.ts';

afterEach(() => vi.unstubAllEnvs());

it('gives back what was written, zeros for the rest, and leaves nothing to be seen', () => {
  using files = new SpillFiles();
  const spill = files.open();
  spill.write(Uint8Array.from([1, 2, 3]), 10);
  const bytes = new Uint8Array(6).fill(9);
  spill.read(bytes, 8);
  expect([...bytes]).toEqual([0, 0, 1, 2, 3, 0]);
});

it('says where room is missing', () => {
  vi.stubEnv('TMPDIR', '/nowhere');
  expect(() => new SpillFiles().open()).toThrow(/no room for a table of conversations in \/nowhere/);
});
