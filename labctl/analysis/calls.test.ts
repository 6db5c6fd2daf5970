import { describe, expect, it } from 'vitest';
import type { Report } from '../model/report.ts';
import { analyse } from './analyse.ts';
import { calls, packets, type RunParts, recordedRun } from './testing.ts';

const wire = `
  0.100100 client1 > server 41022>5000 S seq 0 id 1
  0.100200 server > client1 5000>41022 S. seq 0 ack 1
  0.100300 client1 > server 41022>5000 . seq 1 ack 1 id 2
  1.000050 client1 > server 41022>5000 P. seq 1 ack 1 length 6 id 3
  1.000100 server > client1 5000>41022 . seq 1 ack 7 id 4
  1.000250 server > client1 5000>41022 P. seq 1 ack 7 length 6 id 5
  1.000300 client1 > server 41022>5000 . seq 7 ack 7 id 6
  2.000050 client1 > server 41022>5000 F. seq 7 ack 7 id 7
  2.000250 server > client1 5000>41022 F. seq 7 ack 8 id 8
  2.000300 client1 > server 41022>5000 . seq 8 ack 8 id 9`;

const opens = `
  0.000100 server/7 socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 3<socket:[70]> <0.000010>
  0.000200 server/7 bind(3<socket:[70]>, 0.0.0.0:5000) = 0 <0.000010>
  0.000300 server/7 listen(3<socket:[70]>, 5) = 0 <0.000010>
  0.000400 server/7 accept(3<socket:[70]>, client1:41022) = 4<socket:[71]> <0.100000>`;

const client = `
  0.100000 client1/9 socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 3<socket:[90]> <0.000010>
  0.100050 client1/9 connect(3<socket:[90]>, server:5000) = 0 <0.000280>
  1.000000 client1/9 write(3<socket:[90]>, "hello\\n", 6) = 6 <0.000080>
  1.000090 client1/9 read(3<socket:[90]>, "hello\\n", 100) = 6 <0.000260>
  2.000000 client1/9 close(3<socket:[90]>) = 0 <0.000100>`;

const forked = `${opens}
  0.100500 server/7 clone(child_stack=NULL, flags=SIGCHLD) = 8 <0.000100>
  0.100650 server/7 close(4<socket:[71]>) = 0 <0.000010>
  0.100700 server/8 close(3<socket:[70]>) = 0 <0.000010>
  0.100800 server/8 read(4<socket:[71]>, "hello\\n", 100) = 6 <0.899300>
  1.000200 server/8 write(4<socket:[71]>, "hello\\n", 6) = 6 <0.000080>
  1.000400 server/8 read(4<socket:[71]>, "", 100) = 0 <0.999700>
  2.000200 server/8 close(4<socket:[71]>) = 0 <0.000100>`;

const report = (parts: RunParts): Report => analyse(recordedRun(parts));
const caused = ({ calls: all }: Report): Record<string, number[]> =>
  Object.fromEntries(
    all
      .filter((call) => call.caused.length > 0)
      .map((call) => [`${call.program}/${call.pid} ${call.name}`, call.caused]),
  );

