import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Call, CallEvent } from '../model/call.ts';
import { endpointText } from '../model/endpoint.ts';
import { parseCalls, StraceParser } from './strace.ts';

const fixture = (name: string) => readFileSync(new URL(`fixtures/${name}.strace`, import.meta.url), 'utf8');
const parse = (name: string) => parseCalls(fixture(name), 'program', 'host');

/** One line an event: number, pid, call with result, `fd/inode`, address, microseconds it took. */
function brief(event: CallEvent): string {
  if (event.kind === 'exit') return `- ${event.pid} ends ${event.code ?? event.signal}`;
  if (event.kind === 'signal') return `- ${event.pid} ${event.signal}`;
  const { number, pid, name, args, result, errno, fd, inode, address, took } = event;
  const given = [
    errno ?? result ?? '?',
    fd === undefined ? '' : `fd ${fd}`,
    inode === undefined ? '' : `inode ${inode}`,
  ];
  const words = [
    `${number} ${pid} ${name}/${args.length} =`,
    ...given,
    address ? endpointText(address) : '',
    took ?? 'no time',
  ];
  return words.filter((word) => word !== '').join(' ');
}
const show = (events: readonly CallEvent[]) => `\n${events.map(brief).join('\n')}\n`;
const calls = (events: readonly CallEvent[]) => events.filter((event): event is Call => event.kind === 'call');

it('the descriptor of a splice is the one that is no pipe', () => {
  const log = [
    '28 8.409786 splice(7<socket:[22388]>, NULL, 4<pipe:[22383]>, NULL, 4096, 0) = 9 <0.308983>',
    '28 8.718846 splice(3<pipe:[22383]>, NULL, 7<socket:[22388]>, NULL, 4096, 0) = 9 <0.000109>',
  ];
  expect(show(parseCalls(log.join('\n'), 'p', 'h'))).toMatchInlineSnapshot(`
    "
    1 28 splice/6 = 9 fd 7 inode 22388 308983
    2 28 splice/6 = 9 fd 7 inode 22388 109
    "
  `);
});

