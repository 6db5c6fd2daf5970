import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../model/run.ts';
import { analyse } from './analyse.ts';
import { began, verdictOn } from './judge/testing.ts';
import { calls, look, packets, type RunParts, recordedRun, socketRow } from './testing.ts';

const wire = packets(`
  0.100100 client1 > server 41022>5000 S seq 0 id 1
  0.100200 server > client1 5000>41022 S. seq 0 ack 1
  0.100300 client1 > server 41022>5000 . seq 1 ack 1 id 2
  1.000050 client1 > server 41022>5000 P. seq 1 ack 1 length 6 id 3
  3.000000 client1 > server 41024>5000 S seq 0 id 4
  3.000200 server > client1 5000>41024 R. seq 0 ack 1`);
const traced = calls(`
  0.100050 client1/9 connect(3<socket:[90]>, server:5000) = 0 <0.000280>
  3.000000 client1/9 connect(4<socket:[91]>, server:5000) = -1 ECONNREFUSED <0.000280>`);

const verdict = (expectation: object, parts: RunParts = {}) =>
  verdictOn(expectation, { packets: wire, calls: traced, ...parts });

describe('segments', () => {
  const handshake = ['client1 > server.5000 S', 'server.5000 > client1 S.', 'client1 > server.5000 .'];

  it('is met by the frames that show it', () => {
    const { verdict: word, proofs, at } = verdict({ segments: handshake });
    expect([word, at]).toEqual(['met', 'scenarios/test.yml:9']);
    expect(proofs).toMatchObject([
      { frame: 1, passage: 1 },
      { frame: 2, passage: 2 },
      { frame: 3, passage: 3 },
    ]);
  });

  it('never patches two conversations together', () => {
    const found = verdict({
      segments: ['client1 > server.5000 S', 'server.5000 > client1 S.', 'server.5000 > client1 R.'],
    });
    expect(found.verdict).toBe('unmet');
    expect(found.seen.en).toBe(
      'client1.41022 > server.5000 S [client1 frame 1]; server.5000 > client1.41022 S. [server frame 2]; ' +
        'client1.41022 > server.5000 . [client1 frame 3]; client1.41022 > server.5000 P. length 6 [client1 frame 4]; ' +
        'client1.41024 > server.5000 S [client1 frame 5]; server.5000 > client1.41024 R. [server frame 6]',
    );
  });

  it('lets a second SYN begin a second conversation', () => {
    const twice = ['client1 > server.5000 S', 'client1 > server.5000 S', 'server.5000 > client1 R.'];
    expect(verdict({ segments: twice }).verdict).toBe('met');
    expect(verdict({ segments: [...twice, 'client1 > server S'] }).verdict).toBe('unmet');
  });

  it('knows lengths, ports, networks and programs', () => {
    expect(verdict({ segments: ['client1@lab > server@lab.5000 P. length 6'], of: 'client1' }).verdict).toBe('met');
    expect(verdict({ segments: ['client1 > server.5000 P. length >6'] }).verdict).toBe('unmet');
    expect(verdict({ segments: ['client1 > server.5001 S'] }).seen.en).toContain(
      'client1.41022 > server.5000 S [client1 frame 1]',
    );
    expect(verdict({ segments: ['server > server S'] }).seen.en).toBe('no such segment');
    expect(verdict({ segments: ['* > server.5000 S'], of: 'nobody' }).verdict).toBe('not-observable');
  });

  it('looks only between the named steps', () => {
    const events = [began('late', 2_000_000)];
    expect(verdict({ segments: handshake, after: 'late' }, { events }).verdict).toBe('unmet');
    expect(verdict({ segments: handshake, before: 'late' }, { events }).verdict).toBe('met');
    expect(verdict({ segments: handshake, after: 'never' }, { events })).toMatchObject({
      verdict: 'not-observable',
      seen: { en: 'step "never" never began', fr: 'l’étape « never » n’a jamais commencé' },
    });
  });

  it('takes no evidence for no proof, of absence too', () => {
    const none = { segments: ['server.5000 > client1 R'], absent: true };
    expect(verdict(none)).toMatchObject({ verdict: 'met', seen: { fr: 'aucun parmi 6 segments' } });
    expect(verdict({ segments: ['server.5000 > client1 R.'], absent: true }).verdict).toBe('unmet');
    expect(verdict(none, { drops: { 'server/eth0': 2 } })).toMatchObject({
      verdict: 'not-observable',
      seen: { en: 'server/eth0 dropped 2 packets' },
    });
    expect(verdict(none, { packets: [] }).seen.en).toBe('nothing was captured at server');
    expect(verdict({ segments: ['gone > client1 S'] }).seen.en).toBe('gone was not recorded');
    expect(verdict({ ...none, after: 'early' }, { events: [began('early', 500)] }).verdict).toBe('met');
  });
});