describe('ties of calls', () => {
  it('follows a socket from connect and accept over fork to its end', () => {
    const found = report({ packets: packets(wire), calls: calls(client + forked) });
    expect(caused(found)).toEqual({
      'client1/9 connect': [1],
      'client1/9 write': [4],
      'client1/9 close': [8],
      'server/8 write': [6],
      'server/8 close': [9],
    });
    expect(found.conversations[0]).toMatchObject({
      initiator: { program: 'client1' },
      responder: { program: 'server' },
    });
    const tied = found.calls.filter(({ conversation }) => conversation === 0).map(({ pid, name }) => `${pid} ${name}`);
    expect(tied).toContain('7 accept');
    expect(tied).toContain('8 read');
    expect(found.calls.find(({ name }) => name === 'listen')?.conversation).toBeUndefined();
  });

  it('counts the bytes of every way to send and to receive', () => {
    const [first = '', ...lines] = client.trim().split('\n');
    const sends = `
  1.000000 client1/9 splice(5<pipe:[50]>, NULL, 3<socket:[90]>, NULL, 4096, 0) = 6 <0.000080>
  1.200000 client1/9 pwritev2(3<socket:[90]>, [{iov_base="abc"}], 1, -1, 0) = 3 <0.000080>
  1.300000 client1/9 sendmmsg(3<socket:[90]>, [{msg_len=2}, {msg_len=5}], 2, 0) = 2 <0.000080>`;
    const reads = `
  1.000020 server/7 splice(4<socket:[71]>, NULL, 6<pipe:[60]>, NULL, 4096, 0) = 6 <0.000100>
  1.100000 server/7 preadv2(4<socket:[71]>, [{iov_base="abc"}], 1, -1, 0) = 3 <0.100100>
  1.210000 server/7 recvmmsg(4<socket:[71]>, [{msg_len=2}, {msg_len=5}], 2, 0) = 2 <0.090100>`;
    const segments = `
  0.100100 client1 > server 41022>5000 S seq 0 id 1
  0.100200 server > client1 5000>41022 S. seq 0 ack 1
  0.100300 client1 > server 41022>5000 . seq 1 ack 1 id 2
  1.000050 client1 > server 41022>5000 P. seq 1 ack 1 length 6 id 3
  1.200050 client1 > server 41022>5000 P. seq 7 ack 1 length 3 id 4
  1.300050 client1 > server 41022>5000 P. seq 10 ack 1 length 7 id 5`;
    const found = report({ packets: packets(segments), calls: calls(`${first}\n${lines[0]}${sends}${opens}${reads}`) });
    expect(caused(found)).toEqual({
      'client1/9 connect': [1],
      'client1/9 splice': [4],
      'client1/9 pwritev2': [5],
      'client1/9 sendmmsg': [6],
    });
    const drawn = found.moments.flatMap((moment) => (moment.kind === 'call' ? [found.calls[moment.call]?.name] : []));
    expect(drawn).toEqual(expect.arrayContaining(['splice', 'preadv2', 'recvmmsg', 'pwritev2', 'sendmmsg']));
    expect(found.calls.filter(({ host, conversation }) => host === 'server' && conversation === 0)).toHaveLength(4);
  });

  it('gives the FIN to the end of the process when nothing closed the socket before', () => {
    const found = report({
      packets: packets(wire),
      calls: calls(client.replace('close(3<socket:[90]>) = 0 <0.000100>', 'exit_group(0) = ?')),
    });
    expect(caused(found)['client1/9 exit_group']).toEqual([8]);
    expect(found.moments).toContainEqual(expect.objectContaining({ kind: 'call', part: 'entered', at: 2_000_000 }));
  });

  it('tells two programs of one host apart by their sockets', () => {
    const found = report({
      packets: packets(`
        0.100100 client1 > server 41022>5000 S seq 0 id 1
        0.100110 client1 > server 41024>5000 S seq 0 id 1`),
      calls: calls(`
        0.100010 a@client1/8 connect(3<socket:[80]>, server:5000) = 0 <0.000900>
        0.100020 b@client1/9 connect(3<socket:[90]>, server:5000) = 0 <0.000900>
        0.200000 a@client1/8 getsockname(3<socket:[80]>, client1:41024) = 0 <0.000010>
        0.200000 b@client1/9 getsockname(3<socket:[90]>, client1:41022) = 0 <0.000010>`),
    });
    expect(found.conversations.map(({ initiator }) => initiator.program)).toEqual(['b', 'a']);
  });

  it('lets connect cause the SYN and what it repeats, and nothing that came later', () => {
    const found = report({
      packets: packets(`
        0.100100 client1 > server 41022>5000 S seq 0 id 1 ✗
        1.130000 client1 > server 41022>5000 S seq 0 id 2 ✗`),
      calls: calls('0.100050 client1/9 connect(3<socket:[90]>, server:5000) = -1 ETIMEDOUT <2.000000>'),
    });
    expect(caused(found)).toEqual({ 'client1/9 connect': [1, 2] });
  });

  it('knows whose queue a connection waits in that nobody accepted', () => {
    const listens = opens.split('\n').slice(0, 4).join('\n');
    const found = report({ packets: packets(wire), calls: calls(listens) });
    expect(found.conversations[0]?.responder.program).toBe('server');
  });
});

const lines = ({ moments, calls: all, passages }: Report): string[] =>
  moments.flatMap((moment) => {
    if (moment.kind === 'passage') return [`#${moment.passage} ${passages[moment.passage - 1]?.tcp?.flags}`];
    if (moment.kind !== 'call') return [];
    const call = all[moment.call];
    return [`${call?.program} ${call?.name} ${moment.part}`];
  });

