// Measures the embedded engine as a user has it, whole commands with Node's start, beside Debian's mininet on its Linux
// bridge and beside Docker in the same run: up and down at three sizes, exec, the recorders, and the memory of idle hosts.

import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { labFolder } from '../labctl/engine/embedded/ask.ts';
import { openEmbedded } from '../labctl/engine/embedded/embedded-engine.ts';
import { livingKeeper } from '../labctl/engine/embedded/keeper-identity.ts';
import { placesFor } from '../labctl/engine/embedded/places.ts';
import { packageRoot } from '../labctl/root.ts';
import { composeText, labOf } from './lab-of.ts';
import { measureRecorders } from './recorders.ts';
import { median, type Other, type Row } from './row.ts';
import { timed } from './timed.ts';

const run = promisify(execFile);
const cli = join(packageRoot, 'dist/cli.cjs');
const labName = 'labctl-bench-embedded';
const mininet = '/usr/bin/mn';

/** Hosts → how often each is measured, and what the issue of this engine allows `up`, in milliseconds. */
const sizes = [
  { hosts: 4, times: 7, allowed: 300, ofMininet: 1.2 },
  { hosts: 50, times: 3, allowed: 1000, ofMininet: 0.5 },
  { hosts: 200, times: 2, allowed: undefined, ofMininet: undefined },
];
const execAllowance = 45;
const recorderAllowance = 60;
const megabytesPerHost = 2;
/** What a straight line may bend: the cost of one more host between 50 and 200, beside that between 4 and 50. */
const bend = 1.25;

const labctl = (engine: string, ...argv: string[]): string[] => [
  process.execPath,
  cli,
  '--engine',
  engine,
  '--lab',
  labName,
  ...argv,
];

interface Times {
  up: number[];
  both: number[];
}

async function upAndDown(times: Times, engine: string, folder: string, between?: () => void): Promise<void> {
  const up = await timed(labctl(engine, 'up'), folder);
  between?.();
  const down = await timed(labctl(engine, 'down'), folder);
  times.up.push(up);
  times.both.push(up + down);
}

/** mininet needs root, and is only there where somebody installed it to be measured against. */
const hasMininet = (): boolean => process.getuid?.() === 0 && existsSync(mininet);
const mininetRun = (hosts: number): string[] => [
  ...[mininet, '--topo', `single,${hosts}`, '--switch', 'lxbr', '--controller', 'none', '--test', 'none'],
];

interface Measured {
  embedded: Times;
  docker: Times;
  mininet: number[];
  megabytes: number;
}

/** In turns, so that a slow moment of the machine falls on all of them. Docker is measured once: it takes its time. */
async function measure(hosts: number, times: number): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'labctl-bench-'));
  writeFileSync(join(folder, 'docker-compose.yml'), composeText(await labOf(labName, hosts)));
  const measured: Measured = { embedded: empty(), docker: empty(), mininet: [], megabytes: 0 };
  const weigh = (): void => {
    measured.megabytes = memoryOf(labName) / hosts;
  };
  try {
    // The first time makes images, and is not measured.
    await upAndDown(empty(), 'embedded', folder, weigh);
    for (let time = 0; time < times; time++) {
      await upAndDown(measured.embedded, 'embedded', folder);
      if (hasMininet() && hosts <= 50) measured.mininet.push(await timed(mininetRun(hosts)));
    }
    if (hosts === 4) for (let time = 0; time < 2; time++) await upAndDown(measured.docker, 'docker', folder);
  } finally {
    for (const engine of ['embedded', 'docker']) await run(process.execPath, labctl(engine, 'down').slice(1));
    rmSync(folder, { recursive: true });
  }
  return measured;
}

const empty = (): Times => ({ up: [], both: [] });

