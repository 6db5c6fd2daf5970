// Holds what labctl says of an instant against what ss and ps said at that instant, on a run that was just recorded.

import { expect } from 'vitest';
import { analyse } from '../labctl/analysis/analyse.ts';
import { instantOf } from '../labctl/analysis/instant.ts';
import { tracksOf } from '../labctl/analysis/tracks.ts';
import { endpointText } from '../labctl/model/endpoint.ts';
import type { Instant } from '../labctl/model/instant.ts';
import type { Look } from '../labctl/model/look.ts';
import type { RecordedRun } from '../labctl/model/run.ts';

/** `ESTABLISHED 10.0.0.2:5000 10.0.0.3:41022 receive 19 send 0 server2 17`, as ss says it. */
const saidBySs = ({ sockets }: Look): string[] =>
  sockets
    .filter(({ protocol, state, engineOwned }) => protocol === 'tcp' && state !== 'TIME-WAIT' && !engineOwned)
    .map(({ state, local, peer, receiveQueue, sendQueue, owners }) => {
      const backlog = state === 'LISTEN' ? '' : ` ${endpointText(peer)} send ${sendQueue}`;
      return `${state} ${endpointText(local)}${backlog} receive ${receiveQueue} ${owners.map(({ pid }) => pid).join()}`;
    })
    .sort();

/** The same from calls and packets alone. */
const saidByLabctl = ({ sockets }: Instant, host: string): string[] =>
  sockets
    .filter((socket) => socket.host === host && !['CLOSED', 'TIME-WAIT'].includes(socket.state))
    .map(({ state, local, peer, queue, unread, unacknowledged, owners = [] }) => {
      const backlog = peer ? ` ${endpointText(peer)} send ${unacknowledged ?? 0}` : '';
      const pids = owners.map((owner) => owner.split(' ').at(-1)).join();
      return `${state} ${endpointText(local)}${backlog} receive ${queue ?? unread ?? 0} ${pids}`;
    })
    .sort();

/** At each look that the scenario takes, of which there must be some. */
export function expectInstantsAsLooksSaid(run: RecordedRun): void {
  const tracks = tracksOf(analyse(run), 0);
  const looks = run.looks.filter(({ name }) => name !== 'start' && name !== 'end');
  expect(looks.length).toBeGreaterThan(0);
  for (const look of looks) {
    const instant = instantOf(tracks, look.at);
    expect(saidByLabctl(instant, look.host)).toEqual(saidBySs(look));
    const running = instant.processes.filter(({ host }) => host === look.host).map(({ pid = 0 }) => pid);
    const listed = look.processes.map(({ pid }) => pid);
    expect(running.filter((pid) => !listed.includes(pid))).toEqual([]);
  }
}