describe('moments', () => {
  it('puts causes first and draws as two what waited', () => {
    const found = report({ packets: packets(wire), calls: calls(client + forked) });
    expect(lines(found)).toEqual([
      'server socket whole',
      'server bind whole',
      'server listen whole',
      'server accept entered',
      'client1 socket whole',
      'client1 connect entered',
      '#1 S',
      '#2 S.',
      '#3 .',
      'client1 connect returned',
      'server accept returned',
      'server clone whole',
      'server close whole',
      'server close whole',
      'server read entered',
      'client1 write whole',
      '#4 P.',
      'client1 read entered',
      '#5 .',
      'server read returned',
      'server write whole',
      '#6 P.',
      '#7 .',
      'client1 read returned',
      'server read entered',
      'client1 close whole',
      '#8 F.',
      'server read returned',
      'server close whole',
      '#9 F.',
      '#10 .',
    ]);
  });

  it('leaves out what getaddrinfo and files do', () => {
    const found = report({
      calls: calls(`
        0.000100 client1/9 socket(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC, 0) = 3<socket:[91]> <0.000010>
        0.000200 client1/9 connect(3<socket:[91]>, {sa_family=AF_UNIX}) = -1 ENOENT <0.000010>
        0.000300 client1/9 socket(AF_INET, SOCK_DGRAM|SOCK_CLOEXEC, IPPROTO_IP) = 3<socket:[92]> <0.000010>
        0.000400 client1/9 connect(3<socket:[92]>, 127.0.0.11:53) = 0 <0.000010>
        0.000500 client1/9 sendto(3<socket:[92]>, "x", 1) = 1 <0.000010>
        0.000600 client1/9 socket(AF_INET, SOCK_DGRAM|SOCK_CLOEXEC, IPPROTO_IP) = 4<socket:[93]> <0.000010>
        0.000700 client1/9 connect(4<socket:[93]>, server:5000) = 0 <0.000010>
        0.000800 client1/9 close(4<socket:[93]>) = 0 <0.000010>
        0.000900 client1/9 read(3</etc/hosts>, "x", 100) = 1 <0.000010>
        0.001000 client1/9 write(1<pipe:[5]>, "x", 1) = 1 <0.000010>`),
    });
    expect(lines(found)).toEqual([]);
    expect(found.calls).toHaveLength(10);
  });

  it('begins a step before what it does in the same microsecond', () => {
    const found = report({
      packets: packets('0.100100 client1 > server 41022>5000 S seq 0 id 1'),
      calls: calls('0.100100 client1/9 connect(3<socket:[90]>, server:5000) = -1 EINPROGRESS <0.000000>'),
      events: [{ kind: 'step-began', at: 100_100, step: 0, verb: 'start', summary: { en: '', fr: '' } }],
    });
    expect(found.moments.map(({ kind }) => kind)).toEqual(['event', 'call', 'passage']);
  });
});