/** Megabytes of a lab's keeper and of everything below it: its proportional share of memory (proc_pid_smaps(5), Pss). */
function memoryOf(lab: string): number {
  const keeper = livingKeeper(labFolder(placesFor(process.env, process.getuid?.() ?? 0), lab));
  const rows = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const parents = new Map(rows.map((pid) => [Number(pid), parentOf(pid)]));
  const isBelow = (pid: number | undefined): boolean =>
    pid !== undefined && pid > 1 && (pid === keeper || isBelow(parents.get(pid)));
  const shares = [...parents.keys()].filter((pid) => isBelow(pid)).map(shareOf);
  return shares.reduce((sum, share) => sum + share, 0) / 1024;
}

function parentOf(pid: string): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return 0;
  }
}

/** In KiB. */
function shareOf(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

function rowsOf(
  { hosts, allowed, ofMininet }: (typeof sizes)[number],
  { embedded, docker, mininet: peer }: Measured,
): Row[] {
  const onDocker = (times: number[]): Other[] =>
    times.length === 0 ? [] : [{ name: 'Docker', milliseconds: median(times), most: 1 }];
  const allowance = allowed === undefined ? [] : [{ name: 'allowance', milliseconds: allowed, most: 1 }];
  const beside =
    peer.length === 0 || ofMininet === undefined
      ? []
      : [{ name: 'mininet', milliseconds: median(peer), most: ofMininet }];
  return [
    {
      title: `embedded up, ${hosts} hosts`,
      labctl: median(embedded.up),
      others: [...allowance, ...onDocker(docker.up)],
    },
    {
      title: `embedded up + down, ${hosts} hosts`,
      labctl: median(embedded.both),
      others: [...beside, ...onDocker(docker.both)],
    },
  ];
}

/** `exec` beside an empty Node process with its allowance, in turns; and four recorders from nothing to ready. */
async function* onRunningLab(): AsyncGenerator<Row> {
  await run(process.execPath, labctl('embedded', 'up').slice(1), { cwd: packageRoot });
  try {
    const [exec, node]: number[][] = [[], []];
    for (let time = 0; time < 15; time++) {
      node?.push(await timed([process.execPath, '-e', '0']));
      exec?.push(await timed([process.execPath, cli, '--lab', labName, 'exec', 'client1', 'true']));
    }
    yield {
      title: 'embedded exec',
      labctl: median(exec ?? []),
      others: [
        { name: `node -e 0 and ${execAllowance} ms`, milliseconds: median(node ?? []) + execAllowance, most: 1 },
      ],
    };
    const { ready, execs } = await measureRecorders(openEmbedded(), labName, 9);
    yield {
      title: 'embedded recorders ready, 4 hosts',
      labctl: ready,
      others: [
        { name: 'allowance', milliseconds: recorderAllowance, most: 1 },
        { name: 'a tcpdump in an exec for each interface', milliseconds: execs, most: 1 },
      ],
    };
  } finally {
    await run(process.execPath, labctl('embedded', 'down').slice(1));
  }
}

export async function* benchEmbedded(): AsyncGenerator<Row> {
  if (!hasMininet())
    process.stderr.write('without mininet (as root: apt-get install mininet) nothing is held against it\n');
  const each = new Map<number, Measured>();
  for (const size of sizes) {
    const measured = await measure(size.hosts, size.times);
    each.set(size.hosts, measured);
    yield* rowsOf(size, measured);
  }
  const cost = (hosts: number): number => median(each.get(hosts)?.embedded.both ?? []);
  yield {
    title: 'embedded, one more host between 50 and 200',
    labctl: (cost(200) - cost(50)) / 150,
    others: [{ name: 'one more between 4 and 50', milliseconds: (cost(50) - cost(4)) / 46, most: bend }],
  };
  yield {
    title: 'embedded, an idle host among 50',
    unit: 'MB',
    labctl: each.get(50)?.megabytes ?? Number.NaN,
    others: [{ name: 'allowance', milliseconds: megabytesPerHost, most: 1 }],
  };
  yield* onRunningLab();
}
