// Decides what has to be installed and started on Debian and its kin: findings in, a list of actions out. Does nothing.

import { packagesOf, type Tool } from '../engine/embedded/tools.ts';
import type { Trial } from '../engine/embedded/trial.ts';
import type { EngineAnswer } from './engine-answer.ts';
import { needOf, type Wish } from './need.ts';
import { isDebianLike, type System } from './system.ts';

export interface Mending {
  /** Packages that the engine needs before it can start. */
  engine: string[];
  /** Packages that can be installed while the engine starts. */
  others: string[];
  /** How to start the engine; undefined when one runs already, or is not this machine's business. */
  start: 'systemd' | 'daemon' | undefined;
}

/** What tests compare labctl with, and drive it by. */
export const testTools: readonly Tool[] = [
  { program: 'tshark', package: 'tshark' },
  { program: 'capinfos', package: 'wireshark-common' },
  { program: 'docker-compose', package: 'docker-compose' },
  { program: 'tmux', package: 'tmux' },
  { program: 'chromium', package: 'chromium' },
  { program: 'zsh', package: 'zsh' },
  { program: 'fish', package: 'fish' },
  { program: 'mandoc', package: 'mandoc' },
  { program: 'groff', package: 'groff-base' },
  { program: 'prove', package: 'perl' },
  { program: 'socat', package: 'socat' },
];

export const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
const certificates = '/etc/ssl/certs/ca-certificates.crt';

type Want = [there: boolean, packageName: string];
const missing = (wants: readonly Want[]): string[] => wants.flatMap(([there, name]) => (there ? [] : [name]));

/** An engine that could be started here: none answers, and the user did not point at one elsewhere. */
const startsHere = ({ kind, usual }: EngineAnswer): boolean => kind === 'absent' && usual;

function enginePackages({ has, hasFile, appArmor, cgroups, systemd }: System): string[] {
  return missing([
    [has('dockerd'), 'docker.io'],
    [has('iptables'), 'iptables'],
    // What docker.io only recommends, and misses where it counts: to pull by https, to start under AppArmor,
    // and to find control groups where no init has mounted them.
    [hasFile(certificates), 'ca-certificates'],
    [!appArmor || has('apparmor_parser'), 'apparmor'],
    [cgroups || systemd || has('cgroupfs-mount'), 'cgroupfs-mount'],
  ]);
}

/** What makes the base image where none can be pulled. An ordinary user's mmdebstrap works in a user namespace. */
export const imageMakers = ({ has, hasFile, root }: System): string[] =>
  missing([
    [has('mmdebstrap'), 'mmdebstrap'],
    [hasFile(keyring), 'debian-archive-keyring'],
    [root || has('newuidmap'), 'uidmap'],
  ]);

export const missingTestTools = ({ has }: System): Tool[] => testTools.filter(({ program }) => !has(program));

/** Everything that is missing for the purpose; empty lists and no start when nothing is, or on an unknown system. */
export function planMending(system: System, engine: EngineAnswer, embedded: Trial, wish: Wish): Mending {
  if (system.platform !== 'linux' || !isDebianLike(system.os)) return { engine: [], others: [], start: undefined };
  const need = needOf(wish, engine, system);
  const here = need.docker && startsHere(engine);
  const hosts = need.embedded && embedded.kind === 'missing' ? packagesOf(embedded.tools) : [];
  const tools = wish.purpose === 'tests' ? packagesOf(missingTestTools(system)) : [];
  return {
    engine: here ? enginePackages(system) : [],
    others: [...(need.docker ? imageMakers(system) : []), ...hosts, ...tools],
    start: here ? (system.systemd ? 'systemd' : 'daemon') : undefined,
  };
}

export const nothingToMend = ({ engine, others, start }: Mending): boolean =>
  engine.length + others.length === 0 && start === undefined;

/** What is about to be done, as the end of "labctl will …". */
export function mendingText({ engine, others, start }: Mending): string {
  const packages = [...engine, ...others];
  const install = packages.length > 0 ? [`install ${packages.join(', ')} (apt-get)`] : [];
  return [...install, ...(start ? ['start the Docker Engine'] : [])].join(' and ');
}

/** What to do by hand on a system that labctl does not install on: at most two lines. */
export function byHand({ platform, os }: System): string {
  if (platform === 'darwin') return 'install Docker Desktop (https://docs.docker.com/desktop/) or colima, and start it';
  if (platform === 'win32')
    return 'install Debian or Ubuntu in WSL 2 (wsl --install -d Debian)\nand run labctl there, from its own clone';
  const installers: [string[], string][] = [
    [['fedora', 'rhel', 'centos'], 'dnf install moby-engine'],
    [['arch'], 'pacman -S docker'],
    [['suse', 'opensuse'], 'zypper install docker'],
    [['alpine'], 'apk add docker bash'],
  ];
  const ids = [os.id, ...os.like];
  const installer = installers.find(([names]) => names.some((name) => ids.includes(name)))?.[1];
  const first = installer ? `sudo ${installer}` : `install Docker Engine 20.10 or later from ${os.name}'s packages`;
  return `${first}\nand start it, e.g. sudo systemctl enable --now docker`;
}