describe('parseCalls on real logs', () => {
  it('follows a forking server: children, interrupted accepts, ends', () => {
    expect(show(parse('fork-server'))).toMatchInlineSnapshot(`
      "
      1 38 execve/3 = 0 300
      2 38 close/1 = 0 fd 3 15
      3 38 read/3 = 832 fd 3 12
      4 38 close/1 = 0 fd 3 12
      5 38 rt_sigaction/4 = 0 11
      6 38 socket/3 = 3 fd 3 inode 18994 22
      7 38 setsockopt/5 = 0 fd 3 inode 18994 12
      8 38 bind/3 = 0 fd 3 inode 18994 0.0.0.0:5000 44
      9 38 listen/2 = 0 fd 3 inode 18994 12
      10 38 accept/3 = 4 fd 4 inode 18995 127.0.0.1:34582 33470
      11 38 clone/3 = 47 154
      12 38 close/1 = 0 fd 4 inode 18995 108
      13 47 close/1 = 0 fd 3 inode 18994 40
      14 38 accept/3 = 4 fd 4 inode 19003 127.0.0.1:34596 58
      15 47 recvfrom/6 = 7 fd 4 inode 18995 621
      16 38 clone/3 = 48 89
      17 38 close/1 = 0 fd 4 inode 19003 30
      18 48 close/1 = 0 fd 3 inode 18994 40
      19 38 accept/3 = ERESTARTSYS fd 3 inode 18994 761
      20 48 recvfrom/6 = 6 fd 4 inode 19003 12
      21 48 write/3 = 6 fd 4 inode 19003 74
      22 48 recvfrom/6 = 0 fd 4 inode 19003 99
      23 47 write/3 = 7 fd 4 inode 18995 49
      24 47 recvfrom/6 = 0 fd 4 inode 18995 100252
      25 48 close/1 = 0 fd 4 inode 19003 42
      26 48 exit_group/1 = ? no time
      - 48 ends 3
      - 38 SIGCHLD
      27 38 wait4/4 = 48 23
      28 38 wait4/4 = 0 10
      29 38 rt_sigreturn/1 = EINTR 12
      30 38 accept/3 = ERESTARTSYS fd 3 inode 18994 100224
      31 47 close/1 = 0 fd 4 inode 18995 82
      32 47 exit_group/1 = ? no time
      - 47 ends 3
      - 38 SIGCHLD
      33 38 wait4/4 = 47 35
      34 38 wait4/4 = ECHILD 12
      35 38 rt_sigreturn/1 = EINTR 15
      36 38 accept/3 = 4 fd 4 inode 19007 127.0.0.1:34612 99640
      37 38 clone/3 = 49 228
      38 38 close/1 = 0 fd 4 inode 19007 32
      39 49 close/1 = 0 fd 3 inode 18994 51
      40 38 accept/3 = ERESTARTSYS fd 3 inode 18994 652
      41 49 recvfrom/6 = 100 fd 4 inode 19007 15
      42 49 write/3 = 100 fd 4 inode 19007 58
      43 49 recvfrom/6 = 0 fd 4 inode 19007 11
      44 49 close/1 = 0 fd 4 inode 19007 42
      45 49 exit_group/1 = ? no time
      - 49 ends 3
      - 38 SIGCHLD
      46 38 wait4/4 = 49 27
      47 38 wait4/4 = ECHILD 10
      48 38 rt_sigreturn/1 = EINTR 12
      49 38 close/1 = 0 fd 3 inode 18994 21
      50 38 exit_group/1 = ? no time
      - 38 ends 0
      "
    `);
  });

  it('reads resets, refusals, IPv6, poll, writev, datagrams, a killed child, an execve', () => {
    expect(show(parse('endings'))).toMatchInlineSnapshot(`
      "
      1 53 execve/3 = 0 336
      2 53 socket/3 = 4 fd 4 inode 19013 29
      3 53 connect/3 = 0 fd 4 inode 19013 127.0.0.1:5001 163
      4 53 accept4/4 = 5 fd 5 inode 19014 127.0.0.1:49728 20
      5 53 getsockname/3 = 0 fd 5 inode 19014 127.0.0.1:5001 14
      6 53 setsockopt/5 = 0 fd 4 inode 19013 15
      7 53 close/1 = 0 fd 4 inode 19013 40
      8 53 recvfrom/6 = ECONNRESET fd 5 inode 19014 16
      9 53 sendto/6 = EPIPE fd 5 inode 19014 18
      - 53 SIGPIPE
      10 53 close/1 = 0 fd 5 inode 19014 20
      11 53 socket/3 = 4 fd 4 inode 19015 63
      12 53 connect/3 = ECONNREFUSED fd 4 inode 19015 127.0.0.1:5999 80
      13 53 close/1 = 0 fd 4 inode 19015 24
      14 53 socket/3 = 4 fd 4 inode 19016 26
      15 53 bind/3 = 0 fd 4 inode 19016 [::]:5002 22
      16 53 listen/2 = 0 fd 4 inode 19016 17
      17 53 socket/3 = 5 fd 5 inode 19017 22
      18 53 connect/3 = 0 fd 5 inode 19017 [::1]:5002 88
      19 53 accept4/4 = 6 fd 6 inode 19018 [::1]:40960 19
      20 53 getsockname/3 = 0 fd 6 inode 19018 [::1]:5002 14
      21 53 socket/3 = 7 fd 7 inode 19019 43
      22 53 connect/3 = 0 fd 7 inode 19019 127.0.0.1:5002 74
      23 53 accept4/4 = 8 fd 8 inode 19020 127.0.0.1:47680 18
      24 53 getsockname/3 = 0 fd 8 inode 19020 127.0.0.1:5002 14
      25 53 poll/3 = 0 10155
      26 53 sendto/6 = 100 fd 5 inode 19017 84
      27 53 poll/3 = 1 24
      28 53 recvfrom/6 = 100 fd 6 inode 19018 44
      29 53 epoll_wait/4 = 0 fd 9 10176
      30 53 writev/3 = 6 fd 5 inode 19017 99
      31 53 readv/3 = 6 fd 6 inode 19018 17
      32 53 socket/3 = 10 fd 10 inode 19021 26
      33 53 sendto/6 = 5 fd 10 inode 19021 127.0.0.1:5999 140
      34 53 sendmsg/3 = 2 fd 10 inode 19021 127.0.0.1:5998 28
      35 53 socketpair/4 = 0 24
      36 53 getsockname/3 = 0 fd 11 inode 19023 11
      37 53 getsockname/3 = 0 fd 12 inode 19024 11
      38 53 close/1 = 0 fd 11 inode 19023 20
      39 53 close/1 = 0 fd 12 inode 19024 20
      40 53 shutdown/2 = 0 fd 6 inode 19018 31
      41 53 recvfrom/6 = 0 fd 5 inode 19017 20
      42 53 clone/3 = 58 368
      43 58 pause/0 = ? no time
      44 53 kill/2 = 0 145
      45 53 wait4/4 = 58 736
      - 58 ends SIGKILL
      - 53 SIGCHLD
      46 53 clone/3 = 59 379
      47 53 wait4/4 = 59 3600
      48 59 execve/3 = 0 1279
      49 59 close/1 = 0 fd 3 15
      50 59 exit_group/1 = ? no time
      - 59 ends 0
      - 53 SIGCHLD
      51 53 close/1 = 0 fd 3 inode 19012 45
      52 53 close/1 = 0 fd 4 inode 19016 22
      53 53 close/1 = 0 fd 5 inode 19017 75
      54 53 close/1 = 0 fd 6 inode 19018 23
      55 53 close/1 = 0 fd 7 inode 19019 37
      56 53 close/1 = 0 fd 8 inode 19020 45
      57 53 close/1 = 0 fd 9 13
      58 53 close/1 = 0 fd 10 inode 19021 16
      59 53 exit_group/1 = ? no time
      - 53 ends 7
      "
    `);
  });

  it('keeps each argument as strace printed it', () => {
    const [sendmsg] = calls(parse('endings')).filter(({ name }) => name === 'sendmsg');
    expect(sendmsg?.args).toEqual([
      '10<socket:[19021]>',
      '{msg_name={sa_family=AF_INET, sin_port=htons(5998), sin_addr=inet_addr("127.0.0.1")}, msg_namelen=16, msg_iov=[{iov_base="a", iov_len=1}, {iov_base="b", iov_len=1}], msg_iovlen=2, msg_controllen=0, msg_flags=0}',
      '0',
    ]);
    const sent = calls(parse('endings')).find(({ errno }) => errno === 'EPIPE');
    expect(sent?.args[1]).toBe(String.raw`"quote \" back\\ nl\n tab\t \0\377 (paren) <angle>, comma"`);
  });

  it('attaches stacks to their calls, the last one past the end of its process', () => {
    const found = calls(parse('stacks'));
    expect(found.map(({ name, stack }) => [name, stack?.length])).toEqual([
      ['socket', 6],
      ['connect', 5],
      ['close', 5],
      ['exit_group', 6],
    ]);
    expect(found[0]?.stack?.[1]).toEqual({ object: '/work/stackc', offset: 0x1191 });
  });

  it.each(['killed', 'partial'])('gives the accept that never returned (%s)', (name) => {
    const last = calls(parse(name)).at(-1);
    expect(last).toMatchObject({ name: 'accept', args: ['3<socket:[19881]>'], fd: 3, inode: 19881 });
    expect(last).not.toHaveProperty('result');
  });
});

