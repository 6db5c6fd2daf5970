// Makes the engine's objects equal to the lab: removes what differs, then networks, then hosts, each side by side.

import type { Lab } from '../../model/lab.ts';
import { LabError } from '../../model/lab-error.ts';
import type { UpResult, Work } from '../engine.ts';
import type { Api } from './api.ts';
import { wantedHosts, wantedNetworks } from './config.ts';
import { type Difference, difference, isNothing } from './difference.ts';
import { removeHosts, removeNetworks } from './down.ts';
import { isRefusal } from './errors.ts';
import { createHost, resumeHost, startHost } from './hosts.ts';
import { findImages } from './image-store.ts';
import type { Owner } from './labels.ts';
import { createNetworks, openNetworks, silenceMachine } from './networks.ts';
import { checkOwnership } from './ownership.ts';
import { inParallel } from './parallel.ts';
import { forPodman, leaveBridges } from './podman.ts';
import { hostNameOf, isHost, labState, listContainers, listNetworks, readState, runningLab } from './state.ts';
import type { NetworkSummary } from './wire.ts';

/**
 * Four keep two cores busy. Twelve were quicker beside other work (0.84 of the time for 50 hosts), but Engine 20.10 then
 * lost count of a network's endpoints, and such a network cannot be removed until the engine is restarted.
 */
const creations = 4;

/**
 * See Engine.up. A name that was taken meanwhile may have been taken by another labctl at work on this lab: then a
 * second look finds the object to be the lab's own.
 */
export async function up(api: Api, lab: Lab, owner: Owner, work: Work): Promise<UpResult> {
  try {
    return await converge(api, lab, owner, work);
  } catch (error) {
    if (!(error instanceof Error && isRefusal(error.cause, 409))) throw error;
    return { ...(await converge(api, lab, owner, work)), changed: true };
  }
}

/** An unchanged lab costs the first three calls, made together. */
async function converge(api: Api, lab: Lab, owner: Owner, work: Work): Promise<UpResult> {
  const { signal } = work;
  const [containers, networks, images] = await Promise.all([
    listContainers(api, lab.name, signal),
    listNetworks(api, signal),
    findImages(api, new Set(lab.hosts.map(({ image }) => image)), signal),
  ]);
  const state = labState(lab.name, containers, networks);
  checkOwnership(lab, state);
  const ids = new Map([...images].map(([name, { Id }]) => [name, Id]));
  // On Podman a host knows the others' names from its beginning on.
  const others = api.podman ? lab.hosts.map(({ name, attachments }) => ({ name, attachments })) : [];
  const todo = difference(state, wantedHosts(lab, owner, ids, others), wantedNetworks(lab));
  const open = openNetworks(state.networks);
  if (open.length > 0) await silenceMachine(api, imageOf(lab), open);
  if (isNothing(todo)) return { changed: false, lab: runningLab(state) };
  const all = await carryOut(api, lab, todo, networks, owner, work);
  if (!all) return { ...(await converge(api, lab, owner, work)), changed: true };
  const now = await readState(api, lab.name, signal);
  if (api.podman) await leaveBridges(api, imageOf(lab), now.networks);
  return { changed: true, lab: runningLab(now) };
}

const imageOf = ({ hosts }: Lab): string => hosts[0]?.image ?? '';

/** False where a host has to be made anew after all. */
async function carryOut(
  api: Api,
  lab: Lab,
  todo: Difference,
  existing: readonly NetworkSummary[],
  owner: Owner,
  work: Work,
): Promise<boolean> {
  const running = todo.removeContainers.filter((one) => isHost(one) && one.State === 'running').map(hostNameOf);
  if (running.length > 0) await work.mayRemove?.(running);
  await removeHosts(api, todo.removeContainers, work);
  const gone = await removeNetworks(api, todo.removeNetworks, work);
  if (gone.includes(false)) {
    throw new LabError('engine', 'the lab’s networks have changed, and the engine cannot let go of an old one', {
      hint: 'restart the Docker Engine, then `labctl up`; or `labctl --lab ANOTHER up`',
    });
  }
  await createNetworks(api, imageOf(lab), todo.createNetworks, existing, owner, work);
  const made = api.podman ? await listNetworks(api) : [];
  const hosts = todo.createHosts.map((wanted) => (api.podman ? forPodman(wanted, lab, made) : wanted));
  const tasks = [
    ...todo.startHosts.map((container) => () => startHost(api, container, work)),
    ...todo.resumeHosts.map((container) => () => resumeHost(api, container, work).then(() => true)),
    ...hosts.map((wanted) => () => createHost(api, wanted, work).then(() => true)),
  ];
  const done = await inParallel(creations, tasks, (task) => task(), work.signal);
  return !done.includes(false);
}