describe('calls', () => {
  it('finds them in order, by result, error and address', () => {
    expect(verdict({ calls: ['connect(server:5000) = 0', 'connect = ECONNREFUSED'], by: 'client1' })).toMatchObject({
      verdict: 'met',
      proofs: [{ kind: 'call', program: 'client1', number: 1 }, { number: 2 }],
    });
    expect(verdict({ calls: ['connect(10.0.0.2:5000)'], by: 'client1' }).verdict).toBe('met');
    expect(verdict({ calls: ['connect(4)'], by: 'client1' }).verdict).toBe('met');
  });

  it('shows what was called instead', () => {
    const found = verdict({ calls: ['connect = ECONNREFUSED', 'connect = 0'], by: 'client1' });
    expect(found.verdict).toBe('unmet');
    expect(found.seen.en).toBe('connect(4, 10.0.0.2:5000) = ECONNREFUSED [client1 call 2]');
  });

  it('takes the time of return for what a call gave, and no files for sockets', () => {
    const waits = calls(`
      0.000100 server/7 close(3</etc/ld.so.cache>) = 0 <0.000010>
      1.000000 server/7 accept(3<socket:[70]>, client1:41022) = 4<socket:[71]> <2.000000>`);
    const parts = { calls: waits, events: [began('late', 2_000_000)] };
    expect(verdict({ calls: ['accept = 4'], by: 'server', after: 'late' }, parts).verdict).toBe('met');
    expect(verdict({ calls: ['accept = 4'], by: 'server', before: 'late', absent: true }, parts).verdict).toBe('met');
    expect(verdict({ calls: ['accept(3)'], by: 'server', before: 'late' }, parts).verdict).toBe('met');
    expect(verdict({ calls: ['close(3)'], by: 'server', absent: true }, parts).verdict).toBe('met');
  });

  it('cannot tell of a program that was not traced', () => {
    expect(verdict({ calls: ['accept'], by: 'server' }).seen.en).toBe('server was never started');
  });
});

describe('ports', () => {
  it('compares them', () => {
    expect(verdict({ ports: 'different', of: ['client1'] }).verdict).toBe('met');
    expect(verdict({ ports: 'same', of: ['client1'] })).toMatchObject({
      verdict: 'unmet',
      seen: { en: 'client1 10.0.0.11:41022; client1 10.0.0.11:41024' },
    });
    expect(verdict({ ports: 'same', of: ['client1'], side: 'responder' }).verdict).toBe('met');
    expect(verdict({ ports: 'even', of: ['client1'] }).verdict).toBe('met');
    expect(verdict({ ports: 'ephemeral', of: ['client1'] }).verdict).toBe('met');
    expect(verdict({ ports: 'ephemeral', of: ['client1'], side: 'responder' }).verdict).toBe('unmet');
  });

  it('has nothing to compare in one conversation', () => {
    const found = verdict(
      { ports: 'different', of: ['client1'], before: 'late' },
      { events: [began('late', 2_000_000)] },
    );
    expect(found.verdict).toBe('not-observable');
  });
});

