import { describe, expect, it } from 'vitest';
import type { Instant } from '../model/instant.ts';
import { analyse } from './analyse.ts';
import { changeAt, instantOf } from './instant.ts';
import { calls, look, packets, type RunParts, recordedRun } from './testing.ts';
import { tracksOf } from './tracks.ts';

/** The instant of a run, `at` in seconds; the run's zero is the epoch. */
const at = (parts: RunParts, seconds: number): Instant =>
  instantOf(tracksOf(analyse(recordedRun(parts)), 0), Math.round(seconds * 1_000_000));

const talk: RunParts = {
  packets: packets(`
    0.001000 client1 > server 41022>5000 S seq 0 id 1
    0.002000 server > client1 5000>41022 S. seq 0 ack 1
    0.003000 client1 > server 41022>5000 . seq 1 ack 1 id 2
    0.010000 client1 > server 41022>5000 P. seq 1 ack 1 length 8 id 3 ✗
    0.210000 client1 > server 41022>5000 P. seq 1 ack 1 length 8 id 4
    0.211000 server > client1 5000>41022 . seq 1 ack 9 id 5`),
};

const states = ({ sockets }: Instant): string[] => sockets.map(({ host, state }) => `${host} ${state}`);

describe('changeAt', () => {
  it('gives the last change that has happened', () => {
    const changes: [number, string][] = [
      [1, 'a'],
      [5, 'b'],
      [5, 'c'],
    ];
    expect([0, 1, 4, 5, 9].map((when) => changeAt(changes, when)?.[1])).toEqual([undefined, 'a', 'a', 'c', 'c']);
  });
});

describe('instantOf', () => {
  it('knows nothing before the first moment', () => {
    expect(at(talk, 0)).toEqual({ at: 0, sockets: [], processes: [], flights: [], counters: [] });
  });
  it('gives each socket the state it was in', () => {
    expect(states(at(talk, 0.001))).toEqual(['client1 SYN-SENT']);
    expect(states(at(talk, 0.0025))).toEqual(['client1 ESTABLISHED', 'server SYN-RECEIVED']);
    expect(states(at(talk, 0.1))).toEqual(['client1 ESTABLISHED', 'server ESTABLISHED']);
  });
  it('keeps a lost segment until its bytes are sent again, and its bytes unacknowledged until they are', () => {
    const waiting = at(talk, 0.1);
    expect(waiting.flights.map(({ passage, lost, repeated }) => [passage, lost, repeated])).toEqual([
      [4, true, 210_000],
    ]);
    expect(waiting.sockets.map(({ unacknowledged }) => unacknowledged)).toEqual([8, undefined]);
    const later = at(talk, 0.3);
    expect(later.flights).toEqual([]);
    expect(later.sockets[0]?.unacknowledged).toBe(0);
  });
  it('lets a later acknowledgment make up for a lost one', () => {
    const parts: RunParts = {
      packets: packets(`
        0.001000 client1 > server 41022>5000 P. seq 1 ack 1 length 8 id 1
        0.002000 server > client1 5000>41022 . seq 1 ack 9 id 2 ✗
        0.003000 client1 > server 41022>5000 P. seq 9 ack 1 length 8 id 3
        0.004000 server > client1 5000>41022 . seq 1 ack 17 id 4`),
    };
    const flights = (seconds: number) => at(parts, seconds).flights.map(({ passage, awaited }) => [passage, awaited]);
    expect(flights(0.0025)).toEqual([[2, undefined]]);
    expect(flights(0.0035)).toEqual([[2, undefined]]);
    expect(flights(0.005)).toEqual([]);
  });
  it('has a packet under way between its two sightings', () => {
    expect(at(talk, 0.001_01).flights.map(({ passage, from, to }) => [passage, from, to])).toEqual([
      [1, 'client1', 'server'],
    ]);
  });
  it('follows processes from birth to the end, what they wait in, and zombies', () => {
    const parts: RunParts = {
      calls: calls(`
        0.100000 server/17 accept(3) = 4 <0.400000>
        0.600000 server/17 clone(...) = 21 <0.000100>
        0.700000 server/21 read(4) = 0 <0.200000>
        0.950000 server/21 exit_group(0) = ?
        1.500000 server/17 wait4(-1) = 21 <0.000100>`),
    };
    const told = (seconds: number) =>
      at(parts, seconds).processes.map(({ pid, state, call, parent }) => [pid, state, call, parent]);
    expect(told(0.2)).toEqual([[17, 'waits', 'accept(3)', undefined]]);
    expect(told(0.8)).toEqual([
      [17, 'runs', undefined, undefined],
      [21, 'waits', 'read(4)', 17],
    ]);
    expect(told(1.2)[1]).toEqual([21, 'zombie', undefined, 17]);
    expect(told(1.6)).toHaveLength(1);
  });
  it('says of no process that it waits in a call which the kernel answers at once', () => {
    const parts: RunParts = { calls: calls('0.100000 server/17 getsockname(3) = 0 <0.400000>') };
    expect(at(parts, 0.2).processes.map(({ state }) => state)).toEqual(['runs']);
  });
  it('counts what kernel counters have risen by, as of the last reading', () => {
    const parts: RunParts = {
      looks: [
        { ...look('start', 'server', { counters: { TcpOutRsts: 7, TcpInSegs: 3 } }), at: 10 },
        { ...look('later', 'server', { counters: { TcpOutRsts: 9, TcpInSegs: 3 } }), at: 500_000 },
      ],
    };
    expect(at(parts, 0.4).counters).toEqual([]);
    expect(at(parts, 0.6).counters).toEqual([{ host: 'server', name: 'TcpOutRsts', rise: 2, since: 500_000 }]);
  });
  it('counts bytes that arrived and nobody has read', () => {
    const parts: RunParts = {
      packets: talk.packets,
      calls: calls(`
        0.000900 client@client1/30 connect(3<socket:[7]>, server:5000) = 0 <0.001200>
        0.000100 server/17 socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 3<socket:[8]>
        0.000200 server/17 bind(3<socket:[8]>, server:5000) = 0
        0.000300 server/17 listen(3<socket:[8]>, 5) = 0
        0.000400 server/17 accept(3<socket:[8]>, client1:41022) = 4<socket:[9]> <0.003000>
        0.500000 server/17 read(4<socket:[9]>, "bonjour\\n", 99) = 8`),
    };
    const unread = (seconds: number) => at(parts, seconds).sockets.find(({ side }) => side === 'responder')?.unread;
    expect([unread(0.1), unread(0.3), unread(0.6)]).toEqual([undefined, 8, 0]);
  });
});
