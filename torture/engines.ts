// The ways to an engine that speaks Docker's API, as many as can be tried on this machine, each with a whole lab: up, three
// lessons (one loses packets on the wire, one has IPv6), a live capture, down. Prints a table in Markdown.
//
//     npm run torture -- engines [--user NAME] [--debian SUITE …] [--only PART-OF-A-WAY’S-NAME] [unix:///path/of/a.sock …]
//
// With the name of an ordinary user (who has subordinate ids) rootless engines are tried, too. For all of them Debian has:
// docker.io podman rootlesskit slirp4netns uidmap openssh-server tshark. `--debian trixie` adds the engines of that suite,
// from a root that mmdebstrap makes for it; a path instead of a name is such a root.

import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { packageRoot } from '../labctl/root.ts';
import { certificates, context, sshWay, type Way } from './engine-ways.ts';
import { greedy, held, limited } from './limits.ts';
import { dockerd, type OwnEngine, type Place, placeIn, podman, rootlessDocker, rootlessPodman } from './own-engines.ts';
import { say } from './say.ts';

const cli = join(packageRoot, 'dist/cli.cjs');
const patience = 900_000;
const lab = `matrix-${process.pid}`;

interface Told {
  ok: boolean;
  /** The exit code and the complaint. */
  why: string;
  /** What to say where it is ok. */
  what?: string;
}

interface Printed extends Told {
  stdout: string;
}

/** Progress and hints are no complaint; an unmet expectation is told on standard output, and its exit code says so. */
function complaint(code: unknown, stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '' && !/^ *[·✓»«▸→]/.test(line));
  return `exit code ${String(code)}: ${lines.map((line) => line.trim()).join(' ')}`.trim();
}

const environmentOf = (way: Way, folder: string) => ({
  ...process.env,
  XDG_STATE_HOME: folder,
  LANG: 'C.UTF-8',
  NO_COLOR: '1',
  // A hint stays on its line.
  COLUMNS: '500',
  ...way.env,
});

function labctl(way: Way, folder: string, argv: string[]): Promise<Printed> {
  const [program, ...words] = [...(way.inside ?? []), process.execPath, cli, '--engine', 'docker', '--lab', lab];
  const options = { env: environmentOf(way, folder), maxBuffer: 1 << 26, timeout: patience };
  return new Promise((resolve) => {
    execFile(program, [...words, ...argv], options, (error, stdout, stderr) =>
      resolve({ ok: !error, why: error ? complaint(error.code, stderr) : '', stdout }),
    );
  });
}

/** Captures until one packet of a lesson came by; what cannot be captured ends by itself. */
async function captured(way: Way, folder: string): Promise<Told> {
  const words = [...(way.inside ?? []), process.execPath, cli, '--engine', 'docker', '--lab', lab].join(' ');
  const command = `${words} capture server --filter 'tcp port 5000' | tshark -r - -c 1`;
  const options = { env: environmentOf(way, folder), timeout: 60_000 };
  const capturing = new Promise<Told>((resolve) => {
    execFile('bash', ['-c', command], options, (_error, stdout, stderr) => {
      const ok = stdout.includes('5000');
      resolve({ ok, why: ok ? '' : (stderr.trim().split('\n').at(-1) ?? '') });
    });
  });
  await labctl(way, folder, ['run', 'first-client']);
  return capturing;
}

/** Whether the limits of the Compose file hold, and what labctl says of them is so. */
async function limits(way: Way, folder: string): Promise<Told> {
  const { lab: up } = JSON.parse((await labctl(way, folder, ['up', '--json'])).stdout) as {
    lab: { limits: Record<string, string> };
  };
  const [ignored, wrong]: [string[], string[]] = [[], []];
  for (const limit of limited) {
    const argv = ['exec', 'server', '--', 'python3', '-c', greedy[limit]];
    const holds = held(limit, (await labctl(way, folder, argv)).stdout);
    if (!holds) ignored.push(limit);
    if (holds !== (up.limits[limit] === 'host')) wrong.push(limit);
  }
  const what = ignored.length === 0 ? 'ok' : 'ignored, and said so';
  return { ok: wrong.length === 0, what, why: `not as labctl says: ${wrong.join(', ')}` };
}

/** What an engine of its own has to begin with comes from the usual one. */
async function provided(way: Way, folder: string): Promise<Told> {
  if (way.images === undefined) return { ok: true, why: '' };
  const archive = join(folder, `${way.images}.tar`);
  if (way.images === 'debian') {
    execFileSync('docker', ['save', '--output', archive, 'labctl/debian:bookworm']);
    execFileSync('docker', ['load', '--input', archive], { env: environmentOf(way, folder), stdio: 'ignore' });
    return { ok: true, why: '' };
  }
  const saved = await labctl({ name: '', env: {} }, folder, ['images', 'save', archive]);
  return saved.ok ? labctl(way, folder, ['images', 'load', archive]) : saved;
}

