// The options of bubblewrap for a host and for a build: this machine's programs read-only, everything else private.

import { existsSync, lstatSync, readlinkSync } from 'node:fs';
import type { HostSpec } from '../../model/lab.ts';
import { LabError } from '../../model/lab-error.ts';

export const student = { uid: 1000, home: '/work' };
const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Small files of the machine without which cc, getservbyname or a terminal do not work as they should. */
const fromEtc = [
  ...['alternatives', 'bash.bashrc', 'ethertypes', 'inputrc', 'ld.so.cache', 'ld.so.conf', 'ld.so.conf.d', 'profile'],
  ...['localtime', 'networks', 'protocols', 'services', 'terminfo'],
];

/** Where the private files of /etc lie on the machine. */
export const privateEtc: Readonly<Record<string, string>> = {
  passwd: 'root:x:0:0:root:/root:/bin/bash\nstudent:x:1000:1000::/work:/bin/bash\nnobody:x:65534:65534::/:/bin/false\n',
  group: 'root:x:0:\nstudent:x:1000:\nnogroup:x:65534:\n',
  // Without it the C library takes one address of a name, however many /etc/hosts has (host.conf(5)).
  'host.conf': 'multi on\n',
  'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files\nnetworks: files\nprotocols: files\nservices: files\n',
};

/** /bin and its like: links into /usr nearly everywhere, folders where the two are not merged. */
const systemFolders = (): string[] =>
  ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'].flatMap((folder) => {
    if (!existsSync(folder)) return [];
    return lstatSync(folder).isSymbolicLink()
      ? ['--symlink', readlinkSync(folder), folder]
      : ['--ro-bind', folder, folder];
  });

/** What hosts and builds share. `etc` is the folder with the private files. */
export const baseOptions = (etc: string): string[] => [
  ...['--unshare-user', '--uid', '1000', '--gid', '1000', '--unshare-pid', '--unshare-net', '--unshare-ipc'],
  ...['--unshare-uts', '--unshare-cgroup-try', '--die-with-parent'],
  // As on Docker: what a program could do with namespaces of its own is a part of the kernel that no lesson needs.
  '--disable-userns',
  ...['--ro-bind', '/usr', '/usr', ...systemFolders(), '--proc', '/proc', '--dev', '/dev'],
  ...fromEtc.flatMap((name) => ['--ro-bind-try', `/etc/${name}`, `/etc/${name}`]),
  ...Object.keys(privateEtc).flatMap((name) => ['--ro-bind', `${etc}/${name}`, `/etc/${name}`]),
  ...['--dir', '/run', '--dir', '/var/tmp', '--dir', '/root'],
];

const units: Record<string, number> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** One tmpfs as Compose and mount(8) write it. bubblewrap makes the rest so: nosuid, nodev, exec, owned by the student. */
export function tmpfsOptions(place: string, options: string): string[] {
  const given = new Map(options.split(',').map((option) => option.split('=') as [string, string | undefined]));
  const [, count, unit = ''] = /^(\d+)([kmg]?)$/i.exec(given.get('size') ?? '') ?? [];
  const size = count === undefined ? [] : ['--size', String(Number(count) * (units[unit.toLowerCase()] ?? 1))];
  return [...size, '--perms', given.get('mode') ?? '1777', '--tmpfs', place];
}

export interface HostFiles {
  /** The folder with the private files of /etc. */
  etc: string;
  /** The host's own /etc/hosts. */
  hosts: string;
  /** What `make install` made: its /usr/local. */
  local: string;
}

/** The variables of the base image, then the file's own. */
export const environmentOf = (spec: Pick<HostSpec, 'name' | 'hostname' | 'environment'>): Record<string, string> => ({
  PATH: path,
  HOSTNAME: spec.hostname ?? spec.name,
  HOME: student.home,
  LANG: 'C.UTF-8',
  ...spec.environment,
});

export const workingDirOf = (spec: Pick<HostSpec, 'workingDir'>): string => spec.workingDir ?? student.home;

/** What /dev/shm holds on Docker. Without a size of its own, half of the machine's memory would fit in a folder. */
const usualSize = 64 * 1024 ** 2;

/** Where an image lets programs write, besides what the file names; nowhere else, as `/` is root's there. */
const writable = { '/run': 'mode=0755', '/var/tmp': 'mode=1777' };

/** bubblewrap's options for a host; its command is not among them. */
export function hostOptions(spec: HostSpec, files: HostFiles): string[] {
  const ours = { '/work': 'mode=0755', '/tmp': 'mode=1777', ...(spec.readOnly ? {} : writable) };
  const size = `size=${spec.memoryLimit ?? usualSize}`;
  const tmpfs = { ...ours, ...spec.tmpfs, '/dev/shm': `size=${usualSize},mode=1777` };
  return [
    ...baseOptions(files.etc),
    ...['--ro-bind', files.local, '/usr/local', '--ro-bind', files.hosts, '/etc/hosts'],
    ...['--hostname', spec.hostname ?? spec.name, ...(spec.init ? [] : ['--as-pid-1'])],
    ...Object.entries(tmpfs).flatMap(([place, options]) => tmpfsOptions(place, `${size},${options}`)),
    ...['--remount-ro', '/dev', '--remount-ro', '/'],
    ...['--clearenv', ...Object.entries(environmentOf(spec)).flatMap(([name, value]) => ['--setenv', name, value])],
    ...['--chdir', workingDirOf(spec)],
  ];
}

/** What the host's first process is: the file's words, else those of its Dockerfile. */
export function commandOf(spec: HostSpec, dockerfile: string): string[] {
  const command = spec.command ?? imageCommand(dockerfile);
  const whole = [...(spec.entrypoint ?? []), ...(command ?? [])];
  if (whole.length > 0) return whole;
  throw new LabError('engine', 'neither its service nor its Dockerfile says what to run', {
    where: `host ${spec.name}`,
  });
}

/** The last `CMD [...]` of a Dockerfile; the form without brackets is a line for the shell. */
export function imageCommand(dockerfile: string): string[] | undefined {
  const line = [...dockerfile.matchAll(/^\s*CMD\s+(.*)$/gim)].at(-1)?.[1]?.trim();
  if (line === undefined) return undefined;
  return line.startsWith('[') ? (JSON.parse(line) as string[]) : ['sh', '-c', line];
}

/** bubblewrap's options for `make install` of a folder of the context, into an empty folder. */
export const buildOptions = (etc: string, context: string, out: string): string[] => [
  ...baseOptions(etc),
  ...['--tmpfs', '/tmp', '--bind', context, '/tmp/images', '--bind', out, '/tmp/out'],
  ...['--clearenv', '--setenv', 'PATH', path, '--setenv', 'LANG', 'C.UTF-8', '--chdir', '/tmp/images'],
];
