import { describe, expect, it } from 'vitest';
import type { Instant } from '../../model/instant.ts';
import type { Child } from '../element.ts';
import { type LadderRow, ladderOf, ladderZero } from '../ladder-rows.ts';
import { lossStory, queueStory } from '../stories.ts';
import { pageData } from './data.ts';
import { detailsElement, nothingChosen } from './details.ts';
import { instantElement } from './instant.ts';

const noTracks = { end: 0, sockets: [], processes: [], flights: [], counters: [] };
const blocks = new Set(['h3', 'h4', 'p', 'li', 'dt', 'summary', 'div']);

/** What a reader sees, a block a line. */
function seen(child: Child): string {
  if (typeof child === 'string') return child;
  const text = child.children.map(seen).join('');
  return child.tag === 'dt' ? `\n${text}: ` : blocks.has(child.tag) ? `\n${text}` : text;
}
const lines = (child: Child): string => `\n${seen(child).replace(/\n+/g, '\n').trim()}\n`;

function rowIn(rows: readonly LadderRow[], isIt: (row: LadderRow) => boolean): LadderRow {
  const row = rows.find(isIt);
  if (row === undefined) throw new Error('no such row');
  return row;
}

describe('the panel of a chosen row', () => {
  const report = lossStory();
  const ladder = ladderOf(report, { language: 'en' });
  const data = pageData(report, ladder, noTracks, ladderZero(report), 'en');
  const rowOf = (number: number) => rowIn(ladder.rows, (row) => row.kind === 'arrow' && row.number === number);

  it('tells both sightings of a packet, what it repeats, and its headers', () => {
    const row = rowOf(5);
    const bytes = Uint8Array.from(Buffer.from('a042138800000001000000010018', 'hex'));
    expect(lines(detailsElement({ row, data, bytes }, 'en'))).toMatchInlineSnapshot(`
      "
      #5 P. 1:9 ack 1
      #4 again, after 203.7 ms
      from: client1 → server
      sent: 1.407 112 s frame 5 of client1/eth0
      arrived: 1.407 145 s frame 5 of server/eth0, 33 µs on the way
      relative numbers: seq 1:9, ack 1
      same bytes as: #4
      Headers
      Ethernet 0–13
      destination: a0:42:13:88:00:00
      source: 00:01:00:00:00:01
      type: 0x0018
      Bytes the first 14 of 66 bytes
      0000a042138800000001000000010018·B············
      "
    `);
  });
  it('says of a lost one that it never arrived', () => {
    const row = rowOf(4);
    expect(lines(detailsElement({ row, data }, 'fr'))).toContain('arrivé: jamais arrivé');
  });
  it('tells a call as strace printed it', () => {
    const queue = queueStory();
    const drawn = ladderOf(queue, { language: 'en' });
    const row = rowIn(drawn.rows, (each) => each.kind === 'note' && each.role === 'call');
    const all = pageData(queue, drawn, noTracks, ladderZero(queue), 'en');
    expect(lines(detailsElement({ row, data: all }, 'en'))).toMatchInlineSnapshot(`
      "
      accept(3) = 4 ← client1:41022
      process: server 15, server
      call: accept(3)
      result: 4 ← 172.30.0.3:41022
      took: 10 µs
      "
    `);
  });
  it('says what to do while nothing is chosen, and what the signs of these rows mean', () => {
    const said = lines(nothingChosen(ladderOf(queueStory(), { language: 'en' }).rows, 'en'));
    expect(said).toContain('Choose a row of the ladder');
    expect(said).toContain('●: a call of a program');
    const packetsAlone = lines(nothingChosen([rowOf(5)], 'fr'));
    expect(packetsAlone).toContain('✗: il n’est jamais arrivé');
    expect(packetsAlone).not.toContain('●');
  });
});

describe('the panel of an instant', () => {
  const [client, server] = [
    { address: '172.30.0.3', port: 41022 },
    { address: '172.30.0.2', port: 5000 },
  ];
  const instant: Instant = {
    at: 1_300_000,
    sockets: [
      {
        ...{ track: 0, host: 'server', side: 'listener', local: { address: '0.0.0.0', port: 5000 } },
        ...{ state: 'LISTEN', since: 9, queue: 1, backlog: 8, owners: ['server 17'] },
      },
      {
        ...{ track: 1, host: 'client1', side: 'initiator', local: client, peer: server },
        ...{ state: 'ESTABLISHED', since: 131, unacknowledged: 8, owners: ['client 30'] },
      },
    ],
    processes: [{ host: 'server', program: 'server', pid: 17, state: 'waits', call: 'accept(3)', since: 5 }],
    flights: [{ passage: 4, from: 'client1', to: 'server', left: 1_203_400, lost: true, awaited: true }],
    counters: [
      { host: 'client1', name: 'TcpExtTCPTimeouts', rise: 1, since: 900 },
      { host: 'client1', name: 'Unheard', rise: 4, since: 900 },
    ],
  };
  const options = { hosts: ['client1', 'server'], counters: new Set(['TcpExtTCPTimeouts']) };

  it('tells what is on the wire, then each host', () => {
    expect(lines(instantElement(instant, { ...options, language: 'en' }))).toMatchInlineSnapshot(`
      "
      On the wire
      ✗ #4 client1 → serverlost 96.6 ms ago, its sender still waits
      client1
      Sockets
      ESTABLISHED 172.30.0.3:41022 → 172.30.0.2:5000client 30 · since 0.000 131 · 8 unacked
      Processes
      no program is running
      Kernel counters, since the recording began
      TCPTimeouts +1
      server
      Sockets
      LISTEN 0.0.0.0:5000server 17 · since 0.000 009 · 1 to accept, backlog 8
      Processes
      17 serverwaits in accept(3)
      "
    `);
  });
  it('speaks French', () => {
    expect(lines(instantElement(instant, { ...options, language: 'fr' }))).toContain('attend dans accept(3)');
  });
});
