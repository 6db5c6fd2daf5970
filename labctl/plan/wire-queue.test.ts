import { expect, it } from 'vitest';
import { layWords, queueCount, queueDifference, queuesOf } from './wire-queue.ts';

const place = { file: 's.yml', line: 5, col: 3 };
const ports = [
  { host: 'server', network: 'lab', port: 'veth0' },
  { host: 'server', network: 'office', port: 'veth1' },
  { host: 'client1', network: 'lab', port: 'veth2' },
];

it('a rate is a token bucket at the port towards the host', () => {
  const queues = queuesOf({ kind: 'rate', place, rule: 'slow', rate: '2mbit', to: 'server@lab' }, ports);
  expect(queues.map((queue) => layWords(queue).join(' '))).toEqual([
    'tc qdisc replace dev veth0 root tbf rate 2000000bit burst 3028 latency 200ms',
  ]);
});

it('a delay is netem at every link of the host', () => {
  const rule = { kind: 'delay', place, rule: 'far', delay: 50, jitter: 5, reorder: 25, to: 'server' } as const;
  expect(queuesOf(rule, ports).map((queue) => layWords(queue).join(' '))).toEqual([
    'tc qdisc replace dev veth0 root netem delay 50ms 5ms reorder 25%',
    'tc qdisc replace dev veth1 root netem delay 50ms 5ms reorder 25%',
  ]);
});

it('is read back, and counted', () => {
  const [queue] = queuesOf({ kind: 'rate', place, rule: 'slow', rate: '2mbit', to: 'client1' }, ports);
  const shown = (kind: string, rate: number) =>
    JSON.stringify([{ kind, root: true, packets: 7, drops: 2, options: { rate } }]);
  if (queue === undefined) throw new Error('no queue');
  expect(queueDifference(queue, shown('tbf', 250_000))).toBeUndefined();
  expect(queueDifference(queue, shown('tbf', 125_000))).toBe('meant: rate 250000 at veth2; there is: 125000');
  expect(queueDifference(queue, shown('noqueue', 0))).toBe('meant: tbf at veth2; there is: noqueue');
  expect(queueCount(queue, shown('tbf', 250_000))).toEqual({ rule: 'slow', hit: 7, passed: 9 });
});

it('a delay is read back as tc shows it', () => {
  const rule = { kind: 'delay', place, rule: 'far', delay: 40, jitter: 30, reorder: 25, to: 'client1' } as const;
  const [queue] = queuesOf(rule, ports);
  // As Linux 6.1 and tc of iproute2 6.1 have it.
  const shown = (options: object) =>
    JSON.stringify([{ kind: 'netem', root: true, packets: 7, drops: 0, options: { limit: 1000, ...options } }]);
  const delay = { delay: 0.04, jitter: 0.03, correlation: 0 };
  if (queue === undefined) throw new Error('no queue');
  expect(queueDifference(queue, shown({ delay, reorder: { reorder: 0.25, correlation: 0 }, gap: 1 }))).toBeUndefined();
  expect(queueDifference(queue, shown({ delay, gap: 0 }))).toBe('meant: reorder 0.25 at veth2; there is: 0');
  expect(queueDifference(queue, shown({ delay: { ...delay, delay: 0.4 } }))).toBe(
    'meant: delay 0.04 at veth2; there is: 0.4',
  );
});
