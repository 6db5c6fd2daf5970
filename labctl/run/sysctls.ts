// Kernel settings that a scenario asks for: its hosts are made anew with them, and as they were when the run is over.

import type { Engine } from '../engine/engine.ts';
import { owner } from '../engine/identity.ts';
import type { Lab } from '../model/lab.ts';
import { LabError } from '../model/lab-error.ts';
import type { Scenario } from '../model/scenario.ts';
import { checkAllFree, checkFree, holderText } from './held.ts';
import { holdTuning } from './tuning-lock.ts';

/** What was asked for and is known here, by host. */
export type Settings = Record<string, Record<string, string>>;

export interface Tuning {
  settings: Settings;
  /** Hosts as the lab's file has them. */
  restore(): Promise<void>;
}

/** Makes the hosts anew whose settings the scenario names. Throws LabError for a setting that this kernel does not have. */
export async function tuneHosts(engine: Engine, lab: Lab, scenario: Scenario): Promise<Tuning> {
  if (Object.keys(scenario.sysctls ?? {}).length === 0) return { settings: {}, restore: async () => undefined };
  const release = await holdTuning(engine.name, lab.name, holderText(scenario.name));
  try {
    const settings = await knownSettings(engine, lab, scenario);
    const work = { mayRemove: (hosts: readonly string[]) => checkAllFree(engine, lab.name, hosts) };
    await engine.up(withSettings(lab, settings), work);
    return { settings, restore: () => restored(engine.up(lab, work)).finally(release) };
  } catch (error) {
    release();
    throw error;
  }
}

/** Hosts that another run is at work on are left to it. */
async function restored(up: Promise<unknown>): Promise<void> {
  await up.catch((error: unknown) => {
    if (!(error instanceof LabError && error.kind === 'usage')) throw error;
  });
}

const pathOf = (key: string): string => `/proc/sys/${key.replaceAll('.', '/')}`;

async function knownSettings(engine: Engine, lab: Lab, { sysctls = {}, file }: Scenario): Promise<Settings> {
  const hosts = Object.entries(sysctls).map(async ([name, wanted]): Promise<[string, Record<string, string>]> => {
    const host = await engine.host(lab.name, name);
    await checkFree(host);
    const paths = Object.keys(wanted).map(pathOf);
    const script = 'for path; do [ -e "$path" ] && echo "$path"; done; true';
    const { stdout, stderr, exitCode } = await host.exec(['sh', '-c', script, 'sh', ...paths]);
    if (exitCode !== 0)
      throw new LabError('engine', `its kernel settings cannot be read: ${stderr.trim()}`, { where: `host ${name}` });
    const there = new Set(stdout.split('\n'));
    const missing = Object.keys(wanted).find((key) => !there.has(pathOf(key)) && !wanted[key]?.['where-known']);
    if (missing !== undefined)
      throw new LabError('engine', `this kernel has no setting ${missing}`, {
        where: file,
        hint: `where it may be left out, write: ${missing}: { value: …, where-known: true }`,
      });
    const known = Object.entries(wanted).filter(([key]) => there.has(pathOf(key)));
    return [name, Object.fromEntries(known.map(([key, { value }]) => [key, value]))];
  });
  return Object.fromEntries((await Promise.all(hosts)).filter(([, known]) => Object.keys(known).length > 0));
}

const withSettings = (lab: Lab, settings: Settings): Lab => ({
  ...lab,
  hosts: lab.hosts.map((host) => {
    const own = settings[host.name];
    return own ? { ...host, sysctls: { ...host.sysctls, ...own }, tunedBy: owner() } : host;
  }),
});
