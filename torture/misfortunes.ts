// What may happen to a lab on Docker while labctl is at work on it, and what labctl has to say then.

import { type ChildProcess, execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { OwnDockerd } from './own-dockerd.ts';
import type { Workplace } from './workplace.ts';

export interface Misfortune {
  name: string;
  /** Up before it, unless told. */
  lab?: 'down';
  before?: (own: OwnDockerd, place: Workplace) => unknown;
  argv: readonly string[];
  /** It happens when labctl has said this, or in that step of the run, or at once. */
  moment?: RegExp | 'meanwhile';
  happens: (own: OwnDockerd, place: Workplace, child: ChildProcess) => unknown;
  codes: readonly number[];
  says: RegExp;
  /** Makes the machine as it was. */
  mend?: (own: OwnDockerd, place: Workplace) => unknown;
  /** A run is kept, with the packets of a handshake. */
  records?: true;
}

const engineLost = /no Docker Engine answers|connection to the Docker Engine at \S+ was lost|recorder is gone/;
const killEngine = (own: OwnDockerd) => own.signal('SIGKILL');
const restart = (own: OwnDockerd) => own.restart();
const waitingRun = { argv: ['run', 'waiting.yml'], moment: 'meanwhile' } as const;
const container = ({ lab }: Workplace, host: string) => `${lab}_${host}_1`;

const engineDies: Misfortune[] = [
  {
    name: 'dockerd is killed during `up`',
    lab: 'down',
    argv: ['up'],
    moment: /network \w+ 10/,
    happens: killEngine,
    codes: [3],
    says: engineLost,
    mend: restart,
  },
  {
    name: 'dockerd is killed late in `up`',
    lab: 'down',
    argv: ['up'],
    moment: /host \w+ started/,
    happens: killEngine,
    codes: [3],
    says: engineLost,
    mend: restart,
  },
  {
    name: 'dockerd is killed during `run`',
    ...waitingRun,
    happens: killEngine,
    codes: [3],
    says: engineLost,
    mend: restart,
    records: true,
  },
  {
    name: 'dockerd is restarted (SIGTERM) during `run`',
    ...waitingRun,
    happens: (own) => own.signal('SIGTERM'),
    codes: [3],
    says: /no Docker Engine answers|connection to the Docker Engine at \S+ was lost|host \w+ .*(gone|ended|stopped)/,
    mend: restart,
    records: true,
  },
  {
    name: 'dockerd is killed while rules are on the wire',
    argv: ['run', 'lost-syn'],
    moment: /prints "connected"|connected/,
    happens: killEngine,
    codes: [3],
    says: engineLost,
    mend: restart,
  },
  {
    name: 'dockerd is killed during `down`',
    argv: ['down'],
    moment: /host \w+ removed/,
    happens: killEngine,
    codes: [3],
    says: engineLost,
    mend: restart,
  },
  {
    name: 'dockerd is killed during `capture`',
    argv: ['capture', 'server', '-w', 'live.pcapng'],
    moment: /\S/,
    happens: killEngine,
    codes: [3],
    says: engineLost,
    mend: restart,
  },
  {
    name: 'dockerd is killed during `images build`',
    before: (_, { folder }) => appendFileSync(join(folder, 'images/client/client.c'), '/* another */\n'),
    argv: ['images', 'build'],
    happens: async (own) => {
      await delay(600);
      killEngine(own);
    },
    codes: [3],
    says: engineLost,
    mend: restart,
  },
  {
    name: 'dockerd is not there at all',
    lab: 'down',
    before: (own) => own.signal('SIGKILL'),
    argv: ['up'],
    happens: () => undefined,
    codes: [3],
    says: /no Docker Engine answers/,
    mend: restart,
  },
];

const hostsDie: Misfortune[] = [
  {
    name: 'a host is killed during `run`',
    ...waitingRun,
    happens: (own, place) => own.docker('kill', container(place, 'client1')),
    codes: [3],
    says: /this host has ended/,
    records: true,
  },
  {
    name: 'a host is removed during `run`',
    ...waitingRun,
    happens: (own, place) => own.docker('rm', '--force', container(place, 'client1')),
    codes: [3],
    says: /somebody removed this host/,
    records: true,
  },
  {
    name: 'a host is paused during `run`',
    ...waitingRun,
    happens: (own, place) => own.docker('pause', container(place, 'client1')),
    codes: [3],
    says: /somebody paused this host/,
    records: true,
  },
  {
    name: 'a program takes more memory than its host has',
    argv: ['run', 'eater.yml'],
    happens: () => undefined,
    codes: [1, 4],
    says: /killed|memory/i,
  },
  {
    name: 'a network is taken away during `run`',
    ...waitingRun,
    happens: (own, place) => {
      for (const host of ['server', 'client1', 'client2', 'client3'])
        own.docker('network', 'disconnect', '--force', `${place.lab}_lab`, container(place, host));
      own.docker('network', 'rm', `${place.lab}_lab`);
    },
    codes: [3],
    says: /tcpdump on eth0 ended/,
    records: true,
  },
  {
    name: 'a host is disconnected from its network before `run`',
    before: (own, place) => own.docker('network', 'disconnect', `${place.lab}_lab`, container(place, 'client1')),
    argv: ['run', 'waiting.yml'],
    happens: () => undefined,
    codes: [0, 1, 3],
    says: /unreachable|not observable|stopped/i,
  },
];

/** Room for so many KiB where runs are kept. */
const smallRuns =
  (kilobytes: number) =>
  (_: OwnDockerd, { folder }: Workplace) => {
    const runs = join(folder, 'runs');
    mkdirSync(runs, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'none', runs]);
  };
