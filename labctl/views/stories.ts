// The runs that the views' tests tell again and again.

import { same } from '../model/language.ts';
import type { Report } from '../model/report.ts';
import { processRow, Story, socketRow } from './testing.ts';

const twoHosts = { server: '172.30.0.2', client1: '172.30.0.3' };

/** One client, one line, answered; all is well. */
export function echoStory(): Report {
  const story = new Story(twoHosts, { server: 'server', client: 'client1' });
  const conversation = story.conversation('client1', 41022, 'server', 5000, 97);
  story.say(
    0,
    'The client asks for a connection; the server’s kernel answers before the program does.',
    'Le client demande une connexion ; le noyau du serveur répond avant le programme.',
  );
  story.event(10, {
    kind: 'program-started',
    program: 'client',
    host: 'client1',
    argv: ['client', 'server'],
    traced: true,
  });
  story.call(52, 'client', 'connect', ['3<socket:[100]>'], {
    fd: 3,
    address: story.endpoint('server', 5000),
    result: 0,
    took: 149,
    conversation,
  } as object);
  story.handshake(83, conversation);
  story.call(240, 'server', 'accept', ['3<socket:[90]>'], {
    fd: 4,
    address: story.endpoint('client1', 41022),
    result: 4,
    took: 12,
  });
  story.event(1_203_100, { kind: 'typed', program: 'client', text: 'bonjour' });
  story.call(1_203_380, 'client', 'write', ['3<socket:[100]>', '"bonjour\\n"', '8'], { result: 8 });
  story.segment(1_203_400, conversation, '>', {
    flags: 'P.',
    meaning: 'data',
    seq: 1,
    ack: 1,
    payload: 'bonjour\n',
    transit: 33,
  });
  story.segment(1_203_450, conversation, '<', { flags: '.', meaning: 'ack', seq: 1, ack: 9, transit: 25 });
  story.call(1_203_480, 'server', 'read', ['4<socket:[101]>', '"bonjour\\n"', '4096'], { result: 8 });
  story.event(1_203_900, { kind: 'output', program: 'client', stream: 'stdout', text: 'bonjour\n' });
  story.segment(1_300_000, conversation, '>', { flags: 'F.', meaning: 'fin', seq: 9, ack: 9, transit: 30 });
  story.segment(1_300_050, conversation, '<', { flags: 'F.', meaning: 'fin-ack', seq: 9, ack: 10, transit: 27 });
  story.segment(1_300_090, conversation, '>', { flags: '.', meaning: 'last-ack', seq: 10, ack: 10, transit: 21 });
  story.states(1, 'SYN-SENT', 'SYN-RECEIVED');
  story.states(2, 'ESTABLISHED');
  story.states(3, undefined, 'ESTABLISHED');
  story.states(6, 'FIN-WAIT-1', 'CLOSE-WAIT');
  story.states(7, 'TIME-WAIT', 'LAST-ACK');
  story.states(8, undefined, 'CLOSED');
  return story.told();
}

/** The first data segment is lost on the wire and sent again. */
export function lossStory(): Report {
  const story = new Story(twoHosts, { server: 'server', client: 'client1' });
  const conversation = story.conversation('client1', 41022, 'server', 5000, 97);
  story.handshake(0, conversation);
  story.segment(1_203_400, conversation, '>', {
    flags: 'P.',
    meaning: 'data',
    seq: 1,
    ack: 1,
    payload: 'bonjour\n',
    lost: true,
  });
  story.segment(1_407_112, conversation, '>', {
    flags: 'P.',
    meaning: 'data',
    seq: 1,
    ack: 1,
    payload: 'bonjour\n',
    transit: 33,
    repeats: { passage: 4, after: 203_712 },
  });
  story.segment(1_407_160, conversation, '<', { flags: '.', meaning: 'ack', seq: 1, ack: 9, lost: true });
  return story.told();
}

