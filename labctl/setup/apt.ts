// Installs Debian packages with apt-get: fresh lists when they are needed, patience while somebody else installs.

import { runHostProgram } from './host-program.ts';

export interface AptOptions {
  /** What makes apt-get run as root: `[]`, `['sudo']`. */
  as: readonly string[];
  /** apt's own lines of progress. */
  on: (line: string) => void;
}

export interface AptResult {
  /** Packages that this system's sources do not have. */
  unknown: string[];
  /** apt's complaint when it failed. */
  failure?: string;
}

/** Seconds to wait for another apt or dpkg, such as unattended-upgrades on a machine that was just switched on. */
const patience = 300;
const options = ['-q', '-y', '-o', `DPkg::Lock::Timeout=${patience}`, '-o', 'Dpkg::Use-Pty=0'];
const environment = ['DEBIAN_FRONTEND=noninteractive', 'NEEDRESTART_SUSPEND=1', 'LC_ALL=C'];
const worthTelling = /^(Get:|Unpacking|Setting up|Fetched|Processing triggers)/;

/** The packages that `apt-cache policy` gives a candidate for. */
export function candidates(policy: string): Set<string> {
  const found = new Set<string>();
  let name = '';
  for (const line of policy.split('\n')) {
    name = /^(\S+):$/.exec(line)?.[1] ?? name;
    const candidate = /^ {2}Candidate: (.+)$/.exec(line)?.[1];
    if (candidate !== undefined && candidate !== '(none)') found.add(name);
  }
  return found;
}

/** apt's errors (`E: …`) without their prefix, else its last line. */
export function complaint(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const errors = lines.filter((line) => line.startsWith('E: ')).map((line) => line.slice(3));
  return errors.length > 0 ? errors.join('; ') : (lines.at(-1) ?? 'apt-get failed');
}

/** Installs what the sources have; updates the lists first where they lack something, and again where they are stale. */
export async function installPackages(packages: readonly string[], apt: AptOptions): Promise<AptResult> {
  let known = await knownOf(packages);
  let fresh = false;
  if (known.length < packages.length) {
    const failure = await update(apt);
    fresh = true;
    known = await knownOf(packages);
    if (failure !== undefined && known.length === 0) return { unknown: [...packages], failure };
  }
  let failure = await install(known, apt);
  // Old lists name versions that the archive no longer has.
  if (failure !== undefined && !fresh) failure = (await update(apt)) ?? (await install(known, apt));
  const unknown = packages.filter((name) => !known.includes(name));
  return failure === undefined ? { unknown } : { unknown, failure };
}

async function knownOf(packages: readonly string[]): Promise<string[]> {
  const { stdout } = await runHostProgram(['apt-cache', 'policy', ...packages], { environment: { LC_ALL: 'C' } });
  const found = candidates(stdout);
  return packages.filter((name) => found.has(name));
}

const update = (apt: AptOptions) => aptGet(['update'], apt);

const install = async (packages: readonly string[], apt: AptOptions): Promise<string | undefined> =>
  packages.length === 0 ? undefined : aptGet(['install', '--no-install-recommends', ...packages], apt);

/** Gives apt's complaint, or undefined when all went well. */
async function aptGet(argv: readonly string[], { as, on }: AptOptions): Promise<string | undefined> {
  const deadline = Date.now() + patience * 1000;
  for (;;) {
    const { exitCode, stderr } = await runHostProgram([...as, 'env', ...environment, 'apt-get', ...options, ...argv], {
      on: (line) => worthTelling.test(line) && on(line),
    });
    if (exitCode === 0) return undefined;
    // DPkg::Lock::Timeout waits for dpkg's lock, not for that of the package lists.
    if (!/Could not get lock|Unable to lock/.test(stderr) || Date.now() > deadline) return complaint(stderr);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}