const usualRuns = (_: OwnDockerd, { folder }: Workplace) => execFileSync('umount', [join(folder, 'runs')]);
const fill = (own: OwnDockerd) => own.inside('head -c 9G /dev/zero >$0/full 2>/dev/null || true');
const empty = (own: OwnDockerd) => own.inside('rm $0/full');

const disksFill: Misfortune[] = [
  {
    name: 'no room at all where runs are kept',
    before: smallRuns(4),
    argv: ['run', 'waiting.yml'],
    happens: () => undefined,
    codes: [2, 3],
    says: /no space left/i,
    mend: usualRuns,
  },
  {
    name: 'the disk of the runs fills up during `run`',
    before: smallRuns(200),
    ...waitingRun,
    happens: (_, { folder }) =>
      execFileSync('sh', ['-c', 'head -c 1M /dev/zero >"$0/runs/full" 2>/dev/null || true', folder]),
    codes: [2, 3],
    says: /no space left/i,
    mend: usualRuns,
  },
  {
    name: 'no room on the engine’s disk for `up`',
    lab: 'down',
    before: fill,
    argv: ['up'],
    happens: () => undefined,
    codes: [3],
    says: /disk is full|no space left/i,
    mend: empty,
  },
  {
    name: 'no room on the engine’s disk for `images build`',
    before: (own, { folder }) => {
      appendFileSync(join(folder, 'images/server/server.c'), '/* another */\n');
      fill(own);
    },
    argv: ['images', 'build'],
    happens: () => undefined,
    codes: [3],
    says: /disk is full|no space left/i,
    mend: empty,
  },
  {
    name: 'the engine’s disk fills up during `run`',
    ...waitingRun,
    happens: fill,
    codes: [0, 3],
    says: /met|disk is full|no space left/i,
    mend: empty,
    records: true,
  },
  {
    name: 'no room on the engine’s disk for `down`',
    before: fill,
    argv: ['down'],
    happens: () => undefined,
    codes: [0],
    says: /is down/,
    mend: empty,
  },
];

export const misfortunes: readonly Misfortune[] = [...engineDies, ...hostsDie, ...disksFill];
