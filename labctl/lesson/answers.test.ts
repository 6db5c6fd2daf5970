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

  it('leaves visible what it cannot tell, and other braces alone', () => {
    expect(fill('{client9.port}', 'fr')).toBe('⟨client9.port : pas vu dans cette exécution⟩');
    expect(fill('{client1.shoe}')).toBe('⟨client1.shoe: not seen in this run⟩');
    expect(fill('int main() { return 0; }')).toBe('int main() { return 0; }');
  });
});
