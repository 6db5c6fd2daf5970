// Where everything lies in a run folder, and how run folders are named; writer and reader both ask here.

import type { Micros } from '../model/time.ts';

/** Ending of a run folder that is still being written, or whose labctl was killed. */
export const partSuffix = '.part';

/** Any text as one harmless file name. */
export const safeName = (text: string): string => text.replace(/[^A-Za-z0-9._-]/g, '_').replace(/^\.+/, '_') || '_';

export const files = {
  record: 'run.json',
  events: 'events.jsonl',
  /** The scenario as it was understood: reading it back needs no YAML and no Compose file. */
  scenario: 'scenario.json',
  scenarioText: 'scenario.yml',
  composeText: 'docker-compose.yml',
  capture: (host: string) => `${safeName(host)}.pcapng`,
  /** One interface's packets while they come in; merged into the host's pcapng at the end. */
  rawCapture: (host: string, networkInterface: string) => `raw/${safeName(host)}/${safeName(networkInterface)}.pcap`,
  calls: (program: string) => `calls/${safeName(program)}.strace`,
  /** Kernel counters as they rose between looks. */
  counters: (host: string) => `counters/${safeName(host)}.txt`,
  /** TCP connections as they were measured, again and again. */
  samples: (host: string) => `samples/${safeName(host)}.txt`,
  lines: (program: string) => `calls/${safeName(program)}.lines.json`,
  source: (name: string) => `sources/${safeName(name)}`,
  look: (number: number, name: string, host: string, tool: LookTool) =>
    `looks/${String(number).padStart(2, '0')}-${safeName(name)}-${safeName(host)}.${tool}`,
  output: (program: string, stream: 'stdout' | 'stderr') => `output/${safeName(program)}.${stream}`,
} as const;

export const lookTools = ['ss', 'ps', 'nstat'] as const;
export type LookTool = (typeof lookTools)[number];

/** `20260131T120000-first-client`, local time, so that names sort by time and read like a clock. */
export function runName(started: Micros, scenario: string): string {
  const date = new Date(started / 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}${two(date.getMonth() + 1)}${two(date.getDate())}`;
  const time = `${two(date.getHours())}${two(date.getMinutes())}${two(date.getSeconds())}`;
  return `${day}T${time}-${safeName(scenario)}`;
}

/** Time and scenario of a run folder's name, or undefined when it is none. */
export function parseRunName(folder: string): { name: string; scenario: string; finished: boolean } | undefined {
  const match = /^(\d{8}T\d{6}-(.+?)(?:~\d+)?)(\.part)?$/.exec(folder);
  return match ? { name: match[1] ?? '', scenario: match[2] ?? '', finished: match[3] === undefined } : undefined;
}
