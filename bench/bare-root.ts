// A Debian with nothing on it but Node and lists of packages, in a folder: made by mmdebstrap, entered by bubblewrap as
// root. It has this machine's kernel, network and /proc, and a /run, /tmp and programs of its own.

import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface BareRoot extends Disposable {
  folder: string;
  /** The command line that runs a line for the shell in it, from that folder of its own. */
  inside(line: string, from: string): string[];
}

/** Only root may enter one as root, and only Debian and its like can be made from nothing. */
export const canBeMade = (): boolean =>
  process.getuid?.() === 0 && ['/usr/bin/mmdebstrap', '/usr/bin/bwrap'].every((file) => existsSync(file));

const release = (): string => /^VERSION_CODENAME=(.*)$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? '';

export async function bareRoot(): Promise<BareRoot> {
  const folder = mkdtempSync(join(tmpdir(), 'labctl-bench-bare-'));
  const dispose = () => rmSync(folder, { recursive: true, force: true });
  try {
    // `--mode=root` makes it in place; its lists stay, because whoever has a Debian has them too.
    const options = ['--mode=root', '--variant=minbase', '--include=ca-certificates', '--skip=cleanup/apt/lists'];
    await run('mmdebstrap', [...options, release(), folder], { maxBuffer: 64 << 20 });
    cpSync(process.execPath, join(folder, 'usr/bin/node'));
    const npm = '/usr/lib/node_modules/npm';
    mkdirSync(join(folder, 'usr/lib/node_modules'), { recursive: true });
    cpSync(existsSync(npm) ? npm : realpathSync('/usr/share/npm'), join(folder, npm), { recursive: true });
    symlinkSync(join('..', 'lib/node_modules/npm/bin/npm-cli.js'), join(folder, 'usr/bin/npm'));
    // Whoever trusts a mirror's certificate of their own does so in there, too.
    rmSync(join(folder, 'etc/ssl/certs'), { recursive: true });
    cpSync('/etc/ssl/certs', join(folder, 'etc/ssl/certs'), { recursive: true, dereference: true });
    cpSync('/etc/resolv.conf', join(folder, 'etc/resolv.conf'), { dereference: true });
  } catch (error) {
    dispose();
    throw error;
  }
  return {
    folder,
    inside: (line, from) => [...entrance(folder), '--chdir', from, 'sh', '-c', line],
    [Symbol.dispose]: dispose,
  };
}

const entrance = (folder: string): string[] => [
  ...[
    'bwrap',
    '--bind',
    folder,
    '/',
    '--bind',
    '/proc',
    '/proc',
    '--dev-bind',
    '/dev',
    '/dev',
    '--bind',
    '/sys',
    '/sys',
  ],
  ...['--tmpfs', '/run', '--perms', '1777', '--tmpfs', '/tmp', '--cap-add', 'ALL', '--die-with-parent'],
  ...['--setenv', 'HOME', '/root', '--setenv', 'PATH', '/usr/sbin:/usr/bin:/sbin:/bin'],
];
