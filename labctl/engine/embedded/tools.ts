// The programs of this machine that the embedded engine is made of, and what to say when one is missing or refused.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../../model/lab-error.ts';

/** Not the caller's PATH: what stands there first may be a wrapper that only works in the caller's home. */
export const toolPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Each with its Debian package. */
const tools: Readonly<Record<string, string>> = {
  bwrap: 'bubblewrap',
  ip: 'iproute2',
  make: 'make',
  nsenter: 'util-linux',
  prlimit: 'util-linux',
  python3: 'python3',
  setpriv: 'util-linux',
  setsid: 'util-linux',
  unshare: 'util-linux',
  cc: 'gcc',
};

/** What only rules of the wire need. */
const wireTools: Readonly<Record<string, string>> = { nft: 'nftables', tc: 'iproute2', flock: 'util-linux' };

const isThere = (tool: string): boolean => toolPath.split(':').some((folder) => existsSync(join(folder, tool)));

/** Throws LabError `engine` that names every missing program and the packages that have them. */
export function requireTools(): void {
  if (process.platform !== 'linux')
    throw new LabError('engine', 'the embedded engine needs Linux', { hint: 'Docker is the engine here' });
  requireAll(tools);
}

/** The same for what rules of the wire need. */
export const requireWireTools = (): void => requireAll(wireTools);

function requireAll(wanted: Readonly<Record<string, string>>): void {
  const missing = Object.keys(wanted).filter((tool) => !isThere(tool));
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((tool) => wanted[tool]))].join(' ');
  throw new LabError('engine', `the embedded engine misses ${missing.join(', ')}`, {
    hint: `\`apt-get install ${packages}\``,
  });
}

/** Settings by which a system refuses user namespaces to ordinary users: file, the value that refuses, what to do. */
const refusals: [file: string, value: string, hint: string][] = [
  [
    'kernel/apparmor_restrict_unprivileged_userns',
    '1',
    '`sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0`, or an AppArmor profile that allows `userns` to bwrap',
  ],
  ['kernel/unprivileged_userns_clone', '0', '`sudo sysctl kernel.unprivileged_userns_clone=1`'],
  ['user/max_user_namespaces', '0', '`sudo sysctl user.max_user_namespaces=10000`'],
];

function settingIs(file: string, value: string): boolean {
  try {
    return readFileSync(join('/proc/sys', file), 'utf8').trim() === value;
  } catch {
    return false;
  }
}

/** Why a keeper could not start, with the exact setting where one is to blame. */
export function keeperFailure(words: string): LabError {
  const refusal = refusals.find(([file, value]) => settingIs(file, value));
  return new LabError('engine', `the lab cannot be made here: ${words.trim() || 'its keeper ended at once'}`, {
    hint: refusal?.[2] ?? '`labctl --engine docker up`',
  });
}
