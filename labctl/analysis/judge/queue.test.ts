import { expect, it } from 'vitest';
import { calls, look, packets, type RunParts } from '../testing.ts';
import { began, told, verdictOn } from './testing.ts';

const opening = (at: number, host: string, port: number, id: number): string => `
  ${at}.100100 ${host} > server ${port}>5000 S seq 0 id ${id}
  ${at}.100200 server > ${host} 5000>${port} S. seq 0 ack 1
  ${at}.100300 ${host} > server ${port}>5000 . seq 1 ack 1 id ${id + 1}`;
const run: RunParts = {
  hosts: ['server', 'client1', 'client2'],
  packets: packets(opening(1, 'client1', 41022, 1) + opening(2, 'client2', 41024, 11)),
  calls: calls(`
    0.000100 server/7 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3<socket:[70]> <0.000010>
    0.000200 server/7 bind(3<socket:[70]>, 0.0.0.0:5000) = 0 <0.000010>
    0.000300 server/7 listen(3<socket:[70]>, 1) = 0 <0.000010>
    3.000000 server/7 accept(3<socket:[70]>, client1:41022) = 4<socket:[71]> <0.000100>`),
  events: [began('both-wait', 2_500_000), began('one-taken', 3_500_000)],
  looks: [look('one-waits', 'server', { at: 1_500_000 })],
};
const queue = (least: number, most: number | undefined, more: object = {}) => ({
  queue: most === undefined ? { least } : { least, most },
  on: 'server',
  port: 5000,
  ...more,
});

it('is as long as it became at the longest', () => {
  expect(verdictOn(queue(2, 2), run)).toMatchObject({
    verdict: 'met',
    proofs: [{ kind: 'frame', frame: 3 }],
    expected: { en: '2 in the accept queue of port 5000 on server' },
    seen: { en: '2 in the accept queue of 0.0.0.0:5000 (backlog 1) [server frame 6]' },
  });
  expect(told(queue(3, undefined), run)).toBe(
    'unmet: 2 in the accept queue of 0.0.0.0:5000 (backlog 1) [server frame 6]',
  );
  expect(verdictOn(queue(0, 1), run)).toMatchObject({
    verdict: 'unmet',
    expected: { fr: 'au plus 1 dans la file d’accept() du port 5000 sur server' },
  });
});

it('has a length at each instant', () => {
  const at = (name: string, length: number) => verdictOn(queue(length, length, { at: name }), run).verdict;
  expect([at('one-waits', 1), at('both-wait', 2), at('one-taken', 1), at('start', 0)]).toEqual([
    'met',
    'met',
    'met',
    'not-observable',
  ]);
  expect(verdictOn(queue(2, 2, { after: 'one-taken' }), run).verdict).toBe('unmet');
});

it('is not known without calls or captures, and is no queue where nobody listened', () => {
  expect(told(queue(0, 0), { ...run, calls: [] })).toBe('not-observable: no program was started on server');
  expect(told(queue(0, 0), { ...run, packets: [] })).toBe('not-observable: nothing was captured at server');
  expect(told({ ...queue(0, 0), port: 5001 }, run)).toBe('unmet: no socket listened on port 5001 of server');
});