describe('what strace and labctl stamp late or early', () => {
  const at = ({ moments }: Report, test: (moment: Report['moments'][number]) => boolean) => moments.find(test)?.at;

  it('lets no call return before the packet that it waited for', () => {
    const found = report({
      packets: packets(wire),
      calls: calls(`
        0.100050 client1/9 connect(3<socket:[90]>, server:5000) = 0 <0.000100>
        1.000090 client1/9 read(3<socket:[90]>, "hello", 100) = 6 <0.000170>`),
    });
    const returns = found.moments.filter((moment) => moment.kind === 'call' && moment.part === 'returned');
    expect(returns.map((moment) => moment.at)).toEqual([100_230, 1_000_280]);
  });

  it('knows the SYN of a connect that seems to return before it', () => {
    const found = report({
      packets: packets(wire.replace('0.100100 client1', '0.100150 client1')),
      calls: calls('0.099500 client1/9 connect(3<socket:[90]>, server:5000) = 0 <0.000313>'),
    });
    expect(found.conversations[0]?.initiator.program).toBe('client1');
    expect(lines(found).slice(0, 4)).toEqual(['client1 connect entered', '#1 S', '#2 S.', 'client1 connect returned']);
    expect(caused(found)).toEqual({ 'client1/9 connect': [1] });
  });

  it('knows a connection by its port where a busy machine stamped connect and accept long before it', () => {
    const found = report({
      packets: packets(wire),
      calls: calls(`
        0.000300 server/7 listen(3<socket:[70]>, 5) = 0 <0.000010>
        0.060000 client1/9 connect(3<socket:[90]>, server:5000) = 0 <0.011006>
        0.070000 server/7 accept(3<socket:[70]>, client1:41022) = 4<socket:[71]> <0.000100>
        0.110000 client1/9 getsockname(3<socket:[90]>, client1:41022) = 0 <0.000013>`),
    });
    const [conversation] = found.conversations;
    expect([conversation?.initiator.program, conversation?.responder.program]).toEqual(['client1', 'server']);
  });

  it('lets no datagram be read before it arrived', () => {
    const found = report({
      packets: packets(`
        0.300000 client1 > server 40000>5000 UDP length 6
        0.300100 client1 > server 40000>5000 UDP length 9`),
      calls: calls(`
        0.000100 server/7 socket(AF_INET, SOCK_DGRAM, IPPROTO_IP) = 3<socket:[70]> <0.000010>
        0.000200 server/7 bind(3<socket:[70]>, 0.0.0.0:5000) = 0 <0.000010>
        0.000300 server/7 recvfrom(3<socket:[70]>, "hello\\n", 65536, 0, client1:40000, [16]) = 6 <0.299500>
        0.300200 server/7 recvfrom(3<socket:[70]>, "and now?\\n", 65536, 0, client1:40000, [16]) = 9 <0.000010>`),
    });
    const returns = found.moments.flatMap((one) => (one.kind === 'call' && one.part === 'returned' ? [one.at] : []));
    expect(returns).toEqual([300_030]);
  });

  it('says of no read that it waited when its bytes were there before', () => {
    const found = report({
      packets: packets(wire),
      calls: calls(`
        0.100050 client1/9 connect(3<socket:[90]>, server:5000) = 0 <0.000280>
        1.400000 client1/9 read(3<socket:[90]>, "hello", 100) = 6 <0.003000>`),
    });
    expect(lines(found)).toContain('client1 read whole');
  });

  it('ends a process when it called exit, not when strace came to say so', () => {
    const exit = { kind: 'exit' as const, program: 'client1', host: 'client1', pid: 9, at: 900, code: 0 };
    const found = report({ calls: [...calls('0.000500 client1/9 exit_group(0) = ?'), exit] });
    expect(at(found, ({ kind }) => kind === 'exit')).toBe(500);
  });

  it('takes apart what several writes printed and one reading brought', () => {
    const found = report({
      calls: calls(`
        0.000200 server/7 write(1<pipe:[5]>, "one\\n", 4) = 4 <0.000010>
        0.000400 server/8 write(1<pipe:[5]>, "été\\n", 6) = 6 <0.000010>`),
      events: [{ kind: 'output', at: 6000, program: 'server', stream: 'stdout', text: 'one\nété\n' }],
    });
    const outputs = found.moments.flatMap((moment) =>
      moment.kind === 'event' && moment.event.kind === 'output' ? [[moment.at, moment.event.text]] : [],
    );
    expect(outputs).toEqual([
      [200, 'one\n'],
      [400, 'été\n'],
    ]);
  });

  it('puts printed text at its write, and a start before its first call', () => {
    const found = report({
      calls: calls(`
        0.000100 client1/9 execve("client", ["client"]) = 0 <0.000010>
        0.000200 client1/9 write(1<pipe:[5]>, "one\\n", 4) = 4 <0.000010>
        0.000300 client1/9 write(1<pipe:[5]>, "two\\n", 4) = 4 <0.000010>`),
      events: [
        { kind: 'program-started', at: 5000, program: 'client1', host: 'client1', argv: ['client'], traced: true },
        { kind: 'output', at: 6000, program: 'client1', stream: 'stdout', text: 'one\n' },
        { kind: 'output', at: 7000, program: 'client1', stream: 'stdout', text: 'two\n' },
        { kind: 'output', at: 8000, program: 'client1', stream: 'stderr', text: 'oh\n' },
      ],
    });
    expect(at(found, (moment) => moment.kind === 'event' && moment.event.kind === 'program-started')).toBe(100);
    const outputs = found.moments.filter((moment) => moment.kind === 'event' && moment.event.kind === 'output');
    expect(outputs.map((moment) => moment.at)).toEqual([200, 300, 8000]);
  });

  it('tells of a poll only that it waited long, at its end, and for which conversation', () => {
    const polls = calls(`${client}
      0.200000 client1/9 poll() = 1 <0.800000>
      1.100000 client1/9 poll() = 1 <0.000300>
      1.200000 client1/9 poll() = 0 <0.700000>`);
    for (const call of polls) if (call.name === 'poll') call.args = ['[{fd=3<socket:[90]>, events=POLLIN}]', '1', '-1'];
    const found = report({ packets: packets(wire), calls: polls });
    const drawn = found.moments.flatMap((moment) =>
      moment.kind === 'call' && found.calls[moment.call]?.name === 'poll' ? [[moment.at, moment.part]] : [],
    );
    expect(drawn).toEqual([[1_000_000, 'returned']]);
    expect(found.calls.find(({ name }) => name === 'poll')?.conversation).toBe(0);
  });

  it('knows when bytes that came out of order could be read', () => {
    const start = wire.split('\n').slice(0, 4).join('\n');
    const found = report({
      packets: packets(`${start}
        1.000000 client1 > server 41022>5000 P. seq 1 ack 1 length 6 id 3 ✗
        1.000100 client1 > server 41022>5000 P. seq 7 ack 1 length 4 id 4
        1.200000 client1 > server 41022>5000 P. seq 1 ack 1 length 6 id 5`),
      calls: calls(`${opens}
        0.500000 server/7 read(4<socket:[71]>, "helloabcd", 100) = 10 <0.700020>`),
    });
    const [returned] = found.moments.filter((moment) => moment.kind === 'call' && moment.at > 1_100_000);
    expect(returned?.at).toBe(1_200_030);
  });
});

