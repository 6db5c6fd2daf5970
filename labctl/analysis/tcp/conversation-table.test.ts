// That tshark counts the same is held by test/truth.test.ts.

import { expect, it } from 'vitest';
import { kinds, Segment } from '../../evidence/scan/segment.ts';
import { ConversationTable } from './conversation-table.ts';
import { Streams } from './streams.ts';

const streams = new Streams();
const table = new ConversationTable(streams.keys);

function see(family: 4 | 6, from: number, to: number, second: number): void {
  const segment = Object.assign(new Segment(), { kind: kinds.segment, family, seconds: second, wireLength: 60 });
  segment.addresses[family === 4 ? 0 : 3] = from;
  segment.addresses[family === 4 ? 4 : 7] = to;
  Object.assign(segment, { sourcePort: from & 0xffff, destinationPort: to & 0xffff });
  streams.see(segment);
  table.add(segment, streams.stream, streams.side);
}

it('counts conversations of one packet and of more, over many pages', () => {
  for (let number = 0; number < 150_000; number += 1) see(number % 3 === 0 ? 6 : 4, 0x0a00_0000 + number, 99, number);
  see(4, 99, 0x0a00_0001, 7);
  see(4, 0x0a00_0001, 99, 0);
  see(6, 99, 0x0a00_0003, 9);
  expect(streams.count).toBe(150_000);
  const rows = [...table.rows()];
  expect(rows[2]).toMatchObject({
    a: { address: '10.0.0.2', port: 2 },
    aToB: { packets: 1, bytes: 60 },
    bToA: { packets: 0 },
  });
  expect(rows[1]).toMatchObject({
    a: { address: '10.0.0.1', port: 1 },
    b: { address: '0.0.0.99', port: 99 },
    aToB: { packets: 2, bytes: 120 },
    bToA: { packets: 1, bytes: 60 },
    start: { seconds: 0 },
    end: { seconds: 7 },
  });
  expect(rows[3]).toMatchObject({ a: { address: '::a00:3' }, b: { address: '::63', port: 99 }, end: { seconds: 9 } });
  expect(rows.at(-1)).toMatchObject({ stream: 149_999, a: { address: '10.2.73.239' }, start: { seconds: 149_999 } });
});
