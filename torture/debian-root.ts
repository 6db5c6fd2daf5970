// Another Debian in a folder, with the engines of its suite: made by mmdebstrap from where this machine's apt has its own.
// What runs there sees its own programs, this machine's /proc, /sys and /dev, and the folders that it is given.

import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { say } from './say.ts';

const packages = [
  ...['docker.io', 'runc', 'podman', 'netavark', 'aardvark-dns', 'iptables', 'nftables', 'iproute2', 'kmod'],
  // For engines of ordinary users, and for the runtime that leaves limits out.
  ...['rootlesskit', 'slirp4netns', 'passt', 'uidmap', 'procps', 'python3-minimal', 'ca-certificates'],
];

/** The address of Debian's packages that apt is set up with, which may be the only one in reach. */
function repository(): string {
  const format = ['--format', '$(ORIGIN) $(RELEASE) $(REPO_URI)', 'Created-By: Packages'];
  const rows = execFileSync('apt-get', ['indextargets', ...format], { encoding: 'utf8' }).split('\n');
  const uri = rows.map((row) => row.split(' ')).find(([origin, suite]) => origin === 'Debian' && suite !== '')?.[2];
  if (uri === undefined) throw new Error('apt is not set up with Debian’s packages here');
  return uri;
}

/** `trixie` makes one below `folder`, in a minute; a path is one that was made before. */
export function debianRoot(folder: string, wanted: string): string {
  if (wanted.startsWith('/')) return wanted;
  const root = join(folder, wanted);
  say(`making a Debian ${wanted} …`);
  execFileSync(
    'mmdebstrap',
    [
      ...['--quiet', '--variant=minbase', `--include=${packages.join(',')}`],
      ...['--aptopt=APT::Install-Recommends "false"', '--aptopt=Acquire::Check-Valid-Until "false"'],
      ...['man', 'doc', 'locale'].map((name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`),
      ...[wanted, root, `deb ${repository()} ${wanted} main`],
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  return root;
}

/** The user's rows in the files by which users and their subordinate ids are known there (subuid(5)). */
export function settle(root: string, user: string): void {
  for (const file of ['/etc/passwd', '/etc/group', '/etc/subuid', '/etc/subgid']) {
    const rows = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8').split('\n') : []);
    const mine = rows(file).filter((row) => row.startsWith(`${user}:`) && !rows(root + file).includes(row));
    appendFileSync(root + file, mine.map((row) => `${row}\n`).join(''));
  }
}

/** A shell script that makes `root` the root of its own mount namespace; `folder` stays where it is. */
export function enter(root: string, folder: string): string {
  mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, 'etc/resolv.conf'), '');
  return [
    `mount --bind ${root} ${root}; mount --bind ${folder} ${root}${folder}`,
    `mount -t proc proc ${root}/proc; mount --rbind /sys ${root}/sys; mount --rbind /dev ${root}/dev`,
    `mount -t tmpfs none ${root}/run; cd ${root}; pivot_root . mnt; umount -l /mnt; cd /`,
    'export PATH=/usr/sbin:/usr/bin:/sbin:/bin',
  ].join('\n');
}