describe('rows', () => {
  const local = { address: '10.0.0.2', port: 5000 };
  const any = { address: '0.0.0.0', port: 0 };
  const sockets = [
    socketRow({
      row: 1,
      state: 'LISTEN',
      local: { address: '0.0.0.0', port: 5000 },
      peer: any,
      receiveQueue: 1,
      inode: 70,
      owners: [{ name: 'server', pid: 7, fd: 3 }],
    }),
    socketRow({ row: 2, state: 'ESTABLISHED', local, peer: { address: '10.0.0.11', port: 41022 } }),
    socketRow({ row: 3, state: 'LISTEN', local: { address: '127.0.0.11', port: 4000 }, peer: any, engineOwned: true }),
  ];
  const processes = [
    { row: 1, pid: 7, ppid: 1, uid: 1000, state: 'S', name: 'server', command: './server' },
    { row: 2, pid: 8, ppid: 7, uid: 1000, state: 'S', name: 'server', command: './server' },
    { row: 3, pid: 9, ppid: 7, uid: 1000, state: 'Z', name: 'server', command: '[server]' },
  ];
  const looks = [look('queue', 'server', { sockets, processes })];
  const judged = (part: object, with_: RunParts = { looks }) => verdict({ on: 'server', at: 'queue', ...part }, with_);

  it('finds sockets by state, ends, queue and owner', () => {
    expect(judged({ sockets: { state: 'LISTEN', local: '*:5000', queued: 1, owner: 'server' } }).verdict).toBe('met');
    expect(
      judged({ sockets: { state: 'ESTABLISHED', local: 'server:5000', peer: 'client1:*', owner: 'none', count: 1 } }),
    ).toMatchObject({
      verdict: 'met',
      proofs: [{ kind: 'row', look: 'queue', host: 'server', table: 'sockets', row: 2 }],
    });
    expect(judged({ sockets: { state: 'TIME-WAIT' }, absent: true }).verdict).toBe('met');
    expect(judged({ sockets: { state: 'LISTEN' } }).proofs).toHaveLength(1);
  });

  it('says what it saw instead', () => {
    expect(judged({ sockets: { state: 'LISTEN', local: '*:5000', queued: 0 } })).toMatchObject({
      verdict: 'unmet',
      expected: { en: 'LISTEN *:5000 queued 0 on server at queue' },
      seen: {
        en: 'LISTEN 0.0.0.0:5000 queued 1 owner server (pid 7) [server socket row 1]; ESTABLISHED 10.0.0.2:5000 10.0.0.11:41022 owner none [server socket row 2]',
      },
    });
  });

  it('does not count what earlier runs left in TIME-WAIT', () => {
    const old = socketRow({ state: 'TIME-WAIT', local, peer: { address: '10.0.0.11', port: 40000 } });
    const own = socketRow({ state: 'TIME-WAIT', local, peer: { address: '10.0.0.11', port: 41022 } });
    const both = [look('start', 'server', { sockets: [old] }), look('queue', 'server', { sockets: [old, own] })];
    expect(judged({ sockets: { state: 'TIME-WAIT', count: 1 } }, { looks: both }).verdict).toBe('met');
  });

  it('takes an empty table for an answer, and one that could not be read for none', () => {
    const empty = { looks: [look('queue', 'server')] };
    expect(judged({ sockets: { local: 'server:5000', count: 0 } }, empty)).toMatchObject({
      verdict: 'met',
      seen: { en: 'no socket' },
    });
    const unread = { looks: [look('queue', 'server', { missing: ['sockets'] })] };
    expect(judged({ sockets: { local: 'server:5000', count: 0 } }, unread)).toMatchObject({
      verdict: 'not-observable',
      seen: { en: 'the sockets could not be read' },
    });
  });

  it('cannot tell without the look, or owners that the look hides', () => {
    expect(judged({ sockets: { state: 'LISTEN' } }, { looks: [] }).seen.en).toBe('there was no look "queue" at server');
    const hidden = [look('queue', 'server', { sockets: sockets.slice(1) })];
    expect(judged({ sockets: { owner: 'none' } }, { looks: hidden }).verdict).toBe('not-observable');
  });

  it('says in both languages how many processes hold the connections', () => {
    expect(judged({ processes: { program: 'server', serving: 3 } })).toMatchObject({
      verdict: 'unmet',
      expected: {
        en: '3 connections, each held by a process of its own (server) on server at queue',
        fr: '3 connexions, tenues chacune par un processus à elle (server) sur server, observation queue',
      },
      seen: { en: '1 connection, held by 0 processes', fr: '1 connexion, tenue par 0 processus' },
    });
  });

  it('counts children and zombies of the first process', () => {
    expect(judged({ processes: { program: 'server', children: 1, zombies: 1 } }).verdict).toBe('met');
    expect(judged({ processes: { program: 'server', children: 2 } })).toMatchObject({
      verdict: 'unmet',
      expected: {
        en: 'server, 2 children on server at queue',
        fr: 'server, 2 enfants sur server, observation queue',
      },
      seen: {
        en: 'server (pid 7), 1 child, 1 zombie (pid 8, 9 Z)',
        fr: 'server (pid 7), 1 enfant, 1 zombie (pid 8, 9 Z)',
      },
    });
  });
});

describe('output', () => {
  const events: RunEvent[] = [
    { kind: 'program-started', at: 0, program: 'client1', host: 'client1', argv: ['client'], traced: true },
    { kind: 'output', at: 10, program: 'client1', stream: 'stdout', text: 'hel' },
    { kind: 'output', at: 20, program: 'client1', stream: 'stdout', text: 'lo\n' },
  ];

  it('finds text across the pieces in which it came', () => {
    expect(verdict({ output: 'hello', of: 'client1' }, { events })).toMatchObject({
      verdict: 'met',
      proofs: [{ at: 10 }],
    });
    expect(verdict({ output: 'bye', of: 'client1' }, { events }).seen.en).toBe('client1 printed "hello\\n"');
    expect(verdict({ output: 'hello', of: 'server' }, { events }).verdict).toBe('not-observable');
  });
});

const whole = (...expectations: object[]) =>
  analyse(recordedRun({ packets: wire, calls: traced, expect: expectations })).verdict;

describe('the whole', () => {
  it('is unmet before it is not observable before it is met', () => {
    const met = { ports: 'even', of: ['client1'] };
    const unmet = { ports: 'same', of: ['client1'] };
    const unknown = { calls: ['accept'], by: 'server' };
    expect([whole(met), whole(met, unknown), whole(unknown, unmet, met), whole()]).toEqual([
      'met',
      'not-observable',
      'unmet',
      'met',
    ]);
  });
});
