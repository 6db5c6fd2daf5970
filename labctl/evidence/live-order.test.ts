import { describe, expect, it } from 'vitest';
import { LiveOrder } from './live-order.ts';

const at = (seconds: number, nanoseconds = 0) => ({ seconds, nanoseconds });
const taken = (order: LiveOrder<ReturnType<typeof at>>, now: number) =>
  order.take(now).map(({ frame, input }) => `${input}:${frame.seconds}.${frame.nanoseconds}`);

describe('LiveOrder', () => {
  it('sorts what two captures delivered within the time that it holds', () => {
    const order = new LiveOrder<ReturnType<typeof at>>(20);
    order.push(0, [at(1), at(3)], 100);
    order.push(1, [at(2), at(2, 5), at(4)], 110);
    expect(taken(order, 119)).toEqual([]);
    expect(taken(order, 120)).toEqual(['0:1.0', '1:2.0', '1:2.5', '0:3.0']);
    expect(order.size).toBe(1);
    expect(taken(order, Number.POSITIVE_INFINITY)).toEqual(['1:4.0']);
  });

  it('keeps frames of one time in the order in which they came, and loses none that comes too late', () => {
    const order = new LiveOrder<ReturnType<typeof at>>(0);
    order.push(1, [at(5)], 1);
    order.push(0, [at(5)], 1);
    expect(taken(order, 1)).toEqual(['1:5.0', '0:5.0']);
    order.push(0, [at(4)], 2);
    expect(taken(order, 2)).toEqual(['0:4.0']);
  });
});
