// The embedded engine: labs of bubblewrap sandboxes on bridges of their own; puts the parts of this folder behind Engine.

import { existsSync, readdirSync } from 'node:fs';
import { release } from 'node:os';
import { LabError } from '../../model/lab-error.ts';
import { didYouMean } from '../../plan/suggest.ts';
import { packageVersion } from '../../root.ts';
import type { Engine, Holds, Host, HostInterface, Wire, Work } from '../engine.ts';
import { ask, labFolder } from './ask.ts';
import { type HostState, holdsOf, type KeeperState } from './description.ts';
import { findLab, labsIn, silentLab } from './find.ts';
import { stoppedKeeper } from './keeper-identity.ts';
import { logPath, onFiles, type Places, placesFor } from './places.ts';
import { execProgram, logOf, type Place, spawnProgram } from './program.ts';
import { requireTools } from './tools.ts';

/** Throws LabError `engine` where this machine lacks what the engine is made of. */
export function openEmbedded(env: NodeJS.ProcessEnv = process.env): Engine {
  requireTools();
  return embeddedEngine(placesFor(env, process.getuid?.() ?? 0));
}

/** The names of the labs here, without opening anything: some may be remains of a machine that was switched off. */
export function embeddedLabs(env: NodeJS.ProcessEnv): string[] {
  const { runtime } = placesFor(env, process.getuid?.() ?? 0);
  return existsSync(runtime) ? readdirSync(runtime).filter((name) => existsSync(`${runtime}/${name}/lock`)) : [];
}

function embeddedEngine(places: Places): Engine {
  const carried = () =>
    Promise.reject(
      new LabError('usage', 'the embedded engine has no images to carry', {
        hint: '`labctl --engine docker images …`',
      }),
    );
  return {
    name: 'embedded',
    version: async () => ({ name: 'embedded', version: packageVersion, api: '1', kernel: release() }),
    build: async (lab, work = {}) => onFiles((await import('./images.ts')).buildImages(lab, places, work)),
    up: async (lab, work = {}) => {
      const result = await onFiles((await import('./up.ts')).up(places, lab, work));
      await sweep(places);
      return result;
    },
    down: async (labName, work = {}) => {
      const result = await onFiles(down(places, labName, work));
      await sweep(places);
      return result;
    },
    list: () => labsIn(places),
    find: (labName) => findLab(places, labName),
    limits: (labName) => limitsIn(places, labName),
    host: (labName, hostName) => openHost(places, labName, hostName),
    wire: (labName, hosts) => wireOf(places, labName, hosts),
    saveImages: carried,
    loadImages: carried,
  };
}

/** A folder without a keeper is what a dead one left: it is removed too, but it is no lab. */
async function down(places: Places, lab: string, { on }: Work): Promise<{ removed: number }> {
  const found = stoppedKeeper(labFolder(places, lab)) ? silentLab(places, lab) : await findLab(places, lab);
  await (await import('./keeper.ts')).endKeeper(places, lab);
  for (const { name } of found?.hosts ?? []) on?.({ kind: 'host-removed', host: name });
  for (const { name } of found?.networks ?? []) on?.({ kind: 'network-removed', network: name });
  return { removed: found ? found.hosts.length + found.networks.length : 0 };
}

/** What others left is no concern of whoever asks for this lab: it is tried again by the next one. */
async function sweep(places: Places): Promise<void> {
  await (await import('./remains.ts')).sweepRemains(places).catch(() => undefined);
}

/** A keeper that somebody stopped cannot say; then the least that holds everywhere. */
async function limitsIn(places: Places, lab: string): Promise<Holds> {
  const folder = labFolder(places, lab);
  const state = stoppedKeeper(folder) ? undefined : await ask<KeeperState>(folder, { do: 'state' });
  return holdsOf(state?.controllers ?? []);
}

async function wireOf(places: Places, lab: string, hosts: readonly string[]): Promise<Wire> {
  const { description } = (await ask<KeeperState>(labFolder(places, lab), { do: 'state' })) ?? {};
  if (!description) throw notUp(lab);
  return (await import('./wire.ts')).openWire(labFolder(places, lab), description, hosts);
}

const notUp = (lab: string): LabError => new LabError('engine', `the lab "${lab}" is not up`, { hint: '`labctl up`' });

async function openHost(places: Places, lab: string, name: string): Promise<Host> {
  const folder = labFolder(places, lab);
  const state = await ask<KeeperState>(folder, { do: 'state', host: name });
  const host = state?.description?.hosts[0];
  if (host && state?.running.includes(name)) return embeddedHost({ folder, host });
  const where = `host ${name}`;
  if (host) throw new LabError('engine', 'it does not run (exited)', { where, hint: '`labctl up`' });
  const names = (await findLab(places, lab))?.hosts.map((one) => one.name) ?? [];
  if (names.length === 0) throw new LabError('engine', `the lab "${lab}" is not up`, { hint: '`labctl up`' });
  throw new LabError('usage', `the lab "${lab}" has no host "${name}"${didYouMean(name, names)}`, {
    hint: `its hosts are ${names.sort().join(', ')}`,
  });
}

function embeddedHost(place: Place): Host {
  const { host, folder } = place;
  return {
    name: host.name,
    ...(host.tunedBy === undefined ? {} : { tunedBy: host.tunedBy }),
    exec: (argv, options) => execProgram(place, argv, options),
    spawn: (argv, options) => spawnProgram(place, argv, options),
    interfaces: async () => interfacesOf(host),
    logs: (options) => logOf(place, logPath(folder, host.name), options),
  };
}

const interfacesOf = ({ links }: HostState): HostInterface[] =>
  links.map(({ name, network, address, mac, prefixLength, address6 }) => ({
    ...{ name, network, address, mac, prefixLength },
    ...(address6 === undefined ? {} : { address6 }),
  }));
