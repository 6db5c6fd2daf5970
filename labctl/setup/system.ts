// Knows what kind of machine this is: system, user, init, which programs and files are there. Reads, never runs anything.

import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { delimiter, join } from 'node:path';

/** What os-release(5) says of itself. */
export interface OsRelease {
  id: string;
  /** Systems that it is derived from, nearest first. */
  like: string[];
  name: string;
}

export interface System {
  platform: NodeJS.Platform;
  os: OsRelease;
  user: string;
  root: boolean;
  /** systemd is the init that runs, so services are its business. */
  systemd: boolean;
  /** A hierarchy of control groups is mounted, without which no container starts. */
  cgroups: boolean;
  /** The kernel enforces AppArmor: then Docker wants `apparmor_parser`. */
  appArmor: boolean;
  /** True when the program is on PATH or where the administrator's programs lie. */
  has: (program: string) => boolean;
  hasFile: (path: string) => boolean;
}

/** Parses os-release(5): shell-like assignments with optional quotes. */
export function parseOsRelease(text: string): OsRelease {
  const value = (name: string): string | undefined =>
    new RegExp(`^${name}=(["']?)(.*)\\1\\s*$`, 'm').exec(text)?.[2]?.replace(/\\(.)/g, '$1');
  const id = value('ID') ?? 'linux';
  return { id, like: (value('ID_LIKE') ?? '').split(/\s+/).filter(Boolean), name: value('PRETTY_NAME') ?? id };
}

/** True for Debian, Ubuntu and what is derived from them. */
export const isDebianLike = ({ id, like }: OsRelease): boolean =>
  [id, ...like].some((name) => name === 'debian' || name === 'ubuntu');

/** True when /proc/mounts (proc(5)) has a control group hierarchy that Docker can use. */
export const hasCgroups = (mounts: string): boolean =>
  mounts.split('\n').some((line) => {
    const [, , type, options = ''] = line.split(' ');
    return type === 'cgroup2' || (type === 'cgroup' && /(^|,)(memory|devices|pids)(,|$)/.test(options));
  });

/** os.userInfo() throws for a user whom /etc/passwd does not know, as in a container started with `--user`. */
function currentUser(): { username: string; uid: number } {
  try {
    return userInfo();
  } catch {
    const uid = process.getuid?.() ?? -1;
    return { username: `user ${uid}`, uid };
  }
}

/** Reads this machine. `environment` gives PATH. */
export function readSystem(environment: NodeJS.ProcessEnv): System {
  const { username, uid } = currentUser();
  const folders = [...(environment.PATH ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin'];
  return {
    platform: process.platform,
    os: parseOsRelease(textOf('/etc/os-release') || textOf('/usr/lib/os-release')),
    user: username,
    root: uid === 0,
    systemd: existsSync('/run/systemd/system'),
    cgroups: process.platform !== 'linux' || hasCgroups(textOf('/proc/mounts')),
    appArmor: textOf('/sys/module/apparmor/parameters/enabled').startsWith('Y'),
    has: (program) => folders.some((folder) => folder !== '' && isExecutable(join(folder, program))),
    hasFile: existsSync,
  };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
