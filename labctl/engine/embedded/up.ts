// Makes a lab what its file says: finds what differs from what its keeper holds, and has the keeper change just that.

import { existsSync, realpathSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { HostSpec, Lab } from '../../model/lab.ts';
import { LabError } from '../../model/lab-error.ts';
import type { UpResult, Work } from '../engine.ts';
import { ask, labFolder } from './ask.ts';
import {
  awayLines,
  bridgeLines,
  type Change,
  cableLines,
  hostScript,
  networksToAdd,
  networksToRemove,
  undoLines,
} from './cables.ts';
import { type Description, type KeeperState, limitsOf, runningLab } from './description.ts';
import { hostState } from './host-state.ts';
import { giveTo, type Image, imagesOf, writeEtc } from './images.ts';
import { endKeeper, keeperHash, startKeeper } from './keeper.ts';
import { logPath, type Places } from './places.ts';
import { commandOf, hostOptions } from './sandbox.ts';
import { hostsFile, placeLab } from './topology.ts';

/** See Engine.up. */
export async function up(places: Places, lab: Lab, work: Work): Promise<UpResult> {
  const folder = labFolder(places, lab.name);
  const [images, keeper] = await Promise.all([imagesOf(lab, places), keeperHash()]);
  let found = await ask<KeeperState>(folder, { do: 'state' });
  if (found?.description) {
    checkOwnership(lab, found.description);
    if (found.description.keeper !== keeper) {
      await work.mayRemove?.(found.running);
      await endOther(places, found.description, work);
      found = undefined;
    }
  }
  const { change, description } = plan(lab, images, found, keeper);
  const left = whatStays(change, found?.description);
  if (found?.description && isNothing(change, found.description, description))
    return { changed: false, lab: runningLab({ ...found, description: found.description }) };
  const leaving = change.removeHosts.filter((host) => found?.running.includes(host));
  if (leaving.length > 0) await work.mayRemove?.(leaving);
  work.signal?.throwIfAborted();
  const started = found === undefined && (await startKeeper(places, lab.name));
  const version = found?.version ?? 0;
  const answer = await apply(places, lab, { images, change, description, left, version }).catch(
    async (error: unknown) => {
      if (started) await endKeeper(places, lab.name);
      throw error;
    },
  );
  if ('outdated' in answer) return { ...(await up(places, lab, work)), changed: true };
  tell(change, work);
  work.signal?.throwIfAborted();
  return { changed: true, lab: runningLab({ ...answer, description }) };
}

/** Brings up a new lab of hosts without images, on a keeper of its own. */
export async function startAlone(places: Places, lab: Lab): Promise<void> {
  const images = new Map();
  await startKeeper(places, lab.name);
  await apply(places, lab, { images, ...plan(lab, images, undefined, ''), left: null, version: 0 });
}

/** Ends a lab that another labctl made, before an upgrade or in another checkout: it is made anew as a whole. */
async function endOther(places: Places, { name, hosts, networks }: Description, { on }: Work): Promise<void> {
  await endKeeper(places, name);
  for (const host of hosts) on?.({ kind: 'host-removed', host: host.name });
  for (const network of networks) on?.({ kind: 'network-removed', network: network.name });
}

const real = (path: string): string => (existsSync(path) ? realpathSync(path) : path);

/** Throws LabError when a lab of another folder, that still exists, has this name. */
function checkOwnership(lab: Lab, { file }: Description): void {
  const [here, there] = [dirname(lab.file), dirname(file)].map(real);
  if (here === there || !existsSync(there ?? '')) return;
  throw new LabError('engine', `the name "${lab.name}" is held by the lab of ${there}`, {
    where: lab.file,
    hint: `choose another name with --lab NAME, or end the other first: \`labctl down --lab ${lab.name}\``,
  });
}

interface Plan {
  change: Change;
  description: Description;
}

function plan(lab: Lab, images: ReadonlyMap<string, Image>, found: KeeperState | undefined, keeper: string): Plan {
  const before = found?.description ?? { networks: [], hosts: [] };
  const after = placeLab(lab, before);
  const hosts = lab.hosts.map((spec) => {
    const place = after.hosts.find(({ name }) => name === spec.name) ?? { name: spec.name, links: [] };
    return hostState(spec, place, images.get(spec.image)?.hash ?? '');
  });
  const stays = (name: string): boolean =>
    found?.running.includes(name) === true &&
    before.hosts.some((old) => old.name === name && hosts.some((host) => host.name === name && isSame(host, old)));
  const change: Change = {
    removeHosts: before.hosts.map(({ name }) => name).filter((name) => !stays(name)),
    addHosts: hosts.map(({ name }) => name).filter((name) => !stays(name)),
    before,
    after,
  };
  return { change, description: { name: lab.name, file: lab.file, keeper, networks: after.networks, hosts } };
}

const isSame = (a: object, b: object): boolean => 'hash' in a && 'hash' in b && a.hash === b.hash;

const isNothing = (change: Change, old: Description, fresh: Description): boolean =>
  change.removeHosts.length + change.addHosts.length === 0 &&
  networksToAdd(change).length + networksToRemove(change).length === 0 &&
  old.file === fresh.file;

/** What is true of the lab once all that goes is gone, and for ever when what comes cannot be made. */
const whatStays = (change: Change, old: Description | null | undefined): Description | null =>
  old
    ? {
        ...old,
        networks: old.networks.filter((network) => !networksToRemove(change).includes(network)),
        hosts: old.hosts.filter(({ name }) => !change.removeHosts.includes(name)),
      }
    : null;

interface Application extends Plan {
  images: ReadonlyMap<string, Image>;
  left: Description | null;
  version: number;
}

async function apply(
  places: Places,
  lab: Lab,
  { images, change, description, left, version }: Application,
): Promise<KeeperState | { outdated: true }> {
  const folder = labFolder(places, lab.name);
  await writeFiles(folder, lab, change);
  if (places.user) await giveTo(places.user, folder);
  const added = lab.hosts.filter(({ name }) => change.addHosts.includes(name));
  const answer = await ask<KeeperState | { outdated: true }>(folder, {
    do: 'apply',
    version,
    description,
    left,
    remove: change.removeHosts,
    away: awayLines(change),
    undo: undoLines(change),
    bridges: bridgeLines(change),
    wires: cableLines(change),
    hosts: Object.fromEntries(added.map((spec) => [spec.name, hostRequest(folder, spec, images, change)])),
  });
  if (answer) return answer;
  throw new LabError('engine', `the keeper of the lab "${lab.name}" ended`, { hint: '`labctl up`' });
}

/** Written in place, because hosts that run have the file itself. */
async function writeFiles(folder: string, lab: Lab, { after }: Change): Promise<void> {
  await writeEtc(join(folder, 'etc'));
  await Promise.all(lab.hosts.map((spec) => writeFile(hostsPath(folder, spec.name), hostsFile(lab, after, spec))));
}

const hostsPath = (folder: string, host: string): string => join(folder, 'etc', `hosts.${host}`);

function hostRequest(folder: string, spec: HostSpec, images: ReadonlyMap<string, Image>, { after }: Change) {
  const image = images.get(spec.image);
  const place = after.hosts.find(({ name }) => name === spec.name) ?? { name: spec.name, links: [] };
  const files = { etc: join(folder, 'etc'), hosts: hostsPath(folder, spec.name), local: image?.local ?? '/usr/local' };
  return {
    options: hostOptions(spec, files),
    command: commandOf(spec, image?.dockerfile ?? ''),
    setup: hostScript(place, spec.sysctls),
    limits: limitsOf(spec),
    log: logPath(folder, spec.name),
  };
}

function tell(change: Change, { on }: Work): void {
  for (const host of change.removeHosts) on?.({ kind: 'host-removed', host });
  for (const { name } of networksToRemove(change)) on?.({ kind: 'network-removed', network: name });
  for (const { name, subnet } of networksToAdd(change)) on?.({ kind: 'network-created', network: name, subnet });
  for (const host of change.addHosts) on?.({ kind: 'host-created', host });
  for (const host of change.addHosts) on?.({ kind: 'host-started', host });
}
