// A virtual machine with Debian's own kernel, whose files are this machine's, read only: for what the kernel or the clock of
// this one cannot be asked to do. Needs qemu-system-x86, busybox-static and kmod; half a minute a boot without KVM.

import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { packageRoot } from '../labctl/root.ts';

const busybox = '/usr/bin/busybox';
const share = 'trans=virtio,version=9p2000.L,msize=524288';

/** The first process of the machine: its root is this machine's, with a layer of memory above it that takes what is written. */
const init = `#!/bin/busybox sh
B=/bin/busybox
$B mount -t proc proc /proc; $B mount -t sysfs sys /sys; $B mount -t devtmpfs dev /dev
for m in $($B cat /m/order); do $B insmod /m/$m; done
$B mkdir -p /ro /rw /newroot
$B mount -t 9p -o ${share},cache=loose,ro root /ro
$B mount -t tmpfs -o size=80% tmpfs /rw; $B mkdir /rw/up /rw/work
$B mount -t overlay -o lowerdir=/ro,upperdir=/rw/up,workdir=/rw/work overlay /newroot
cd /newroot
for t in tmp run; do $B mount -t tmpfs tmpfs $t; done; $B chmod 1777 tmp
$B mkdir -p package here kernel; $B cp $B sbin/modprobe
$B mount -t 9p -o ${share},cache=loose,ro kernel kernel
$B mount -t 9p -o ${share},cache=loose,ro package package
$B mount -t 9p -o ${share} here here
$B rm -rf usr/lib/modules; $B ln -s /kernel/lib/modules usr/lib/modules
for d in proc sys dev; do $B mount --move /$d $d; done
$B mkdir -p dev/pts dev/shm; $B mount -t devpts devpts dev/pts; $B mount -t tmpfs tmpfs dev/shm
$B mount -t cgroup2 cgroup2 sys/fs/cgroup; $B ip link set lo up
exec $B switch_root /newroot /bin/sh /here/first.sh
`;

const first = `export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root
cd /tmp; sh /here/job.sh >/here/printed 2>&1
echo o >/proc/sysrq-trigger; sleep 9
`;

/** Debian's newest kernel for this machine's kind of processor, unpacked; gives its version. */
function unpackKernel(folder: string): string {
  const depends = execFileSync('apt-cache', ['depends', 'linux-image-amd64'], { encoding: 'utf8' });
  const [, name = ''] = /Depends: (linux-image-\S+)/.exec(depends) ?? [];
  execFileSync('apt-get', ['download', name], { cwd: folder, stdio: 'ignore' });
  const [archive = ''] = readdirSync(folder).filter((file) => file.endsWith('.deb'));
  execFileSync('dpkg-deb', ['-x', archive, 'kernel'], { cwd: folder });
  rmSync(join(folder, archive));
  const version = name.replace('linux-image-', '');
  execFileSync('/sbin/depmod', ['-b', join(folder, 'kernel'), version]);
  return version;
}

/** Modules without which the machine does not see its files, in the order in which they are loaded. */
function modulesOf(folder: string, version: string): string[] {
  const all = ['virtio_pci', '9p', '9pnet_virtio', 'overlay'].flatMap((name) =>
    execFileSync('/sbin/modprobe', ['-d', join(folder, 'kernel'), '-S', version, '--show-depends', name], {
      encoding: 'utf8',
    }).split('\n'),
  );
  return [...new Set(all.flatMap((line) => /^insmod (\S+)/.exec(line)?.[1] ?? []))];
}

/** What the kernel unpacks into memory when it starts: the first process, its tool and its modules. */
function packInitrd(folder: string, version: string): void {
  const tree = join(folder, 'initrd');
  for (const name of ['bin', 'm', 'proc', 'sys', 'dev']) mkdirSync(join(tree, name), { recursive: true });
  copyFileSync(busybox, join(tree, 'bin/busybox'));
  const modules = modulesOf(folder, version);
  for (const file of modules) copyFileSync(file, join(tree, 'm', basename(file)));
  writeFileSync(join(tree, 'm/order'), modules.map((file) => basename(file)).join('\n'));
  writeFileSync(join(tree, 'init'), init);
  chmodSync(join(tree, 'init'), 0o755);
  execFileSync('sh', ['-c', `find . | ${busybox} cpio -o -H newc >../initrd.cpio`], { cwd: tree, stdio: 'ignore' });
}

const shared = (path: string, tag: string, readOnly = true): string[] => [
  '-virtfs',
  `local,path=${path},mount_tag=${tag},security_model=none,multidevs=remap${readOnly ? ',readonly=on' : ''}`,
];

/** Runs a shell script in the machine, until it powers off; gives what it printed. `/here` outlives the machine. */
function run(folder: string, version: string, job: string): string {
  const here = join(folder, 'here');
  mkdirSync(here, { recursive: true });
  writeFileSync(join(here, 'first.sh'), first);
  writeFileSync(join(here, 'job.sh'), job);
  const kernel = join(folder, 'kernel');
  const machine = ['-accel', 'tcg', '-cpu', 'max', '-m', '3072', '-nographic', '-no-reboot', '-nic', 'none'];
  const start = ['-kernel', join(kernel, `boot/vmlinuz-${version}`), '-initrd', join(folder, 'initrd.cpio')];
  const shares = [shared('/', 'root'), shared(kernel, 'kernel'), shared(packageRoot, 'package')].flat();
  execFileSync(
    'qemu-system-x86_64',
    [...machine, ...start, '-append', 'console=ttyS0 panic=-1 quiet', ...shares, ...shared(here, 'here', false)],
    { stdio: ['ignore', 'ignore', 'inherit'], timeout: 400_000 },
  );
  return readFileSync(join(here, 'printed'), 'utf8');
}

/** Starts labctl in a lab of its own there, whose runs outlive the machine. */
export const labctlThere = 'env XDG_STATE_HOME=/here node /package/dist/cli.cjs --engine embedded --lab there';

export interface Machine {
  /** Linux's version. */
  kernel: string;
  /** What the job printed. */
  printed: string;
  /** The folders of the runs that it recorded, in their order. */
  runs: string[];
}

/** Runs a shell script there, which finds `files` at /here by their names; `act` reads what came of it. */
export async function inMachine<Result>(
  files: Record<string, string>,
  job: string,
  act: (machine: Machine) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'labctl-torture-'));
  try {
    const kernel = unpackKernel(folder);
    packInitrd(folder, kernel);
    mkdirSync(join(folder, 'here'));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, 'here', name), text);
    const printed = run(folder, kernel, job);
    const place = join(folder, 'here/labctl/runs/there');
    const runs = existsSync(place) ? readdirSync(place).sort() : [];
    return await act({ kernel, printed, runs: runs.map((name) => join(place, name)) });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
