import { expect, it } from 'vitest';
import { packets, recordedRun } from '../analysis/testing.ts';
import type { Step } from '../model/scenario.ts';
import { Watch } from './watch.ts';

it('tells what was done to hosts and the wire before the first step, and counts from there, as the ladder afterwards', () => {
  const lines: string[] = [];
  const style = { color: false, unicode: true, width: 90, language: 'en' } as const;
  const { record, scenario } = recordedRun({});
  const step = { verb: 'wire' as const, wire: [], place: { file: 'f.yml', line: 1, col: 1 } } satisfies Step;
  const watch = new Watch({ scenario: { ...scenario, steps: [step] }, style, print: (text) => lines.push(...text) });
  const text = (en: string) => ({ en, fr: '' });
  watch.event({ kind: 'host-tuned', at: 1_000_000, host: 'client1', sysctls: { 'net.ipv4.tcp_retries2': '3' } });
  watch.event({
    kind: 'rule-added',
    at: 1_100_000,
    rule: 'r',
    summary: text('the network loses each ACK'),
    loaded: '',
  });
  watch.began(record);
  watch.packets(packets('1.500000 client1 > server 41022>5000 S seq 0 id 1'));
  watch.end();
  const told = lines.join('\n');
  expect(told).toContain('client1 was made anew for this run, with net.ipv4.tcp_retries2 = 3.');
  expect(told).toContain('On the wire: the network loses each ACK.');
  expect(told).toMatch(/0\.500 000 .* S seq 0 /);
});
