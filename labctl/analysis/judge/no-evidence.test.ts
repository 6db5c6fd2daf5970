import { expect, it } from 'vitest';
import type { ExpectationKind } from '../../model/expectation.ts';
import { verdictOn } from './testing.ts';

/** One expectation of each kind; a kind that is missing here does not compile. */
const every: Record<ExpectationKind, object> = {
  segments: { segments: ['client1 > server.5000 S'] },
  packets: { packets: ['client1 > server.5000 UDP'] },
  ports: { ports: 'even', of: ['c1'] },
  calls: { calls: ['accept'], by: 'server' },
  sockets: { sockets: { state: 'LISTEN' }, on: 'server', at: 'end' },
  processes: { processes: { program: 'server', children: 1 }, on: 'server', at: 'end' },
  dropped: { dropped: 1, by: 'rule' },
  counter: { counter: 'TcpExtTCPTimeouts', grows: 1, on: 'server', at: 'end' },
  returned: { returned: ['c1'] },
  output: { output: 'x', of: 'c1' },
  states: { states: ['ESTABLISHED'], of: 'c1', on: 'client1' },
  queue: { queue: { least: 1 }, on: 'server', port: 5000 },
};

it.each(Object.keys(every) as ExpectationKind[])('no evidence is no pass for %s, nor for its absence', (kind) => {
  for (const absent of [false, true]) {
    const { verdict, seen, proofs } = verdictOn({ ...every[kind], absent }, {});
    expect([verdict, proofs]).toEqual(['not-observable', []]);
    expect(seen.en).not.toBe('');
    expect(seen.fr).not.toBe(seen.en);
  }
});
