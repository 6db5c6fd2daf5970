import { describe, expect, it } from 'vitest';
import { calls, look, packets, type RunParts } from '../testing.ts';
import { began, told, verdictOn } from './testing.ts';

const wire = packets(`
  0.100100 client1 > server 41022>5000 S seq 0 id 1
  0.100200 server > client1 5000>41022 S. seq 0 ack 1
  0.100300 client1 > server 41022>5000 . seq 1 ack 1 id 2
  2.000000 client1 > server 41022>5000 F. seq 1 ack 1 id 3
  2.000200 server > client1 5000>41022 . seq 1 ack 2 id 4
  3.000000 server > client1 5000>41022 F. seq 1 ack 2 id 5
  3.000200 client1 > server 41022>5000 . seq 2 ack 2 id 6`);
const traced = calls(`
  0.000100 server/7 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3<socket:[70]> <0.000010>
  0.000200 server/7 bind(3<socket:[70]>, 0.0.0.0:5000) = 0 <0.000010>
  0.000300 server/7 listen(3<socket:[70]>, 1) = 0 <0.000010>
  0.100000 c1@client1/9 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3<socket:[90]> <0.000010>
  0.100050 c1@client1/9 connect(3<socket:[90]>, server:5000) = 0 <0.000280>
  1.000000 server/7 accept(3<socket:[70]>, client1:41022) = 4<socket:[71]> <0.000100>
  2.000000 c1@client1/9 close(3<socket:[90]>) = 0 <0.000030>
  3.000000 server/7 close(4<socket:[71]>) = 0 <0.000030>`);
const run: RunParts = {
  packets: wire,
  calls: traced,
  events: [began('early', 500_000), began('late', 2_500_000)],
  looks: [look('waiting', 'server', { at: 600_000 })],
};

describe('states over time', () => {
  it('are found in order, with gaps, at either end', () => {
    const active = ['SYN-SENT', 'ESTABLISHED', 'FIN-WAIT-1', 'FIN-WAIT-2', 'TIME-WAIT'];
    const met = verdictOn({ states: active, of: 'c1' }, run);
    expect(met).toMatchObject({
      verdict: 'met',
      expected: { en: 'c1 on client1: SYN-SENT; ESTABLISHED; FIN-WAIT-1; FIN-WAIT-2; TIME-WAIT' },
    });
    expect(met.proofs.map((proof) => proof.kind === 'frame' && `${proof.point.host} ${proof.frame}`)).toEqual([
      'client1 1',
      'server 2',
      'client1 4',
      'server 5',
      'server 6',
    ]);
    expect(verdictOn({ states: ['SYN-SENT', 'TIME-WAIT'], of: 'c1' }, run).verdict).toBe('met');
    expect(verdictOn({ states: ['ESTABLISHED', 'CLOSE-WAIT', 'LAST-ACK'], of: 'c1', on: 'server' }, run).verdict).toBe(
      'met',
    );
  });

  it('show what the socket went through instead, with the frames', () => {
    expect(told({ states: ['ESTABLISHED', 'TIME-WAIT'], of: 'c1', on: 'server' }, run)).toBe(
      'unmet: server 10.0.0.2:5000: SYN-RECEIVED [client1 frame 1]; ESTABLISHED [client1 frame 3]; ' +
        'CLOSE-WAIT [client1 frame 4]; LAST-ACK [server frame 6]; CLOSED [client1 frame 7]',
    );
    expect(told({ states: ['TIME-WAIT'], of: 'c1', on: 'server', absent: true }, run)).toBe(
      'met: none of 1 sockets of c1 on server',
    );
  });

  it('say who has the socket open', () => {
    const queued = { states: ['ESTABLISHED, no owner', 'ESTABLISHED, owner server'], of: 'c1', on: 'server' };
    expect(verdictOn(queued, run).verdict).toBe('met');
    expect(told({ ...queued, states: ['ESTABLISHED, owner c1'] }, run)).toBe(
      'unmet: server 10.0.0.2:5000: SYN-RECEIVED, no owner [client1 frame 1]; ESTABLISHED, no owner [client1 frame 3]; ' +
        'ESTABLISHED, owner server; CLOSE-WAIT, owner server [client1 frame 4]; LAST-ACK, no owner [server frame 6]; ' +
        'CLOSED, no owner [client1 frame 7]',
    );
    expect(verdictOn({ states: ['LISTEN, owner server'], on: 'server', port: 5000 }, run).verdict).toBe('met');
  });

  it('count only between the named steps, from the state in which the first one finds the socket', () => {
    expect(verdictOn({ states: ['ESTABLISHED', 'FIN-WAIT-2'], of: 'c1', after: 'early' }, run).verdict).toBe('met');
    expect(verdictOn({ states: ['SYN-SENT'], of: 'c1', after: 'early' }, run).verdict).toBe('unmet');
    expect(verdictOn({ states: ['TIME-WAIT'], of: 'c1', before: 'late' }, run).verdict).toBe('unmet');
  });
});

describe('a state at an instant', () => {
  it('is that at a look, or when a step began', () => {
    const here = { of: 'c1', on: 'server' };
    expect(told({ states: ['ESTABLISHED, no owner'], ...here, at: 'waiting' }, run)).toBe(
      'met: server 10.0.0.2:5000: ESTABLISHED, no owner [client1 frame 3]',
    );
    expect(verdictOn({ states: ['ESTABLISHED'], ...here, at: 'late' }, run)).toMatchObject({
      verdict: 'unmet',
      expected: { fr: 'c1 sur server, à late : ESTABLISHED' },
      seen: { en: 'server 10.0.0.2:5000: CLOSE-WAIT [client1 frame 4]' },
    });
    expect(told({ states: ['ESTABLISHED'], ...here, at: 'never' }, run)).toBe(
      'not-observable: there was neither a look nor a step "never" (server)',
    );
  });

  it('needs evidence without a gap', () => {
    const gap = { ...run, drops: { 'server/eth0': 1 } };
    expect(told({ states: ['ESTABLISHED'], of: 'c1', on: 'server', at: 'waiting' }, gap)).toBe(
      'not-observable: server/eth0 dropped 1 packets',
    );
  });
});

describe('without evidence', () => {
  it('no state is a pass, and none is absent', () => {
    const none = { ...run, packets: [] };
    const silent = { states: ['TIME-WAIT'], of: 'c1' };
    expect(told(silent, none)).toBe('not-observable: nothing was captured at client1');
    expect(verdictOn({ ...silent, absent: true }, none).verdict).toBe('not-observable');
    expect(told({ states: ['TIME-WAIT'], of: 'c9', on: 'client1' }, run)).toBe('not-observable: c9 was never started');
  });

  it('nobody knows who has a socket open where a program was not traced', () => {
    const client = { ...run, calls: traced.filter(({ program }) => program === 'c1') };
    expect(told({ states: ['ESTABLISHED, no owner'], on: 'server', port: 5000 }, client)).toBe(
      'not-observable: no program was started on server',
    );
  });
});
