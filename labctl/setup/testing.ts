// Machines for tests: a System made from a list of what is there. Nothing outside of tests uses it.

import { tools } from '../engine/embedded/tools.ts';
import type { Trial } from '../engine/embedded/trial.ts';
import type { EngineAnswer } from './engine-answer.ts';
import type { Findings } from './findings.ts';
import { testTools } from './mending.ts';
import type { System } from './system.ts';

export const debian = { id: 'debian', like: [], name: 'Debian GNU/Linux 12 (bookworm)' };
export const ubuntu = { id: 'ubuntu', like: ['debian'], name: 'Ubuntu 24.04' };
export const fedora = { id: 'fedora', like: [], name: 'Fedora Linux 41' };

/** What Debian's smallest installation brings along. */
const always = ['/usr/share/keyrings/debian-archive-keyring.gpg'];

/** A Debian 12 without anything that labctl needs, where root is at work, but for what is given. */
export function machine(there: string[] = [], differences: Partial<System> = {}): System {
  const all = new Set([...always, ...there]);
  return {
    platform: 'linux',
    os: debian,
    user: 'root',
    root: true,
    systemd: false,
    cgroups: true,
    appArmor: false,
    has: (program) => all.has(program),
    hasFile: (path) => all.has(path),
    ...differences,
  };
}

const socket = { place: '/var/run/docker.sock', usual: true };
export const absent: EngineAnswer = { ...socket, kind: 'absent' };
export const denied: EngineAnswer = { ...socket, kind: 'no-permission' };
const allHold = { processes: 'host', memory: 'host', processor: 'host', files: 'host' } as const;
const engine20 = { version: '20.10.24', api: '1.41', podman: false, limits: allHold, taken: [] };
export const answering = { ...socket, kind: 'answers', ...engine20 } satisfies EngineAnswer;
export const works = { kind: 'works', bubblewrap: '0.8.0', limits: allHold } satisfies Trial;

export const lacking: Trial = { kind: 'missing', tools: [...tools] };

/** Everything a running lab needs. */
export const forRunning = ['dockerd', 'iptables', 'mmdebstrap', 'newuidmap', '/etc/ssl/certs/ca-certificates.crt'];
export const forTests = [...forRunning, ...testTools.map(({ program }) => program)];

export const healthy: Findings = {
  node: '20.19.0',
  system: machine(forTests),
  engine: answering,
  embedded: works,
  kernel: { bridge: 'yes', wireRules: 'yes', netem: 'yes' },
  room: { folder: '/var/lib/docker', free: 20 * 1024 ** 3 },
};
