import { describe, expect, it } from 'vitest';
import type { CallEvent } from '../model/call.ts';
import type { Report } from '../model/report.ts';
import { analyse } from './analyse.ts';
import { calls, packets, type RunParts, recordedRun } from './testing.ts';

const opening = `
  0.100100 client1 > server 41022>5000 S seq 0 id 1
  0.100200 server > client1 5000>41022 S. seq 0 ack 1
  0.100300 client1 > server 41022>5000 . seq 1 ack 1 id 2`;

const closing = `
  2.000050 client1 > server 41022>5000 F. seq 1 ack 1 id 7
  2.000250 server > client1 5000>41022 F. seq 1 ack 2 id 8
  2.000300 client1 > server 41022>5000 . seq 2 ack 2 id 9`;

const listens = `
  0.000100 server/7 socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 3<socket:[70]> <0.000010>
  0.000200 server/7 bind(3<socket:[70]>, 0.0.0.0:5000) = 0 <0.000010>
  0.000300 server/7 listen(3<socket:[70]>, 1) = 0 <0.000010>`;

const connects = `
  0.100000 client1/9 socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 3<socket:[90]> <0.000010>
  0.100050 client1/9 connect(3<socket:[90]>, server:5000) = 0 <0.000280>`;

const report = (parts: RunParts, ended = 100_000_000): Report => {
  const run = recordedRun(parts);
  return analyse({ ...run, record: { ...run.record, ended } });
};

const told = (found: Report): string[] =>
  found.states.map(({ side, changes }) => {
    const cause = (passage?: number, call?: number): string =>
      passage ? ` #${passage}` : call === undefined ? '' : ` ${found.calls[call]?.name}`;
    return `${side}: ${changes.map(({ state, passage, call }) => state + cause(passage, call)).join(', ')}`;
  });

const of = (found: Report, side: string): string | undefined => told(found).find((line) => line.startsWith(side));