/** Three clients of one server, all at once. */
export function fourHostStory(): Report {
  const hosts = { server: '172.30.0.2', client1: '172.30.0.3', client2: '172.30.0.4', client3: '172.30.0.5' };
  const story = new Story(hosts, { server: 'server', one: 'client1', two: 'client2', three: 'client3' });
  for (const [index, client] of ['client1', 'client2', 'client3'].entries()) {
    const conversation = story.conversation(client, 41022 + 2 * index, 'server', 5000, 97);
    story.call(index * 1000, ['one', 'two', 'three'][index] ?? '', 'connect', ['3'], {
      address: story.endpoint('server', 5000),
      result: 0,
      took: 90,
    });
    story.handshake(index * 1000 + 20, conversation);
    story.call(index * 1000 + 150, 'server', 'accept', ['3'], {
      address: story.endpoint(client, 41022 + 2 * index),
      result: 4 + index,
      took: 4000,
    });
  }
  story.segment(9000, 1, '>', { flags: 'P.', meaning: 'data', seq: 1, ack: 1, payload: 'hello\n', lost: true });
  return story.told();
}

/** A second client waits in the accept queue while the first is served. */
export function queueStory(): Report {
  const hosts = { server: '172.30.0.2', client1: '172.30.0.3', client2: '172.30.0.4' };
  const story = new Story(hosts, { server: 'server', first: 'client1', second: 'client2' });
  const one = story.conversation('client1', 41022, 'server', 5000, 97);
  const two = story.conversation('client2', 41024, 'server', 5000, 97);
  story.handshake(0, one);
  story.call(150, 'server', 'accept', ['3'], { address: story.endpoint('client1', 41022), result: 4, took: 10 });
  story.handshake(500, two);
  story.look(900, 'waiting', 'server', {
    sockets: [
      socketRow(1, {
        state: 'LISTEN',
        receiveQueue: 1,
        sendQueue: 5,
        local: { address: '0.0.0.0', port: 5000 },
        peer: { address: '0.0.0.0', port: 0 },
        owners: [{ name: 'server', pid: 15, fd: 3 }],
      }),
      socketRow(2, { state: 'LISTEN', local: { address: '127.0.0.11', port: 40123 }, engineOwned: true }),
      socketRow(3, { owners: [{ name: 'server', pid: 15, fd: 4 }] }),
      socketRow(4, { inode: 0, receiveQueue: 8, peer: { address: '172.30.0.4', port: 41024 } }),
      socketRow(5, { inode: 0, state: 'TIME-WAIT', peer: { address: '172.30.0.3', port: 41020 } }),
    ],
    processes: [
      processRow(1, 1, 0, '/sbin/docker-init', { uid: 0 }),
      processRow(2, 14, 0, 'strace', {}),
      processRow(3, 15, 14, 'server2', {}),
      processRow(4, 17, 15, 'server2', {}),
      processRow(5, 18, 15, 'server2', { state: 'Z' }),
      processRow(6, 19, 17, 'sleep', {}),
    ],
    counters: { TcpPassiveOpens: 2, TcpInSegs: 900, TcpExtListenOverflows: 1 },
  });
  story.look(10, 'start', 'server', { counters: { TcpPassiveOpens: 0, TcpInSegs: 3 } });
  return story.told();
}

/** Text of other alphabets, and text that tries to take over the terminal. */
export function wideStory(): Report {
  const story = new Story(twoHosts, { server: 'server', client: 'client1' });
  const conversation = story.conversation('client1', 41022, 'server', 5000, 97);
  story.event(0, { kind: 'typed', program: 'client', text: 'こんにちは、世界' });
  story.segment(20, conversation, '>', {
    flags: 'P.',
    meaning: 'data',
    seq: 1,
    ack: 1,
    payload: 'こんにちは、世界\n',
    transit: 30,
  });
  story.event(60, { kind: 'output', program: 'client', stream: 'stdout', text: '\u001b[2J\u001b[Hgone\n' });
  story.event(70, {
    kind: 'output',
    program: 'server',
    stream: 'stdout',
    text: 'cafe\u0301 👩‍👩‍👧 日本語 日本語 日本語 日本語\nzwei\n',
  });
  return story.told();
}

/** A client of its own host, over the loopback interface, twice. */
export function loopbackStory(): Report {
  const story = new Story({ server: '172.30.0.2' }, { server: 'server', client: 'server' });
  for (const port of [36666, 36668]) {
    const conversation = story.conversation('server', port, 'server', 5000, 97);
    story.handshake(port - 36666, conversation);
    story.states(story.report.passages.length - 2, 'SYN-SENT', 'SYN-RECEIVED');
  }
  return story.told();
}

