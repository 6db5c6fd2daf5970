import { expect, it } from 'vitest';
import type { Instant } from '../../model/instant.ts';
import { echoStory } from '../stories.ts';
import { plainStyle } from '../testing.ts';
import { instantText } from './instant.ts';

const [client, server] = [
  { address: '172.30.0.3', port: 41022 },
  { address: '172.30.0.2', port: 5000 },
];

const instant: Instant = {
  at: 1_203_410,
  sockets: [
    {
      track: 0,
      host: 'server',
      side: 'listener',
      local: { address: '0.0.0.0', port: 5000 },
      state: 'LISTEN',
      since: 9,
      queue: 1,
      backlog: 1,
      owners: ['server 17'],
    },
    {
      track: 1,
      host: 'client1',
      side: 'initiator',
      local: client,
      peer: server,
      state: 'ESTABLISHED',
      since: 131,
      unacknowledged: 8,
      owners: ['client 30'],
    },
    {
      track: 2,
      host: 'server',
      side: 'responder',
      local: server,
      peer: client,
      state: 'ESTABLISHED',
      since: 202,
      unread: 0,
      owners: [],
    },
    { track: 3, host: 'server', side: 'responder', local: server, peer: client, state: 'CLOSED', since: 100 },
  ],
  processes: [
    { host: 'server', program: 'server', pid: 17, state: 'waits', call: 'accept(3)', since: 5 },
    { host: 'server', program: 'server', pid: 21, parent: 17, state: 'zombie', since: 1000 },
  ],
  flights: [{ passage: 4, from: 'client1', to: 'server', left: 1_203_400, arrived: 1_203_433, lost: false }],
  counters: [{ host: 'server', name: 'TcpPassiveOpens', rise: 1, since: 900 }],
}; // prettier-ignore

it('tells everything at one instant', () => {
  expect(`\n${instantText(instant, 2_000_000, echoStory(), plainStyle)}\n`).toMatchInlineSnapshot(`
    "
    At 1.203 410 s · A story ───────────────────────────────────────────────────────

    Sockets ────────────────────────────────────────────────────────────────────────
     host     local             peer              state        queue      owner
     server   0.0.0.0:5000                        LISTEN       1 of 1     server 17
     client1  172.30.0.3:41022  172.30.0.2:5000   ESTABLISHED  8 unacked  client 30
     server   172.30.0.2:5000   172.30.0.3:41022  ESTABLISHED             no process
     1 closed before

    Processes ──────────────────────────────────────────────────────────────────────
     host    pid  process               state                              since
     server  17   server                waits in accept(3)                 0.000 005
     server  21   server (child of 17)  zombie: ended, its parent has not  0.001 000
                                        called wait() yet

    On the wire ────────────────────────────────────────────────────────────────────
     #   from → to
     #4  client1 → server  P. 1:9 ack 1  under way for 10 µs

    Kernel counters, since the recording began ─────────────────────────────────────
     host    kernel counter       since
     server  TcpPassiveOpens  +1  0.000 900  connections that came in
    "
  `);
});

it('says where the run ends when asked beyond it, in French too', () => {
  const text = instantText(
    { at: 9_000_000, sockets: [], processes: [], flights: [], counters: [] },
    2_000_000,
    echoStory(),
    {
      ...plainStyle,
      language: 'fr',
    },
  );
  expect(text).toContain('L’exécution dure de 0 à 2.000 000 s.');
  expect(text).toContain('aucun socket encore');
});
