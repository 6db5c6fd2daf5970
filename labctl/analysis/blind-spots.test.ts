import { describe, expect, it } from 'vitest';
import { analyse } from './analyse.ts';
import { instantOf } from './instant.ts';
import { calls, packets, recordedRun } from './testing.ts';
import { tracksOf } from './tracks.ts';

/** What is not seen where these interfaces of client1 are recorded. */
function spots(text: string, interfaces = ['eth0']) {
  const run = recordedRun({ calls: calls(text) });
  const drops = interfaces.map((name) => ({ host: 'client1', interface: name, captured: 8, dropped: 0 }));
  return analyse({ ...run, record: { ...run.record, drops } }).blind;
}

describe('what a run could not see', () => {
  it('is what a host says to itself, where nobody captured its loopback', () => {
    const text = (address: string) => `
      0.100000 client1/9 socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 3<socket:[90]> <0.000010>
      0.100050 client1/9 connect(3<socket:[90]>, ${address}) = 0 <0.000280>`;
    expect(spots(text('127.0.0.1:5000'))).toEqual({ loopback: ['client1'], uring: [] });
    expect(spots(text('client1:5000'))?.loopback).toEqual(['client1']);
    expect(spots(text('server:5000'))).toBeUndefined();
    expect(spots(text('127.0.0.11:53'))).toBeUndefined();
  });

  it('is nothing where loopback is recorded too', () => {
    const text = '0.100050 client1/9 connect(3<socket:[90]>, 127.0.0.1:5000) = 0 <0.000280>';
    expect(spots(text, ['eth0', 'lo'])).toBeUndefined();
  });

  it('is what a program asks for through its io_uring; who has its connections, and how many wait, is not guessed', () => {
    const parts = (ring: string) => ({
      packets: packets(`
        0.100100 client1 > server 41022>5000 S seq 0 id 1
        0.100200 server > client1 5000>41022 S. seq 0 ack 1
        0.100300 client1 > server 41022>5000 . seq 1 ack 1 id 2`),
      calls: calls(`
        0.000050 server/7 io_uring_setup(8, 0x7ffd) = ${ring} <0.000010>
        0.000100 server/7 socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 3<socket:[70]> <0.000010>
        0.000200 server/7 bind(3<socket:[70]>, 0.0.0.0:5000) = 0 <0.000010>
        0.000300 server/7 listen(3<socket:[70]>, 1) = 0 <0.000010>`),
    });
    const told = (ring: string) => {
      const report = analyse(recordedRun(parts(ring)));
      const [listener, , taken] = instantOf(tracksOf(report, 0), 200_000).sockets;
      return [report.blind?.uring, listener?.queue, taken?.owners];
    };
    expect(told('5')).toEqual([['server'], undefined, undefined]);
    expect(told('-1 EPERM (Operation not permitted)')).toEqual([undefined, 1, []]);
  });
});
