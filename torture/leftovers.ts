// What a lab may leave on this machine, looked for with the tools of the system and of Docker, never with labctl's own.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
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

/** Keepers, sandboxes and what runs in them are told the lab's folder. */
const ofEmbedded = (lab: string): string[] => {
  const folder = join('/run/labctl', lab);
  return [
    ...linesOf('pgrep', '-a', '-f', `/labctl/${lab}`).map((line) => `process ${line}`),
    ...(existsSync(folder) ? [`folder ${folder}`] : []),
  ];
};

/** Containers, networks, rules, processes and folders of labs whose names begin so, each in words; for root. */
export const leftovers = (engine: string, lab: string): string[] =>
  engine === 'docker' ? ofDocker(lab) : ofEmbedded(lab);

/** Programs of a recording that still run, of whatever lab is named so in a command line or a sandbox of it. */
export function recorders(processes: string): string[] {
  return processes.split('\n').filter((name) => /^(tcpdump|strace)$/.test(name.trim()));
}
