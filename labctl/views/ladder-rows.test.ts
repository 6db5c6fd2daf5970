// Which packets have a row of their own; how rows are drawn is tested where they are drawn.

import { expect, it } from 'vitest';
import { analyse } from '../analysis/analyse.ts';
import { addressOf, packets, recordedRun } from '../analysis/testing.ts';
import type { Packet } from '../model/packet.ts';
import { ladderOf } from './ladder-rows.ts';

/** Asks for the server's hardware address instead of sending what the line says. */
function asQuestion({ ip, tcp, ...rest }: Packet): Packet {
  const { client1 = '', server = '' } = addressOf;
  return ip && tcp
    ? { ...rest, arp: { operation: 'request', senderAddress: client1, targetAddress: server } }
    : { ...rest };
}

it('leaves ARP out, but for questions that never arrived', () => {
  const sent = packets(`
    0.100000 client1 > server 41022>5000 S seq 0 id 1
    1.100000 client1 > server 41022>5000 S seq 0 id 2 ✗`);
  const { rows, hidden } = ladderOf(analyse(recordedRun({ packets: sent.map(asQuestion) })), { language: 'en' });
  const arrows = rows.filter((row) => row.kind === 'arrow');
  expect(arrows.map(({ lost, label, comment }) => ({ lost, label, comment }))).toEqual([
    { lost: true, label: 'ARP request', comment: 'lost: never arrived; ARP: who has 10.0.0.2?' },
  ]);
  expect(hidden).toBe(1);
});
