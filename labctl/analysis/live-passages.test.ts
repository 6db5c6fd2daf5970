import { describe, expect, it } from 'vitest';
import { hostsOf } from './hosts.ts';
import { LivePassages, type Settled } from './live-passages.ts';
import { packets, recordedRun } from './testing.ts';

const patience = 30_000;

/** Sender's and receiver's sightings of one packet, or the sender's alone where it was lost. */
const talk = packets(`
  0.000100 client1 > server 41022>5000 S seq 0 id 1
  0.000200 server > client1 5000>41022 S. seq 0 ack 1
  0.000300 client1 > server 41022>5000 . seq 1 ack 1 id 2
  0.010000 client1 > server 41022>5000 P. seq 1 ack 1 length 8 id 3 ✗`);

const fresh = (): LivePassages => new LivePassages(hostsOf(recordedRun({})), patience);
const told = (settled: Settled[]) =>
  settled.map(({ passage, arrival }) => [passage.number, passage.from, passage.arrived !== undefined, arrival]);

describe('LivePassages', () => {
  it('gives a packet out as soon as both ends have seen it, in whatever order they say so', () => {
    const live = fresh();
    const [sent, arrived] = talk;
    for (const packet of [arrived, sent]) if (packet) live.push(packet);
    expect(told(live.take(1000))).toEqual([[1, 'client1', true, undefined]]);
    expect(live.waitsSince).toBeUndefined();
  });
  it('keeps the order of time: who comes later waits for who is still waited for', () => {
    const live = fresh();
    const [first, , second, secondArrived] = talk;
    for (const packet of [second, secondArrived, first]) if (packet) live.push(packet);
    expect(live.take(1000)).toEqual([]);
    expect(live.waitsSince).toBe(100);
    expect(told(live.take(100 + patience))).toEqual([
      [1, 'client1', false, undefined],
      [2, 'server', true, undefined],
    ]);
  });
  it('tells of an arrival after all', () => {
    const live = fresh();
    const [sent, arrived] = talk;
    if (sent) live.push(sent);
    expect(told(live.take(100 + patience))).toEqual([[1, 'client1', false, undefined]]);
    if (arrived) live.push({ ...arrived, at: 90_000 });
    expect(told(live.take(90_100))).toEqual([[1, 'client1', true, 90_000]]);
  });
  it('takes no packet for two when its arrival was given out before it was heard to leave', () => {
    const live = fresh();
    const [sent, arrived] = talk;
    if (arrived) live.push(arrived);
    expect(live.take(1_000_000)).toHaveLength(1);
    if (sent) live.push(sent);
    expect(live.take(Number.POSITIVE_INFINITY)).toEqual([]);
  });
  it('gives all that is left when nothing more will come', () => {
    const live = fresh();
    for (const packet of talk) live.push(packet);
    expect(live.take(Number.POSITIVE_INFINITY)).toHaveLength(4);
  });
});
