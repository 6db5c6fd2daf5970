// A student's program that tries what it must not: takes everything its host has, or looks for a way out of its lab. Each
// try is a row: what was refused, what labctl said of the program, whether labctl answered meanwhile, and whether a lab
// beside it came to any harm. For root, whose services the programs look for.

import { once } from 'node:events';
import { copyFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { packageRoot } from '../labctl/root.ts';
import { engineOf, matching } from './arguments.ts';
import { say } from './say.ts';
import { type Ended, hasStack, Workplace } from './workplace.ts';

/** Servers that take all there is of something; those in `test/submissions-hostile` a grading meets too. */
const greedy: Record<string, string> = {
  'fork bomb': 'fork-bomb.c',
  'eats all memory': 'eats-memory.py',
  'fills every disk': 'fills-disk.py',
  'prints without end': 'endless-output.py',
  'opens every port': 'opens-every-port.py',
  'loops without end': 'endless-loop.c',
  'floods its client': 'floods.py',
};

/** Where a program may look for what is not its own. `$machine` and the like are filled in. */
const ways: Record<string, string> = {
  'traces its neighbours': `
call = ctypes.CDLL(None, use_errno=True)
own = {int(pid) for pid in os.listdir('/proc') if pid.isdigit()}
for pid in range(1, 4096):
    if pid in own: continue
    if call.ptrace(0x4206, pid, None, None) == 0 or ctypes.get_errno() not in (1, 3): reached(f'ptrace of {pid}')
refused('ptrace of pids 1 to 4095 that are not its own', OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno())))`,
  'looks for the engine’s socket': `
for place in ('/var/run/docker.sock', '/run/docker.sock', '/run/podman/podman.sock', '/run/containerd/containerd.sock', '/run/labctl'):
    attempt(place, lambda: os.stat(place))
for line in open('/proc/net/unix'):
    if 'docker' in line or 'containerd' in line or 'labctl' in line: reached(line.strip())`,
  'looks for files of this machine': `
for place in ('$secret', '/proc/1/root$secret', '/proc/self/root/..$secret', '/root/.ssh', '/dev/vda', '/dev/mem', '/sys/fs/cgroup/release_agent'):
    attempt(place, lambda: open(place, 'rb').read(1))`,
  'reaches this machine by the gateway address': `
for address in '$machine'.split(): attempt(f'{address}:$port', lambda: socket.create_connection((address, $port), 2).close())`,
  'reaches another lab': `
for address in '$other'.split(): attempt(f'{address}:5999', lambda: socket.create_connection((address, 5999), 2).close())`,
  'reaches the Internet': `
for address in ('192.0.2.1', '198.51.100.1'): attempt(address, lambda: socket.create_connection((address, 443), 2).close())
attempt('a name', lambda: socket.getaddrinfo('example.com', 80))`,
  'takes rights': `
libc = ctypes.CDLL(None, use_errno=True)
def call(name, *argv):
    if getattr(libc, name)(*argv) != 0: raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
attempt('setuid(0)', lambda: os.setuid(0))
attempt('mount', lambda: call('mount', b'none', b'/work', b'tmpfs', 0, None))
attempt('a user namespace', lambda: call('unshare', 0x10000000))
attempt('chroot', lambda: os.chroot('/work'))
attempt('a raw socket', lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 6))
attempt('the host’s name', lambda: socket.sethostname('mine'))
attempt('a route', lambda: open('/proc/sys/net/ipv4/ip_forward', 'w').write('1'))`,
};

const head = `
import ctypes, os, socket, sys
done = []
def refused(what, error): done.append(f'{what}: {error.strerror if isinstance(error, OSError) and error.strerror else error}')
def reached(what): print('REACHED', what, flush=True); sys.exit(1)
def attempt(what, act):
    try: act()
    except Exception as error: refused(what, error)
    else: reached(what)
`;

const scenario = (name: string): string => `
title: { en: "A hostile program ${name}", fr: "Un programme hostile" }
about: { en: "It must not get far.", fr: "Il ne doit pas aller loin." }
hosts: [client1]
steps:
  - { start: p, on: client1, run: [python3, probe.py] }
  - { exit: p, within: 60s }
expect:
  - { id: refused, output: "all refused", of: p, say: { en: "Everything was refused.", fr: "Tout a été refusé." } }
`;

const everyPort = `import socket
taken = []
try:
    for port in range(1, 65536):
        s = socket.socket(); s.bind(("", port)); s.listen(); taken.append(s)
except OSError as error:
    print(len(taken), "ports, then", error, flush=True)
while True:
    try:
        s = socket.socket(); s.bind(("", 1024 + len(taken))); s.listen(); taken.append(s)
    except OSError as error:
        print(len(taken), "ports, then", error, flush=True); break
`;

interface Labs {
  own: Workplace;
  beside: Workplace;
}

/** The longest that a command on the hostile lab and one beside it took while the program was at it, s. */
async function responsiveness(
  { own, beside }: Labs,
  ended: Promise<unknown>,
): Promise<{ most: number; faults: string[] }> {
  const state = { over: false };
  let most = 0;
  const faults: string[] = [];
  void ended.then(() => (state.over = true));
  await delay(1000);
  do {
    const both = await Promise.all([own.labctl('ps'), beside.labctl('exec', 'client1', 'echo', 'unharmed')]);
    for (const one of both) {
      most = Math.max(most, one.seconds);
      if (one.code !== 0) faults.push(`beside it: ${one.text.trim().slice(-100)}`);
    }
    await delay(300);
  } while (!state.over);
  return { most, faults };
}

/** At most so long may a command take beside a hostile program on a busy machine, s. */
const patience = 10;

async function tried(
  labs: Labs,
  what: string,
  argv: string[],
  told: (ended: Ended) => { words: string; faults: string[] },
): Promise<boolean> {
  const { ended } = labs.own.start(argv);
  const { most, faults } = await responsiveness(labs, ended);
  const outcome = await ended;
  const { words, faults: wrong } = told(outcome);
  const found = [...faults, ...wrong, ...(hasStack(outcome.text) ? ['a stack trace'] : [])];
  if (most > patience) found.push(`a command took ${most.toFixed(1)} s`);
  const next = await labs.beside.labctl('run', 'first-client', '--json');
  if (next.code !== 0) found.push(`the next run in the lab beside it ended with ${next.code}`);
  const after = await labs.own.labctl('exec', 'client1', 'echo', 'works');
  if (after.stdout !== 'works\n') found.push(`its own lab afterwards: ${after.text.trim().slice(-100)}`);
  // What it left in its own host (full disks) goes with the lab.
  await labs.own.labctl('down');
  await labs.own.labctl('up');
  const state = found.length === 0 ? 'unharmed' : found.join('; ');
  say(`| ${what} | ${words.replaceAll('|', '/').replace(/\s+/g, ' ')} | ${most.toFixed(1)} s | ${state} |`);
  return found.length === 0;
}

/** `check` judges it: whatever the program did, there is a verdict with a reason. */
function checkedWords({ stdout, code, text }: Ended): { words: string; faults: string[] } {
  try {
    const { verdict, reason } = JSON.parse(stdout) as { verdict: string; reason: { text: string } };
    return { words: `${verdict}: ${reason.text}`, faults: [] };
  } catch {
    return { words: text.trim().slice(-200), faults: [`check ended with ${code} and no verdict`] };
  }
}

/** What the probe printed is in the run; a verdict that is not met says that something was reached. */
function probedWords({ stdout, code, text }: Ended): { words: string; faults: string[] } {
  try {
    const { events } = JSON.parse(stdout) as { events: { kind: string; text?: string }[] };
    const printed = events.flatMap((event) => (event.kind === 'output' ? [event.text ?? ''] : [])).join('');
    const refusals = /all refused: ([^\n]*)/.exec(printed)?.[1];
    if (code === 0 && refusals !== undefined) return { words: `met: ${refusals}`, faults: [] };
    return { words: printed, faults: [`the run ended with ${code}`] };
  } catch {
    return { words: text.trim().slice(-200), faults: [`the run ended with ${code}, and no report`] };
  }
}

/** Addresses of this machine as a program in the lab may think of them: its own, and each network's first. */
function machineAddresses(networks: readonly string[]): string {
  const own = Object.values(networkInterfaces()).flatMap((all = []) =>
    all.filter(({ family, internal }) => family === 'IPv4' && !internal).map(({ address }) => address),
  );
  const gateways = networks.map((subnet) =>
    subnet.replace(/(\d+)\/\d+$/, (_, last: string) => String(Number(last) + 1)),
  );
  return [...new Set([...own, ...gateways])].join(' ');
}

interface LabJson {
  labs: { name: string; hosts: { name: string; addresses: { address: string }[] }[]; networks: { subnet: string }[] }[];
}

async function labOf(place: Workplace): Promise<LabJson['labs'][number]> {
  const { stdout } = await place.labctl('ps', '--json');
  const found = (JSON.parse(stdout) as LabJson).labs.find(({ name }) => name === place.lab);
  if (found === undefined) throw new Error(`the lab ${place.lab} is not among: ${stdout}`);
  return found;
}

/** `[engine = embedded] [words of names …]`; true when nothing was reached and nobody was harmed. */
export async function hostile([wanted = 'embedded', ...words]: string[]): Promise<boolean> {
  const engine = engineOf(wanted);
  const chosen = matching([...Object.keys(greedy), ...Object.keys(ways)], words, 'program');
  using mine = new Workplace(`labctl-hostile-${process.pid}`, engine);
  using beside = new Workplace(`labctl-beside-${process.pid}`, engine);
  const labs = { own: mine, beside };
  const server = createServer((socket) => socket.destroy()).listen(0, '0.0.0.0');
  let harmed = 0;
  try {
    for (const { labctl } of [mine, beside]) await labctl('up');
    const [lab, other] = await Promise.all([labOf(mine), labOf(beside)]);
    const values: Record<string, string> = {
      secret: join(mine.folder, 'secret'),
      machine: machineAddresses(lab.networks.map(({ subnet }) => subnet)),
      port: String((server.address() as { port: number }).port),
      other: other.hosts.flatMap(({ addresses }) => addresses.map(({ address }) => address)).join(' '),
    };
    writeFileSync(values['secret'] ?? '', 'of this machine');
    const listen = 'import socket, time; s = socket.create_server(("", 5999)); print(1, flush=True); time.sleep(3600)';
    const listener = beside.start(['exec', 'server', 'python3', '-c', listen]).child;
    await once(listener.stdout ?? listener, 'data');
    say(
      `| a program that … | what came of it, on ${engine} | slowest command meanwhile | others |\n| --- | --- | --- | --- |`,
    );
    for (const [what, file] of Object.entries(greedy).filter(([name]) => chosen.includes(name))) {
      const program = join(mine.folder, basename(file));
      if (what === 'opens every port') writeFileSync(program, everyPort);
      else copyFileSync(join(packageRoot, 'test/submissions-hostile', file), program);
      if (!(await tried(labs, what, ['check', 'first-client', '--server', program, '--json'], checkedWords))) harmed++;
    }
    for (const [what, text] of Object.entries(ways).filter(([name]) => chosen.includes(name))) {
      const filled = text.replace(/\$(secret|machine|port|other)/g, (_, name: string) => values[name] ?? '');
      const probe = `${head}${filled}\nprint('all refused:', '; '.join(done), flush=True)\n`;
      await mine.start([
        'exec',
        'client1',
        'python3',
        '-c',
        `open('/work/probe.py', 'w').write(${JSON.stringify(probe)})`,
      ]).ended;
      writeFileSync(join(mine.folder, 'probe.yml'), scenario(what));
      if (!(await tried(labs, what, ['run', 'probe.yml', '--json'], probedWords))) harmed++;
    }
  } finally {
    for (const { labctl } of [mine, beside]) await labctl('down');
    server.close();
  }
  say(`hostile programs on ${engine}: ${harmed} that reached something or harmed somebody`);
  return harmed === 0;
}