/** A queue with verdicts of all three kinds, a table of calls and a question. */
export function judgedStory(): Report {
  const report = queueStory();
  const story = new Story(twoHosts);
  story.verdict('met', 'The handshake completes though nobody accepts.', {
    proofs: [4, 5, 6].map((frame) => ({
      kind: 'frame',
      point: { host: 'client2', interface: 'eth0' },
      frame,
      passage: frame,
    })),
  });
  story.verdict('unmet', 'The second client is answered.', {
    expected: same('server.5000 > client2 P. length >0'),
    seen: same('server.5000 > client2 S.'),
    proofs: [
      { kind: 'row', look: 'waiting', host: 'server', table: 'sockets', row: 4 },
      { kind: 'call', program: 'server', number: 1, call: 0 },
    ],
  });
  story.verdict('not-observable', 'The client prints nothing.', {
    expected: same('no output'),
    seen: same('the run was interrupted'),
  });
  report.verdicts = story.report.verdicts;
  report.verdict = 'unmet';
  report.scenario.lesson = [
    { ask: { en: 'Do you understand why?', fr: 'Comprenez-vous pourquoi ?' }, answer: { en: '', fr: '' } },
  ];
  const row = { at: report.moments[0]?.at ?? 0, passages: [], callIndex: 0 };
  report.callTables = [
    {
      program: 'server',
      rows: [
        { ...row, number: 1, line: { file: 'server.c', line: 51 }, call: 'socket()', result: '3' },
        { ...row, number: 4, line: { file: 'server.c', line: 73 }, call: 'accept(3)', result: '…' },
        {
          ...row,
          number: 6,
          line: { file: 'server.c', line: 87 },
          call: 'send(4, "hello")',
          result: '5',
          passages: [1, 2, 3, 6],
        },
      ],
    },
  ];
  return report;
}

/** Five thousand segments. */
export function longStory(): Report {
  const story = new Story(twoHosts);
  const conversation = story.conversation('client1', 41022, 'server', 5000);
  for (let index = 0; index < 5000; index++)
    story.segment(index * 10, conversation, '>', {
      flags: '.',
      meaning: 'data',
      seq: 1 + 4 * index,
      ack: 1,
      payload: 'data',
      transit: 5,
    });
  return story.told();
}

/** The network delays one segment, makes a copy of another, takes a third; the kernel's counters prove what followed. */
export function roughStory(): Report {
  const story = new Story(twoHosts, { server: 'server', client: 'client1' });
  const conversation = story.conversation('client1', 41022, 'server', 5000, 97);
  story.handshake(0, conversation);
  const data = (at: number, seq: number, rest: object) =>
    story.segment(at, conversation, '>', {
      flags: 'P.',
      meaning: 'data',
      seq,
      ack: 1,
      payload: 'bonjour\n',
      transit: 33,
      ...rest,
    });
  const ack = (at: number, number: number) =>
    story.segment(at, conversation, '<', { flags: '.', meaning: 'ack', seq: 1, ack: number, transit: 25 });
  const late = data(1000, 1, { transit: 900 });
  late.overtakenBy = data(1100, 9, {}).number;
  ack(1133, 1);
  story.arrival(1900, late.number, false);
  const twice = data(3000, 17, {});
  story.arrival(3090, twice.number, true);
  twice.copies = [{ point: { host: 'server', interface: 'eth0' }, frame: 9, at: twice.at + 90 }];
  const taken = data(4000, 25, { lost: true, transit: undefined });
  taken.takenBy = { rule: 'third data segment', matched: 1 };
  data(4010, 33, {});
  const dup = ack(4050, 25);
  const proof = { from: 4_000, until: 4_200, rose: 1 };
  data(4100, 25, {
    repeats: {
      passage: taken.number,
      after: 100,
      why: {
        cause: 'fast-retransmission',
        counter: 'TcpExtTCPFastRetrans',
        duplicateAcks: [dup.number, dup.number + 1],
        ...proof,
      },
    },
  });
  const last = data(5000, 41, { lost: true, transit: undefined });
  data(205_000, 41, {
    repeats: {
      passage: last.number,
      after: 200_000,
      why: { cause: 'tail-loss-probe', counter: 'TcpExtTCPLossProbes', ...proof },
    },
  });
  return story.told();
}