const line = (text: string, pid = 7, second = 1) => `${pid} ${second}.000000 ${text}\n`;

describe('StraceParser', () => {
  it('gives calls at once where no stacks are awaited', () => {
    const parser = new StraceParser('p', 'h', { stacks: false });
    expect(parser.push(line('close(3) = 0 <0.000001>'))).toHaveLength(1);
  });

  it('knows which calls are waiting, the one in an unfinished line included', () => {
    const parser = new StraceParser('p', 'h');
    parser.push(line('accept(3<socket:[9]>,  <unfinished ...>'));
    parser.push('8 2.000000 recvfrom(4<socket:[10]>, ');
    expect(parser.pending().map(({ number, pid, name, inode }) => [number, pid, name, inode])).toEqual([
      [1, 7, 'accept', 9],
      [2, 8, 'recvfrom', 10],
    ]);
  });

  it('ends a call with the process that was in it', () => {
    const log = `${line('read(3<socket:[9]>,  <unfinished ...>')}${line('+++ killed by SIGKILL +++', 7, 2)}`;
    const [call, end] = new StraceParser('p', 'h', { stacks: false }).push(log);
    expect([call, end]).toMatchObject([
      { name: 'read', number: 1, inode: 9 },
      { kind: 'exit', signal: 'SIGKILL' },
    ]);
  });

  it('reads lines without a pid, and with the pid as a terminal shows it', () => {
    const log = '1.000000 close(3) = 0 <0.000001>\n[pid    12] 2.000000 close(4) = 0 <0.000002>\n';
    expect(parseCalls(log, 'p', 'h').map(({ pid }) => pid)).toEqual([0, 12]);
  });

  it.each([
    ['mmap(NULL, 8192) = 0x7f5a3c000000 <0.000005>', { result: 0x7f5a3c000000 }],
    ['dup(3</tmp/a, b>) = 4</tmp/a, b> <0.000005>', { result: 4, fd: 4, args: ['3</tmp/a, b>'] }],
    [
      'read(4<TCP:[127.0.0.1:5000->127.0.0.1:40000]>, "", 1) = 0 <0.000005>',
      { fd: 4, args: ['4<TCP:[127.0.0.1:5000->127.0.0.1:40000]>', '""', '1'] },
    ],
    ['restart_syscall(<... resuming interrupted read ...>) = 0 <0.000005>', { result: 0 }],
    ['fork() = 12 <0.000005>', { name: 'fork', args: [], result: 12 }],
    [
      'write(1, "{sa_family=AF_INET, sin_port=htons(1), sin_addr=inet_addr(\\"1.2.3.4\\")}", 9) = 9 <0.1>',
      { result: 9 },
    ],
    [
      'f(1<<2, [{a="]"}], {st=(1, 2)} /* 3, vars */) = 1 (a) <0.000005>',
      { args: ['1<<2', '[{a="]"}]', '{st=(1, 2)} /* 3, vars */'] },
    ],
  ])('%s', (text, wanted) => {
    const [call] = parseCalls(line(text), 'p', 'h');
    expect(call).toMatchObject(wanted);
    expect(call).not.toHaveProperty('address');
  });

  it('gives the same events however the text is cut', () => {
    const log = fixture('fork-server') + fixture('stacks');
    const whole = parseCalls(log, 'p', 'h');
    fc.assert(
      fc.property(fc.array(fc.nat(log.length), { maxLength: 20 }), (cuts) => {
        const edges = [0, ...cuts.sort((a, b) => a - b), log.length];
        const parser = new StraceParser('p', 'h');
        const events = edges.slice(1).flatMap((edge, i) => parser.push(log.slice(edges[i], edge)));
        expect([...events, ...parser.end()].sort((a, b) => a.at - b.at)).toEqual(whole);
      }),
      { numRuns: 30 },
    );
  });

  it('never throws, whatever the text', () => {
    const pieces = fixture('endings').split(/(?<=[\s,(])/);
    const noise = fc.oneof(
      fc.constantFrom(...pieces),
      fc.string(),
      fc.constantFrom('\n', '<unfinished ...>', '"', '(', ')'),
    );
    fc.assert(
      fc.property(fc.array(noise, { maxLength: 60 }), (words) => {
        parseCalls(words.join(''), 'p', 'h');
        parseCalls(`1 1.000000 ${words.join('')}`, 'p', 'h');
      }),
    );
  });
});
