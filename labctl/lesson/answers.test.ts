import { describe, expect, it } from 'vitest';
import { analyse } from '../analysis/analyse.ts';
import { calls, packets, recordedRun } from '../analysis/testing.ts';
import { answerText } from './answers.ts';

const report = analyse(
  recordedRun({
    packets: packets(`
      0.100100 client1 > server 41022>5000 S seq 0 id 1
      0.100200 server > client1 5000>41022 S. seq 0 ack 1
      0.100300 client1 > server 41022>5000 . seq 1 ack 1 id 2
      0.100400 client1 > server 41022>5000 P. seq 1 ack 1 length 2 id 3 ✗
      0.304700 client1 > server 41022>5000 P. seq 1 ack 1 length 2 id 4`),
    calls: calls(`
      0.000200 server/7 bind(3<socket:[70]>, 0.0.0.0:5000) = 0 <0.000010>
      0.000300 server/7 listen(3<socket:[70]>, 5) = 0 <0.000010>
      0.100050 client1/9 connect(3<socket:[90]>, server:5000) = 0 <0.000280>
      1.000000 server/7 accept(3<socket:[70]>, client1:41022) = 4<socket:[71]> <0.304330>`),
  }),
);

const fill = (text: string, language: 'en' | 'fr' = 'en'): string =>
  answerText({ ask: { en: '', fr: '' }, answer: { en: text, fr: text } }, report, language);

describe('answerText', () => {
  it('tells what this run showed', () => {
    expect(fill('{client1.port} of {port-range}, {client1.endpoint} → {server.port}')).toBe(
      '41022 of 32768–60999, 10.0.0.11:41022 → 5000',
    );
    expect(fill('{server.endpoint}', 'fr')).toBe('0.0.0.0:5000');
    expect(fill('{client1.handshake} of {client1.segments}')).toBe('#1–3 of #1–5');
    expect(fill('{client1.lost} lost, {client1.again} again after {client1.after}')).toBe(
      '#4 lost, #5 again after 204 ms',
    );
  });

  it('tells of losses and of congestion control, and windows where they were measured', () => {
    expect(fill('{client1.losses} lost by {client1.congestion}, up to {client1.window}')).toBe(
      '1 lost by cubic, up to ⟨client1.window: not seen in this run⟩',
    );
    const sample = {
      host: 'client1',
      at: 0,
      algorithm: 'reno',
      inFlight: 0,
      peer: { address: '10.0.0.2', port: 5000 },
    };
    const local = { address: '10.0.0.11', port: 41022 };
    report.samples.push(...[14_480, 161_234].map((congestionWindow) => ({ ...sample, local, congestionWindow })));
    expect(fill('{client1.window}')).toBe('161 kB');
  });

  it('leaves visible what it cannot tell, and other braces alone', () => {
    expect(fill('{client9.port}', 'fr')).toBe('⟨client9.port : pas vu dans cette exécution⟩');
    expect(fill('{client1.shoe}')).toBe('⟨client1.shoe: not seen in this run⟩');
    expect(fill('int main() { return 0; }')).toBe('int main() { return 0; }');
  });
});

/** A refused attempt, a read that fails, an abort, a question of keep-alive. */
const troubled = analyse(
  recordedRun({
    hosts: ['server', 'client1', 'client2'],
    packets: packets(`
      0.100000 client1 > server 41022>5000 S seq 0 id 1
      0.100050 server > client1 5000>41022 R. seq 0 ack 1 id 2
      0.200000 client2 > server 41024>5000 S seq 0 id 3
      0.200100 server > client2 5000>41024 S. seq 0 ack 1 id 4
      0.200200 client2 > server 41024>5000 . seq 1 ack 1 id 5
      1.200000 server > client2 5000>41024 . seq 0 ack 1 id 6
      1.200100 client2 > server 41024>5000 . seq 1 ack 1 id 7
      1.300000 client2 > server 41024>5000 F. seq 1 ack 1 id 8
      1.400000 client2 > server 41024>5000 R. seq 2 ack 1 id 9`),
    calls: calls(`
      0.090000 client1/9 socket(AF_INET6, SOCK_DGRAM|SOCK_CLOEXEC, IPPROTO_IP) = 3<socket:[89]> <0.000010>
      0.090100 client1/9 connect(3<socket:[89]>, 10.0.0.77:5000) = 0 <0.000010>
      0.099900 client1/9 connect(3<socket:[90]>, server:5000) = -1 ECONNREFUSED <0.000180>
      0.199900 client2/9 connect(3<socket:[91]>, server:5000) = 0 <0.001300>
      0.201000 server/7 accept(3<socket:[70]>, client2:41024) = 4<socket:[71]> <0.000010>
      0.201500 server/7 recvfrom(4<socket:[71]>) = -1 EAGAIN <0.000010>
      0.201600 server/7 recvfrom(4<socket:[71]>) = -1 ERESTARTSYS <0.000010>
      1.301000 server/7 recvfrom(4<socket:[71]>) = -1 ECONNRESET <0.100000>`),
  }),
);

it('tells how programs were told of trouble, and which segments told them', () => {
  const tell = (text: string): string =>
    answerText({ ask: { en: '', fr: '' }, answer: { en: text, fr: text } }, troubled, 'en');
  expect(tell('{client1.error} from {client1.called} after {client1.waited}, {client1.resets}')).toBe(
    'ECONNREFUSED from 10.0.0.2:5000 after 180 µs, #2',
  );
  expect(tell('{client2.waited}; FIN {client2.fins}, RST {client2.resets}')).toBe('1 ms; FIN #8, RST #9');
  expect(tell('{server.error}, asked by {server.probes}')).toBe('ECONNRESET, asked by #6');
  expect(tell('{client2.error}')).toBe('⟨client2.error: not seen in this run⟩');
});
