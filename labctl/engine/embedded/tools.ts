// The programs of this machine that the embedded engine is made of, and what to say when one is missing or refused.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../../model/lab-error.ts';

/** Not the caller's PATH: what stands there first may be a wrapper that only works in the caller's home. */
export const toolPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Something of this machine that hosts are made of, or that runs in them. */
export interface Tool {
  program: string;
  /** Shows that it is there, where it is no program. */
  file?: string;
  /** Debian's. */
  package: string;
}

export const tools: readonly Tool[] = [
  { program: 'bwrap', package: 'bubblewrap' },
  ...['flock', 'nsenter', 'prlimit', 'setpriv', 'setsid', 'unshare'].map((program) => ({
    program,
    package: 'util-linux',
  })),
  ...['ip', 'tc'].map((program) => ({ program, package: 'iproute2' })),
  { program: 'nft', package: 'nftables' },
  { program: 'python3', package: 'python3' },
  { program: 'gcc', package: 'gcc' },
  { program: 'make', package: 'make' },
  { program: 'C headers', file: '/usr/include/stdlib.h', package: 'libc6-dev' },
  { program: 'tcpdump', package: 'tcpdump' },
  { program: 'strace', package: 'strace' },
  { program: 'ethtool', package: 'ethtool' },
  { program: 'ps', package: 'procps' },
  { program: 'htop', package: 'htop' },
];

const isThere = ({ program, file }: Tool): boolean =>
  file ? existsSync(file) : toolPath.split(':').some((folder) => existsSync(join(folder, program)));

export const missingTools = (): Tool[] => tools.filter((tool) => !isThere(tool));

/** The Debian packages of these tools, each once. */
export const packagesOf = (those: readonly Tool[]): string[] => [...new Set(those.map((tool) => tool.package))];

/** Throws LabError `engine` that names every missing program and the packages that have them. */
export function requireTools(): void {
  if (process.platform !== 'linux')
    throw new LabError('engine', 'the embedded engine needs Linux', { hint: 'Docker is the engine here' });
  const missing = missingTools();
  if (missing.length === 0) return;
  throw new LabError('engine', `the embedded engine misses ${missing.map(({ program }) => program).join(', ')}`, {
    hint: `\`labctl doctor --fix --engine embedded\`, or \`apt-get install ${packagesOf(missing).join(' ')}\``,
  });
}

/** Settings by which a system refuses user namespaces to ordinary users: file, the value that refuses, what to do. */
const refusals: [file: string, value: string, hint: string][] = [
  [
    'kernel/apparmor_restrict_unprivileged_userns',
    '1',
    // Such a namespace can be made, but nothing be done in it; unshare makes the lab's, bwrap those of its hosts.
    '`sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0`, or AppArmor profiles with `userns,` for /usr/bin/unshare and /usr/bin/bwrap (docs/teachers.md has them)',
  ],
  ['kernel/unprivileged_userns_clone', '0', '`sudo sysctl kernel.unprivileged_userns_clone=1`'],
  ['user/max_user_namespaces', '0', '`sudo sysctl user.max_user_namespaces=10000`'],
];

/** A setting that is there, but not for everybody to read, as Ubuntu has it. */
const hidden = 'hidden';

/** What a setting of this kernel is; undefined where it has none such. */
function settingOf(file: string): string | undefined {
  try {
    return readFileSync(join('/proc/sys', file), 'utf8').trim();
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES' ? hidden : undefined;
  }
}

/** What to do about a complaint of bubblewrap's; undefined where it complains of something else. */
export function sandboxHint(words: string): string | undefined {
  if (/\bbwrap: unknown option/i.test(words)) return 'install bubblewrap 0.8 or later: `bwrap --version` tells yours';
  if (/\bbwrap: (creating new namespace|no permissions to create new namespace)/i.test(words))
    return keeperFailure(words).hint;
  return undefined;
}

/** Why a keeper could not start, with the exact setting where one is to blame. */
export function keeperFailure(words: string, setting = settingOf): LabError {
  // Something refuses, or we would not ask: where what may be to blame cannot be read, it is the likeliest.
  const refusal = refusals.find(([file, value]) => [value, hidden].includes(setting(file) ?? ''));
  return new LabError('engine', `the lab cannot be made here: ${words.trim() || 'its keeper ended at once'}`, {
    hint: [...(refusal ? [refusal[2]] : []), 'use Docker: `labctl --engine docker up`'].join('; or '),
  });
}
