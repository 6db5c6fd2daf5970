import { describe, expect, it } from 'vitest';
import { Changes, within } from './changes.ts';

describe('Changes', () => {
  it('gives a value that is there already', async () => {
    expect(await new Changes().until(() => 'here', 1000)).toBe('here');
  });

  it('looks again after each change', async () => {
    const changes = new Changes();
    let count = 0;
    const found = changes.until(() => (count >= 2 ? count : undefined), 1000);
    for (count = 1; count < 3; count += 1) changes.notify();
    expect(await found).toBe(2);
  });

  it('gives up at the deadline, and stops looking', async () => {
    const changes = new Changes();
    let looks = 0;
    const test = () => void (looks += 1);
    expect(await changes.until(test, 5)).toBeUndefined();
    changes.notify();
    expect(looks).toBe(1);
  });

  it('rejects with the reason of an abort, before and while it waits', async () => {
    const why = new Error('stopped');
    await expect(new Changes().until(() => undefined, 1000, AbortSignal.abort(why))).rejects.toBe(why);
    const controller = new AbortController();
    const waiting = new Changes().until(() => undefined, 1000, controller.signal);
    controller.abort(why);
    await expect(waiting).rejects.toBe(why);
  });

  it('rejects with what the test throws', async () => {
    const failing = new Changes().until(() => {
      throw new Error('ended early');
    }, 1000);
    await expect(failing).rejects.toThrow('ended early');
  });
});

describe('within', () => {
  it('gives the value, or undefined when it is late', async () => {
    expect(await within(Promise.resolve(1), 1000)).toBe(1);
    expect(await within(new Promise(() => undefined), 5)).toBeUndefined();
  });
});