describe('the call table', () => {
  it('folds later connections and long exchanges', () => {
    const round = (second: number, inode: number, port: number, reads: number): string =>
      [
        `${second}.000000 server/7 accept(3<socket:[70]>, client1:${port}) = 4<socket:[${inode}]> <0.000100>`,
        ...Array.from(
          { length: reads },
          (_, place) => `${second}.00${1000 + place} server/7 read(4<socket:[${inode}]>, "x", 9) = 1 <0.000010>`,
        ),
        `${second}.500000 server/7 close(4<socket:[${inode}]>) = 0 <0.000100>`,
      ].join('\n');
    const found = report({
      packets: packets(`
        0.900000 client1 > server 41022>5000 S seq 0 id 1
        1.900000 client1 > server 41024>5000 S seq 0 id 2`),
      calls: calls(
        `${opens.split('\n').slice(0, 4).join('\n')}\n${round(1, 71, 41022, 12)}\n${round(2, 72, 41024, 2)}`,
      ),
      tables: [{ calls: 'server' }],
    });
    const rows = found.callTables[0]?.rows ?? [];
    expect(rows.slice(3).map(({ number, call, result }) => `${number} ${call} = ${result}`)).toEqual([
      '4 accept(3) = …',
      '5 accept(3) = 4 ← 10.0.0.11:41022',
      '6 read(4, "x") … read(4, "x") = 12 ×',
      '7 close(4) = 0',
      '4 accept(3) = 4 ← 10.0.0.11:41024 … close(4) = 0',
    ]);
  });

  it('tells the seven steps with source lines and frames', () => {
    const alone = forked
      .replaceAll('server/8', 'server/7')
      .replace(/.*clone.*\n/, '')
      .replace(/.*0\.100650.*\n/, '')
      .replace(/.*0\.100700.*\n/, '');
    const lined = calls(`${alone}
      3.000000 server/7 accept(3<socket:[70]>) = ? ERESTARTSYS <0.500000>
      3.600000 server/7 close(3<socket:[70]>) = 0 <0.000010>`).map((call) =>
      call.name === 'socket' ? { ...call, line: { file: 'server.c', line: 2 } } : call,
    );
    const found = report({
      packets: packets(wire),
      calls: lined,
      tables: [{ calls: 'server' }],
      sources: { 'server.c': ['int main(void) {', '  int listener = socket(AF_INET, SOCK_STREAM, 0);'] },
    });
    const rows = found.callTables[0]?.rows ?? [];
    expect(rows.map(({ number, call, result, passages }) => [number, call, result, passages])).toEqual([
      [1, 'socket(AF_INET, SOCK_STREAM)', '3', []],
      [2, 'bind(3, 0.0.0.0:5000)', '0', []],
      [3, 'listen(3, 5)', '0', []],
      [4, 'accept(3)', '…', []],
      [5, 'accept(3)', '4 ← 10.0.0.11:41022', []],
      [6, 'read(4, "hello\\n")', '6', []],
      [6, 'write(4, "hello\\n")', '6', [6]],
      [6, 'read(4, "")', '0', []],
      [7, 'close(4)', '0', [9]],
      [4, 'accept(3)', 'EINTR', []],
      [7, 'close(3)', '0', []],
    ]);
    expect(rows[0]?.line).toEqual({
      file: 'server.c',
      line: 2,
      text: 'int listener = socket(AF_INET, SOCK_STREAM, 0);',
    });
  });
});