describe('states', () => {
  it('tells the listener and both ends of a conversation, TIME-WAIT to its end', () => {
    const parts = { packets: packets(opening + closing), calls: calls(listens) };
    expect(told(report(parts))).toEqual([
      'listener: LISTEN listen',
      'initiator: SYN-SENT #1, ESTABLISHED #2, FIN-WAIT-1 #4, TIME-WAIT #5, CLOSED',
      'responder: SYN-RECEIVED #1, ESTABLISHED #3, CLOSE-WAIT #4, LAST-ACK #5, CLOSED #6',
    ]);
    expect(report(parts).states[1]?.changes.at(-1)?.at).toBe(62_000_280);
    expect(of(report(parts, 50_000_000), 'initiator')).toMatch(/TIME-WAIT #5$/);
  });

  it('ends TIME-WAIT where the four-tuple is used again', () => {
    const again = `
      5.000000 client1 > server 41022>5000 S isn 900000 id 11
      5.000100 server > client1 5000>41022 R. seq 0 ack 1`;
    const [first] = report({ packets: packets(opening + closing + again) }).states;
    expect(first?.changes.at(-1)).toEqual({ at: 5_000_000, state: 'CLOSED' });
  });

  it('makes the socket by the SYN that is answered, not by one that a full queue dropped', () => {
    const dropped = `
      0.100100 client1 > server 41022>5000 S seq 0 id 1
      1.100100 client1 > server 41022>5000 S seq 0 id 2
      1.100200 server > client1 5000>41022 S. seq 0 ack 1 id 3
      1.100300 client1 > server 41022>5000 . seq 1 ack 1 id 4`;
    expect(of(report({ packets: packets(dropped) }), 'responder')).toBe('responder: SYN-RECEIVED #2, ESTABLISHED #4');
  });

  it('makes no socket for a SYN that is refused, lost or not answered', () => {
    const refused = report({
      packets: packets(`
        0.000100 client1 > server 41022>5000 S seq 0 id 1
        0.000200 server > client1 5000>41022 R. seq 0 ack 1`),
    });
    expect(told(refused)).toEqual(['initiator: SYN-SENT #1, CLOSED #2']);
  });

  it('goes through FIN-WAIT-2 on a half-close', () => {
    const half = `${opening}
      2.000000 client1 > server 41022>5000 F. seq 1 ack 1 id 7
      2.000100 server > client1 5000>41022 . seq 1 ack 2 id 8
      3.000000 server > client1 5000>41022 F. seq 1 ack 2 id 9
      3.000100 client1 > server 41022>5000 . seq 2 ack 2 id 10`;
    expect(of(report({ packets: packets(half) }), 'initiator')).toBe(
      'initiator: SYN-SENT #1, ESTABLISHED #2, FIN-WAIT-1 #4, FIN-WAIT-2 #5, TIME-WAIT #6, CLOSED',
    );
  });

  it('goes through CLOSING when both close at once', () => {
    const crossed = `${opening}
      2.000000 client1 > server 41022>5000 F. seq 1 ack 1 id 7
      2.000010 server > client1 5000>41022 F. seq 1 ack 1 id 8
      2.000100 client1 > server 41022>5000 . seq 2 ack 2 id 9
      2.000100 server > client1 5000>41022 . seq 2 ack 2 id 10`;
    expect(told(report({ packets: packets(crossed) }, 50_000_000))).toEqual([
      'initiator: SYN-SENT #1, ESTABLISHED #2, FIN-WAIT-1 #4, CLOSING #5, TIME-WAIT #7',
      'responder: SYN-RECEIVED #1, ESTABLISHED #3, FIN-WAIT-1 #5, CLOSING #4, TIME-WAIT #6',
    ]);
  });

  it('goes through SYN-RECEIVED at both ends when both open at once', () => {
    const crossed = `
      0.100000 client1 > server 41022>5000 S seq 0 id 1
      0.100010 server > client1 5000>41022 S seq 0 id 2
      0.100060 client1 > server 41022>5000 S. seq 0 ack 1 id 3
      0.100070 server > client1 5000>41022 S. seq 0 ack 1 id 4`;
    expect(told(report({ packets: packets(crossed) }))).toEqual([
      'initiator: SYN-SENT #1, SYN-RECEIVED #2, ESTABLISHED #4',
      'responder: SYN-SENT #2, SYN-RECEIVED #1, ESTABLISHED #3',
    ]);
  });

  it('does not move an end that a lost segment never reached', () => {
    const lost = `${opening}
      2.000000 client1 > server 41022>5000 F. seq 1 ack 1 id 7 ✗
      2.204000 client1 > server 41022>5000 F. seq 1 ack 1 id 8`;
    expect(of(report({ packets: packets(lost) }), 'responder')).toBe(
      'responder: SYN-RECEIVED #1, ESTABLISHED #3, CLOSE-WAIT #5',
    );
  });

  it('takes from the calls what no segment shows: a close whose FIN waits, a connect given up', () => {
    const closes = `${connects}
      1.000000 client1/9 close(3<socket:[90]>) = 0 <0.000030>`;
    expect(of(report({ packets: packets(opening), calls: calls(closes) }), 'initiator')).toBe(
      'initiator: SYN-SENT #1, ESTABLISHED #2, FIN-WAIT-1 close',
    );
    const [syn = ''] = opening.trim().split('\n');
    const given = connects.replace('= 0 <0.000280>', '= -1 ETIMEDOUT <7.000000>');
    expect(of(report({ packets: packets(`${syn} ✗`), calls: calls(given) }), 'initiator')).toBe(
      'initiator: SYN-SENT #1, CLOSED connect',
    );
  });

  it('knows the sockets of datagrams, by what was bound or sent', () => {
    const datagrams = `
      0.000100 server/7 socket(AF_INET, SOCK_DGRAM, IPPROTO_IP) = 3<socket:[70]> <0.000010>
      0.000200 server/7 bind(3<socket:[70]>, 0.0.0.0:5000) = 0 <0.000010>
      0.100000 client1/9 socket(AF_INET, SOCK_DGRAM, IPPROTO_IP) = 3<socket:[90]> <0.000010>
      0.100100 client1/9 connect(3<socket:[90]>, server:5000) = 0 <0.000010>
      0.100200 client1/9 send(3<socket:[90]>, "x", 1) = 1 <0.000010>
      0.200000 client1/9 close(3<socket:[90]>) = 0 <0.000010>`;
    const found = report({ calls: calls(datagrams) });
    expect(told(found)).toEqual([
      'datagram: UNCONN socket',
      'datagram: UNCONN socket, ESTABLISHED connect, CLOSED close',
    ]);
    expect(found.states.map(({ local, owners }) => [local.port, owners.length])).toEqual([
      [5000, 1],
      [0, 1],
    ]);
  });

  it('knows SYN-SENT of a connect whose SYN never left', () => {
    const gone = `
      0.100000 client1/9 socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 3<socket:[90]> <0.000010>
      0.100050 client1/9 connect(3<socket:[90]>, gone:5000) = -1 EHOSTUNREACH <3.000000>`;
    expect(told(report({ calls: calls(gone) }))).toEqual(['initiator: SYN-SENT connect, CLOSED connect']);
  });

  it('waits in FIN-WAIT-2 for no more than tcp_fin_timeout once nobody has the socket', () => {
    const half = `${opening}
      2.000000 client1 > server 41022>5000 F. seq 1 ack 1 id 7
      2.000100 server > client1 5000>41022 . seq 1 ack 2 id 8`;
    const closes = `${connects}
      1.999950 client1/9 close(3<socket:[90]>) = 0 <0.000100>`;
    const found = report({ packets: packets(half), calls: calls(closes) });
    expect(of(found, 'initiator')).toBe('initiator: SYN-SENT #1, ESTABLISHED #2, FIN-WAIT-1 #4, FIN-WAIT-2 #5, CLOSED');
    expect(found.states[0]?.changes.at(-1)?.at).toBe(62_000_130);
    expect(of(report({ packets: packets(half) }), 'initiator')).toMatch(/FIN-WAIT-2 #5$/);
  });
});

const queueOf = (found: Report): string[] =>
  found.states
    .find(({ side }) => side === 'listener')
    ?.queue?.map(
      ({ length, conversation, passage, call }) =>
        `${length}: ${conversation} ${passage ? `#${passage}` : found.calls[call ?? -1]?.name}`,
    ) ?? [];

/** A handshake from another port, so much later. */
const handshake = (port: number, second: number, id: number): string => `
  ${second}.000100 client1 > server ${port}>5000 S seq 0 id ${id}
  ${second}.000200 server > client1 5000>${port} S. seq 0 ack 1
  ${second}.000300 client1 > server ${port}>5000 . seq 1 ack 1 id ${id + 1}`;

describe('the accept queue', () => {
  it('grows with each handshake and shrinks with each accept', () => {
    const accepts = `${listens}
      4.000000 server/7 accept(3<socket:[70]>, client1:41022) = 4<socket:[71]> <0.000010>
      5.000000 server/7 accept(3<socket:[70]>, client1:41024) = 5<socket:[72]> <0.000010>`;
    const found = report({
      packets: packets(handshake(41022, 1, 1) + handshake(41024, 2, 3)),
      calls: calls(accepts),
    });
    expect(queueOf(found)).toEqual(['1: 0 #3', '2: 1 #6', '1: 0 accept', '0: 1 accept']);
    expect(found.states[0]).toMatchObject({ side: 'listener', backlog: 1, inode: 70 });
  });

  it('lets no handshake complete while it is full', () => {
    const third = `${handshake(41026, 3, 5)}
      6.000000 client1 > server 41026>5000 P. seq 1 ack 1 length 5 id 7`;
    const accepts = `${listens}
      5.000000 server/7 accept(3<socket:[70]>, client1:41022) = 4<socket:[71]> <0.000010>`;
    const found = report({
      packets: packets(handshake(41022, 1, 1) + handshake(41024, 2, 3) + third),
      calls: calls(accepts),
    });
    expect(queueOf(found)).toEqual(['1: 0 #3', '2: 1 #6', '1: 0 accept', '2: 2 #10']);
    expect(told(found).at(-1)).toBe('responder: SYN-RECEIVED #7, ESTABLISHED #10');
  });

  it('knows by a SYN-ACK that is sent again that no acknowledgment before it had counted', () => {
    const again = `${opening}
      1.100200 server > client1 5000>41022 S. seq 0 ack 1
      1.100300 client1 > server 41022>5000 . seq 1 ack 1 id 3`;
    expect(of(report({ packets: packets(again) }), 'responder')).toBe('responder: SYN-RECEIVED #1, ESTABLISHED #5');
  });

  it('waits for the first bytes with TCP_DEFER_ACCEPT', () => {
    const deferred = `${listens}
      0.000400 server/7 setsockopt(3<socket:[70]>, SOL_TCP, TCP_DEFER_ACCEPT, [5], 4) = 0 <0.000010>`;
    const bytes = `${opening}
      1.000000 client1 > server 41022>5000 P. seq 1 ack 1 length 5 id 7`;
    const found = report({ packets: packets(bytes), calls: calls(deferred) });
    expect(of(found, 'responder')).toBe('responder: SYN-RECEIVED #1, ESTABLISHED #4');
  });

  it('ties an accept that asks for no address to the connection that waited longest', () => {
    const accepts = `${listens}
      4.000000 server/7 accept4(3<socket:[70]>, NULL, NULL, SOCK_CLOEXEC) = 4<socket:[71]> <0.000010>
      5.000000 server/7 accept4(3<socket:[70]>, NULL, NULL, SOCK_CLOEXEC) = 5<socket:[72]> <0.000010>`;
    const found = report({ packets: packets(handshake(41022, 1, 1) + handshake(41024, 2, 3)), calls: calls(accepts) });
    expect(found.calls.slice(-2).map(({ conversation }) => conversation)).toEqual([0, 1]);
  });
});

const ownersOf = (found: Report, side: string): string[] =>
  found.states
    .find((one) => one.side === side)
    ?.owners.map(({ pid, by, from, until, ended }) => `${pid} ${by} ${from} ${ended ?? ''} ${until ?? ''}`.trim()) ??
  [];

const accepted = `${listens}
  0.000400 server/7 accept(3<socket:[70]>, client1:41022) = 4<socket:[71]> <0.100000>`;

describe('owners', () => {
  it('follow a socket from accept over fork to the closes of both processes', () => {
    const forks = `${accepted}
      0.100500 server/7 clone(child_stack=NULL, flags=SIGCHLD) = 8 <0.000100>
      0.100650 server/7 close(4<socket:[71]>) = 0 <0.000010>
      0.100700 server/8 close(3<socket:[70]>) = 0 <0.000010>
      2.000200 server/8 exit_group(0) = ?`;
    const found = report({ packets: packets(opening), calls: calls(forks) });
    expect(ownersOf(found, 'responder')).toEqual(['7 accept 100400 close 100650', '8 fork 100500 exit 2000200']);
    expect(ownersOf(found, 'listener')).toEqual(['7 socket 110', '8 fork 100500 close 100700']);
  });

  it('count copies of a descriptor as one, and end with the last of them', () => {
    const copies = `${accepted}
      0.200000 server/7 dup2(4<socket:[71]>, 9) = 9<socket:[71]> <0.000010>
      0.200100 server/7 fcntl(4<socket:[71]>, F_DUPFD, 10) = 10<socket:[71]> <0.000010>
      0.200200 server/7 close(4<socket:[71]>) = 0 <0.000010>
      0.200300 server/7 close_range(9, 4294967295, 0) = 0 <0.000010>`;
    const found = report({ packets: packets(opening), calls: calls(copies) });
    expect(ownersOf(found, 'responder')).toEqual(['7 accept 100400 close 200300']);
  });

  it('know what execve closes, and that threads share', () => {
    const runs = `${accepted.replace('accept(3<socket:[70]>, client1:41022)', 'accept4(3<socket:[70]>, client1:41022, [16], SOCK_CLOEXEC)')}
      0.200000 server/7 clone(flags=CLONE_VM|CLONE_FILES|CLONE_THREAD) = 12 <0.000010>
      0.200100 server/12 exit(0) = ?
      0.200200 server/7 execve("/bin/true", [], 0x7f) = 0 <0.000100>`;
    const found = report({ packets: packets(opening), calls: calls(runs) });
    expect(ownersOf(found, 'responder')).toEqual(['7 accept 100400 exec 200200']);
    expect(ownersOf(found, 'listener')).toEqual(['7 socket 110']);
  });

  it('end with the signal that ends their process', () => {
    const killed: CallEvent = {
      kind: 'exit',
      program: 'server',
      host: 'server',
      pid: 7,
      at: 900_000,
      signal: 'SIGKILL',
    };
    const found = report({ packets: packets(opening), calls: [...calls(accepted), killed] });
    expect(ownersOf(found, 'responder')).toEqual(['7 accept 100400 exit 900000']);
    expect(of(found, 'responder')).toBe('responder: SYN-RECEIVED #1, ESTABLISHED #3, FIN-WAIT-1');
  });

  it('may have had a socket before their calls were recorded, or get it in a message', () => {
    const before = calls(`
      0.000400 server/7 accept(3<socket:[70]>, client1:41022) = 4<socket:[71]> <0.100000>
      0.200000 server/8 recvmsg(5) = 1 <0.000010>`);
    before[1]?.args.push('{msg_control=[{cmsg_type=SCM_RIGHTS, cmsg_data=[6<socket:[71]>, 7</x>]}], msg_flags=0}');
    const found = report({ packets: packets(opening), calls: before });
    expect(ownersOf(found, 'responder')).toEqual(['7 accept 100400', '8 passed 200010']);
  });
});
