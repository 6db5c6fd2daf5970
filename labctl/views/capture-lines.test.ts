import { expect, test } from 'vitest';
import type { ConversationCount } from '../model/tcp-analysis.ts';
import { ConversationLines } from './capture-lines.ts';

const count: ConversationCount = {
  stream: 0,
  a: { address: '192.0.2.1', port: 40_000 },
  b: { address: '192.0.2.2', port: 80 },
  aToB: { packets: 5, bytes: 280 },
  bToA: { packets: 0, bytes: 0 },
  start: { seconds: 1_700_000_000, nanoseconds: 5 },
  end: { seconds: 1_700_000_000, nanoseconds: 90_000_005 },
};

function lines(...counts: ConversationCount[]): string[] {
  const out = new ConversationLines();
  for (const one of counts) out.conversation(one);
  return Buffer.from(out.take()).toString().split('\n');
}

test('a conversation is a line of JSON with exact times', () => {
  expect(lines(count)).toEqual([
    '{"stream":0,"a":{"address":"192.0.2.1","port":40000},"b":{"address":"192.0.2.2","port":80},"a_to_b":{"packets":5,"bytes":280},"b_to_a":{"packets":0,"bytes":0},"start":"1700000000.000000005","duration":0.09}',
    '',
  ]);
});

test('IPv6, counts beyond 32 bits, times that fall apart: still JSON', () => {
  const [first = '', second = ''] = lines(
    { ...count, stream: 33_554_430, a: { address: '::ffff:192.0.2.1', port: 0 }, aToB: { packets: 1, bytes: 2 ** 40 } },
    { ...count, start: { seconds: 7, nanoseconds: -1 }, end: { seconds: 7, nanoseconds: 0 } },
  );
  expect(JSON.parse(first)).toMatchObject({ a: { address: '::ffff:192.0.2.1', port: 0 }, a_to_b: { bytes: 2 ** 40 } });
  expect(JSON.parse(second)).toMatchObject({ start: '-7.000000001', duration: 1e-9 });
});
