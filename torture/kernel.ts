// labctl on a kernel that this machine does not run: Debian's own, in a virtual machine whose files are this machine's,
// read only. What needs netem is tried there: delay, jitter and reordering, and the times that they must make.
// Needs qemu-system-x86, busybox-static and kmod; half a minute a boot without KVM, two in all.

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
import { analyse } from '../labctl/analysis/analyse.ts';
import { readRun } from '../labctl/folder/read-run.ts';
import type { Passage, Report } from '../labctl/model/report.ts';
import { packageRoot } from '../labctl/root.ts';
import { say } from './say.ts';

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
function inMachine(folder: string, version: string, job: string): string {
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

const burst =
  'import socket, time; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); a = (socket.gethostbyname("server"), 5001); [(s.sendto(b"%d" % i, a), time.sleep(0.01)) for i in range(60)]; time.sleep(1)';
const scenario = `title: { en: far, fr: loin }
about: { en: far, fr: loin }
hosts: [server, client1]
wire:
  - { rule: far, delay: 150ms, to: server }
steps:
  - { start: s, on: server, run: server, until: { listens: 5000 } }
  - { start: c, on: client1, run: client, until: { prints: connected } }
  - { type: a, into: c }
  - { answer: a, from: c }
  - { close: c }
  - { exit: c, within: 60s }
  - wire: [{ remove: far }, { rule: mixed, delay: 100ms, jitter: 30ms, reorder: 25, to: server }]
  - { start: us, on: server, run: udp-server 5001, until: { listens: 5001 } }
  - { start: u, on: client1, run: [python3, -c, '${burst}'] }
  - { exit: u, within: 120s }
expect:
  - id: slow
    say: { en: The handshake takes as long as the way., fr: La poignée de main dure ce que dure le trajet. }
    segments: [client1 > server.5000 S, server.5000 > client1 S.]
    of: c
`;

const milliseconds = ({ sent, arrived }: Passage): number => ((arrived?.at ?? Infinity) - (sent?.at ?? 0)) / 1000;
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** What is wrong with the times of that scenario; what was measured is said. */
function wrongTimes({ passages, run, verdict }: Report): string[] {
  const there = passages.filter(({ from, to }) => from === 'client1' && to === 'server');
  const slow = there.filter(({ tcp }) => tcp).map(milliseconds);
  const mixed = there.filter(({ udp }) => udp).map(milliseconds);
  const back = passages.filter(({ from, tcp }) => from === 'server' && tcp).map(milliseconds);
  const overtaking = mixed.filter((one) => one < 50);
  const delayed = mixed.filter((one) => one >= 50);
  say(
    `delay 150 ms: ${slow.length} segments, ${Math.min(...slow)} to ${Math.max(...slow)} ms; back ${median(back)} ms`,
  );
  say(`delay 100 ms, jitter 30 ms: ${delayed.length} datagrams, ${Math.min(...delayed)} to ${Math.max(...delayed)} ms`);
  say(`reorder 25 %: ${overtaking.length} of ${mixed.length} overtake`);
  const checks: [boolean, string][] = [
    [slow.length >= 5 && Math.min(...slow) >= 150 && median(slow) < 170, 'the delay is not 150 ms'],
    [median(back) < 20, 'the way back is delayed too'],
    [Math.min(...delayed) >= 69 && median(delayed) > 80 && median(delayed) < 130, 'the jitter is not 30 ms around 100'],
    [mixed.length === 60 && overtaking.length > 4 && overtaking.length < 30, 'it is not a quarter that overtakes'],
    [passages.some((one) => one.udp && one.overtakenBy), 'nothing is told to be out of order'],
    [verdict === 'met' && run.wire?.length === 2 && run.wire.every(({ hit }) => hit > 0), 'the run is not met'],
  ];
  return checks.flatMap(([holds, fault]) => (holds ? [] : [fault]));
}

/** True when the times in a lab with netem are those that its rules ask for. */
export async function otherKernel(): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'labctl-torture-'));
  try {
    const version = unpackKernel(folder);
    packInitrd(folder, version);
    mkdirSync(join(folder, 'here'));
    writeFileSync(join(folder, 'here/far.yml'), scenario);
    const labctl = 'XDG_STATE_HOME=/here node /package/dist/cli.cjs --engine embedded --lab far';
    const printed = inMachine(folder, version, `${labctl} run /here/far.yml; ${labctl} down\n`);
    say(`Linux ${version}`);
    const runs = join(folder, 'here/labctl/runs/far');
    if (!existsSync(runs)) throw new Error(`no run came out of the machine:\n${printed}`);
    const [name = ''] = readdirSync(runs);
    const faults = wrongTimes(analyse(await readRun(join(runs, name))));
    for (const fault of faults) say(fault);
    if (faults.length > 0) say(printed);
    return faults.length === 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