/** Gives the cells of the table; without a lab nothing more is tried, but what is left of one always goes. */
async function tried(way: Way, folder: string): Promise<Told[]> {
  const steps: [title: string, run: () => Promise<Told>][] = [
    ['images', () => provided(way, folder)],
    ['up', () => labctl(way, folder, ['up'])],
    ['limits', () => limits(way, folder)],
    ['first-client', () => labctl(way, folder, ['run', 'first-client'])],
    ['lost-data', () => labctl(way, folder, ['run', 'lost-data'])],
    ['capture', () => captured(way, folder)],
    ['down', () => labctl(way, folder, ['down'])],
    ['dual-stack', () => labctl(way, folder, ['run', 'dual-stack'])],
    ['down again', () => labctl(way, folder, ['down'])],
  ];
  const cells: Told[] = [];
  for (const [title, run] of steps) {
    const told = await run();
    say(`${way.name}: ${title}: ${told.ok ? (told.what ?? 'ok') : told.why}`);
    cells.push(told);
    if (!told.ok && title === 'up') break;
  }
  if (cells.length < steps.length) await labctl(way, folder, ['down']);
  return cells;
}

interface Row {
  way: Way;
  /** As the doctor tells it: the engine's, and the API that was agreed on. */
  version: string;
  cells: Told[];
}

async function versionOf(way: Way, folder: string): Promise<string> {
  const { stdout } = await labctl(way, folder, ['doctor', '--json']);
  const { rows } = JSON.parse(stdout) as { rows: { what: string; detail: string }[] };
  return rows.find(({ what }) => what === 'Docker Engine')?.detail.replace(/, at .*/, '') ?? '';
}

const columns = ['images', 'up', 'limits', 'first-client', 'lost-data', 'capture', 'down', 'dual-stack', 'down'];

/** Every way that this machine has; further ones by their addresses. False when something failed on one of them. */
export async function engines(argv: string[]): Promise<boolean> {
  const options = {
    user: { type: 'string' },
    debian: { type: 'string', multiple: true, default: [] as string[] },
    only: { type: 'string', default: '' },
  } as const;
  const {
    values: { user, only, debian },
    positionals,
  } = parseArgs({ args: argv, options, allowPositionals: true });
  const folder = mkdtempSync(join(tmpdir(), 'labctl-matrix-'));
  certificates(folder);
  const config = join(folder, 'config');
  context(config, 'here', 'unix:///var/run/docker.sock');
  context(config, 'far', 'tcp://127.0.0.1:2376', folder);
  const ssh = sshWay(folder);
  const here: OwnEngine = {
    ways: [
      { name: 'the usual socket', env: {} },
      { name: 'a context, unix', env: { DOCKER_CONFIG: config, DOCKER_CONTEXT: 'here' } },
      ...(ssh ? [ssh.way] : []),
      ...positionals.map((DOCKER_HOST) => ({ name: DOCKER_HOST, env: { DOCKER_HOST } })),
    ],
    end: async () => ssh?.end(),
  };
  const startable = (place: Place): (() => Promise<OwnEngine | undefined>)[] => [
    () => dockerd(place),
    ...(user === undefined ? [] : [() => rootlessDocker(place, user)]),
    () => podman(place),
    ...(user === undefined ? [] : [() => rootlessPodman(place, user)]),
  ];
  const rows: Row[] = [];
  const tryAll = async (starts: readonly (() => Promise<OwnEngine | undefined>)[]) => {
    for (const start of starts) {
      const engine = await start();
      const ways = engine?.ways.filter(({ name }) => name.includes(only)) ?? [];
      for (const way of ways)
        rows.push({ way, version: await versionOf(way, folder), cells: await tried(way, folder) });
      await engine?.end();
    }
  };
  try {
    await tryAll([async () => here, ...startable(placeIn(folder))]);
    for (const suite of debian) await tryAll(startable(placeIn(folder, suite)));
    say(tableOf(rows));
  } finally {
    // Podman's attendants of programs (conmon) live on for minutes and write there once more.
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
  return rows.length > 0 && rows.every(({ cells }) => cells.length === columns.length && cells.every(({ ok }) => ok));
}

function tableOf(rows: readonly Row[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const titles = ['way', 'engine', ...columns];
  const table = rows.map(({ way, version, cells }) =>
    line([way.name, version, ...columns.map((_, at) => cellText(cells[at]))]),
  );
  return ['', line(titles), line(titles.map(() => '---')), ...table].join('\n');
}

const cellText = (told: Told | undefined): string => (told?.ok ? (told.what ?? 'ok') : (told?.why ?? 'not tried'));
