import { describe, expect, it } from 'vitest';
import { CallLogSplitter } from './call-log-splitter.ts';

// strace -f -ttt -T -o LOG bash, then ./client and `make` typed; shortened.
const log = `10 1.000001 execve("/bin/bash", ["bash"], 0x7ff /* 6 vars */) = 0 <0.001>
10 1.000002 read(0</dev/pts/0>, "./client\\n", 1) = 1 <0.5>
10 1.000003 clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD <unfinished ...>
11 1.000004 close(255</dev/pts/0> <unfinished ...>
10 1.000005 <... clone resumed>, child_tidptr=0x7f) = 11 <0.0001>
11 1.000006 <... close resumed>) = 0 <0.00001>
11 1.000007 execve("./client", ["./client", "a \\"b\\""], 0x55 /* 7 vars */ <unfinished ...>
10 1.000008 wait4(-1 <unfinished ...>
11 1.000009 <... execve resumed>) = 0 <0.0002>
11 1.000010 socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 3<socket:[1]> <0.00001>
11 1.000011 exit_group(0) = ?
11 1.000012 +++ exited with 0 +++
10 1.000013 <... wait4 resumed>[{WIFEXITED(s)}], WSTOPPED, NULL) = 11 <0.1>
10 1.000014 clone(child_stack=NULL, flags=SIGCHLD) = 12 <0.0001>
12 1.000015 execve("/usr/bin/nosuch", ["nosuch"], 0x55 /* 7 vars */) = -1 ENOENT (No such file or directory) <0.0001>
12 1.000016 +++ exited with 127 +++
10 1.000017 +++ killed by SIGHUP +++
`;

describe('CallLogSplitter', () => {
  const split = (cut: number) => {
    const splitter = new CallLogSplitter();
    const lines: { program: number; text: string }[] = [];
    for (let at = 0; at < log.length; at += cut) lines.push(...splitter.push(log.slice(at, at + cut)));
    return { programs: splitter.programs, lines };
  };

  it('gives each executed program the lines from its execve on', () => {
    const { programs, lines } = split(10_000);
    expect(programs).toEqual([
      { pid: 10, argv: ['bash'], ended: 'SIGHUP' },
      { pid: 11, argv: ['./client', 'a "b"'], ended: '0' },
    ]);
    const client = lines.filter(({ program }) => program === 1).map(({ text }) => text.slice(0, 11));
    expect(client).toEqual(['11 1.000007', '11 1.000009', '11 1.000010', '11 1.000011', '11 1.000012']);
  });

  it('loses no line, however the text is cut', () => {
    const all = split(10_000);
    expect(all.lines).toHaveLength(log.trimEnd().split('\n').length);
    for (const cut of [1, 7, 100]) expect(split(cut)).toEqual(all);
  });
});
