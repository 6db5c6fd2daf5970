// What a lab may leave on this machine, looked for with the tools of the system and of Docker, never with labctl's own.

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

function linesOf(program: string, ...argv: string[]): string[] {
  const { stdout, status, error } = spawnSync(program, argv, { encoding: 'utf8' });
  if (error || (status !== 0 && program !== 'pgrep')) throw new Error(`${program} ${argv.join(' ')} cannot be asked`);
  return stdout.split('\n').filter(Boolean);
}

const ofDocker = (lab: string): string[] => [
  ...linesOf('docker', 'ps', '--all', '--filter', `name=${lab}`, '--format', 'container {{.Names}}'),
  ...linesOf('docker', 'ps', '--all', '--filter', `label=labctl.wire=${lab}`, '--format', 'rule helper {{.Names}}'),
  ...linesOf('docker', 'network', 'ls', '--filter', `name=${lab}`, '--format', 'network {{.Name}}'),
  ...linesOf('docker', 'volume', 'ls', '--filter', `name=${lab}`, '--format', 'volume {{.Name}}'),
  ...linesOf('nft', 'list', 'tables', 'bridge').filter((line) => line.includes(lab)),
];

const runtime = '/run/labctl';
const groups = ['pids', 'memory', 'cpu'].map((controller) => `/sys/fs/cgroup/${controller}/labctl`);
const namesIn = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : []);

/** Keepers, sandboxes and what runs in them are told the lab's folder. */
const ofEmbedded = (lab: string): string[] => [
  ...linesOf('pgrep', '-a', '-f', `${runtime}/${lab}`).map((line) => `process ${line}`),
  ...[runtime, ...groups].flatMap((folder) =>
    namesIn(folder)
      .filter((name) => name.startsWith(lab))
      .map((name) => `folder ${join(folder, name)}`),
  ),
];

/** Containers, networks, rules, processes and folders of labs whose names begin so, each in words; for root. */
export const leftovers = (engine: string, lab: string): string[] =>
  engine === 'docker' ? ofDocker(lab) : ofEmbedded(lab);

const isOlderThan =
  (began: number) =>
  (path: string): boolean =>
    statSync(path).ctimeMs > began && Date.now() - statSync(path).ctimeMs > 60_000;

/** What has no lab's name any more, has come since (ms since the epoch), and is older than a minute. */
export function leftoversOfAll(engine: string, since: number): string[] {
  if (engine === 'embedded')
    return namesIn(runtime)
      .filter((name) => name.startsWith('.gone-'))
      .map((name) => join(runtime, name))
      .filter(isOlderThan(since))
      .map((path) => `folder ${path}`);
  const minutes = Math.ceil((Date.now() - since) / 60_000);
  const format = '{{.CreatedAt}}\t{{.ID}}';
  return linesOf('docker', 'images', '--filter', 'dangling=true', '--filter', 'label=labctl.image', '--format', format)
    .map((line) => line.split('\t'))
    .filter(([created = '']) => {
      const age = (Date.now() - Date.parse(created.replace(/ \w+$/, ''))) / 60_000;
      return age > 1 && age < minutes;
    })
    .map(([created, id]) => `nameless image ${id} of ${created}`);
}

/** Programs of a recording that still run, of whatever lab is named so in a command line or a sandbox of it. */
export function recorders(processes: string): string[] {
  return processes.split('\n').filter((name) => /^(tcpdump|strace)$/.test(name.trim()));
}
