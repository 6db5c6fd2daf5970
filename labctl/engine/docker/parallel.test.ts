import { describe, expect, it } from 'vitest';
import { inParallel } from './parallel.ts';

/** Lets everything that is ready to run do so. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('inParallel', () => {
  it('gives results in order and never has more under way than allowed', async () => {
    let running = 0;
    let most = 0;
    const results = await inParallel(3, [5, 4, 3, 2, 1, 0], async (turns) => {
      most = Math.max(most, ++running);
      for (let count = 0; count < turns; count++) await turn();
      running--;
      return turns * 10;
    });
    expect(results).toEqual([50, 40, 30, 20, 10, 0]);
    expect(most).toBe(3);
  });

  it('awaits what runs before it fails with the first error, and begins nothing new', async () => {
    const done: number[] = [];
    const work = inParallel(2, [0, 1, 2, 3], async (value) => {
      if (value === 0) throw new Error('first');
      await turn();
      done.push(value);
      throw new Error('second');
    });
    await expect(work).rejects.toThrow('first');
    expect(done).toEqual([1]);
  });

  it('stops at an abort, and has no work for no values', async () => {
    const stop = new AbortController();
    const begun: number[] = [];
    const work = inParallel(
      1,
      [0, 1, 2],
      async (value) => {
        begun.push(value);
        stop.abort(new Error('interrupted'));
      },
      stop.signal,
    );
    await expect(work).rejects.toThrow('interrupted');
    expect(begun).toEqual([0]);
    expect(await inParallel(4, [], turn)).toEqual([]);
  });
});
