import { describe, expect, it } from 'vitest';
import type { Call } from '../model/call.ts';
import { callText, resultText } from './call-text.ts';

const call = (name: string, args: string[], rest: Partial<Call> = {}): Call => ({
  kind: 'call',
  number: 1,
  program: 'server',
  host: 'server',
  pid: 15,
  at: 0,
  name,
  args,
  ...rest,
}); // prettier-ignore
const address = { address: '172.30.0.3', port: 41022 };

describe('callText', () => {
  it('shows the letters that a program sent, and other bytes as strace does', () => {
    const sent = (text: string) => callText(call('sendto', ['4<socket:[9]>', text, '6', '0', 'NULL', '0']));
    expect(sent('"\\303\\251t\\303\\251\\n"')).toBe('send(4, "été\\n")');
    expect(sent('"\\377\\303"...')).toBe('send(4, "\\377\\303")');
  });
  it('keeps the arguments that teach', () => {
    expect(callText(call('socket', ['AF_INET', 'SOCK_STREAM', 'IPPROTO_IP']))).toBe('socket()');
    expect(
      callText(
        call('bind', ['3<socket:[9]>', '{sa_family=AF_INET, …}', '16'], {
          address: { address: '0.0.0.0', port: 5000 },
        }),
      ),
    ).toBe('bind(3, 0.0.0.0:5000)');
    expect(callText(call('listen', ['3<socket:[9]>', '8']))).toBe('listen(3, 8)');
    expect(callText(call('accept4', ['3<socket:[9]>', '{…}', '[16]', '0'], { address }))).toBe('accept(3)');
    expect(callText(call('sendto', ['3<socket:[9]>', '"hello\\n"', '6', '0', 'NULL', '0']))).toBe(
      'send(3, "hello\\n")',
    );
    expect(callText(call('sendto', ['3', '"hello\\n"', '6', '0', '{…}', '16'], { address }))).toBe(
      'sendto(3, "hello\\n", 172.30.0.3:41022)',
    );
    expect(callText(call('clone', ['child_stack=NULL', 'flags=…']))).toBe('fork()');
    expect(callText(call('shutdown', ['3<socket:[9]>', 'SHUT_WR']))).toBe('shutdown(3, SHUT_WR)');
    expect(callText(call('write', ['3', `"${'x'.repeat(40)}"...`, '4000']))).toBe(`write(3, "${'x'.repeat(23)}…")`);
  });
  it('names what a poll waits for', () => {
    const fds = '[{fd=3<socket:[9]>, events=POLLIN}, {fd=0</dev/pts/0<char 136:0>>, events=POLLIN}]';
    expect(callText(call('poll', [fds, '2', '-1']))).toBe('poll(3, 0)');
    const select = ['6', '[3<socket:[9]> 5<socket:[10]>]', 'NULL', 'NULL', 'NULL', 'NULL'];
    expect(callText(call('pselect6', select))).toBe('pselect6(3, 5)');
    expect(callText(call('epoll_wait', ['8<anon_inode:[eventpoll]>', '[…]', '512', '-1']))).toBe('epoll_wait(8)');
  });
  it('does not name bytes that have not come yet', () => {
    expect(callText(call('read', ['4', '"hi"', '100']), undefined, false)).toBe('read(4)');
  });
});

describe('resultText', () => {
  it('names the peer of accept, the error of a failure, EINTR for an interruption', () => {
    expect(resultText(call('accept', ['3'], { result: 4, address }))).toBe('4 ← 172.30.0.3:41022');
    expect(resultText(call('accept', ['3'], { result: 4, address }), () => ':41022')).toBe('4 ← :41022');
    expect(resultText(call('connect', ['3'], { result: -1, errno: 'ECONNREFUSED', address }))).toBe('ECONNREFUSED');
    expect(resultText(call('accept', ['3'], { errno: 'ERESTARTSYS' }))).toBe('EINTR');
    expect(resultText(call('accept', ['3']))).toBe('');
  });
});
