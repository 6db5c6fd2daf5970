// The wire of a Docker lab: a container with the machine's network and no other right than to change it, as long as a
// run has rules. It stays until its rules are known to be gone, so the next labctl finds what was left.

import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { tableName } from '../../plan/names.ts';
import { awaitReady, drain, lifeScript, wireHeld, wireStays } from '../wire-life.ts';
import type { Api } from './api.ts';
import { demultiplex } from './demultiplex.ts';
import { isRefusal } from './errors.ts';
import { baseImage } from './image-store.ts';
import { containerName, label } from './labels.ts';
import { onMachine } from './machine.ts';
import { execProgram, type Place } from './program.ts';
import type { ContainerSummary } from './wire.ts';

/** A running helper: its container, and the connection whose end is its end. */
export interface WireHelper extends Place {
  lab: string;
  socket: Socket;
  /** Settles when the helper has ended. */
  ended: Promise<void>;
}

const config = (lab: string, image: string) => ({
  Image: image,
  Entrypoint: ['sh', '-c', lifeScript(tableName(lab))],
  Cmd: [],
  Labels: { [label.wire]: lab },
  AttachStdin: true,
  OpenStdin: true,
  // The end of our connection is the end of its input, however that came about.
  StdinOnce: true,
  HostConfig: onMachine,
});

/** No host can be called so: names of hosts have no underscore. */
const nameOf = (lab: string): string => containerName(lab, '_wire');

/** Its name is the lock: one run holds the wire of a lab. Throws LabError `usage` when another one does. */
export async function startHelper(api: Api, lab: string, image: string = baseImage): Promise<WireHelper> {
  const container = await create(api, lab, image);
  try {
    const query = { stream: '1', stdin: '1', stdout: '1', stderr: '1' };
    const socket = await api.takeOver(`/containers/${container}/attach`, { query });
    socket.on('error', () => undefined);
    const output = demultiplex(socket)[Symbol.asyncIterator]();
    await api.call('POST', `/containers/${container}/start`);
    await awaitReady(output);
    return { lab, container, host: 'the wire', socket, ended: drain(output) };
  } catch (error) {
    await remove(api, container);
    throw error;
  }
}

/** How often and how long (ms) to wait for the engine to take note that a helper whose labctl is gone has ended. */
const endings = { attempts: 15, pause: 100 };

async function create(api: Api, lab: string, image: string): Promise<string> {
  const order = { query: { name: nameOf(lab) }, body: config(lab, image) };
  for (let attempt = 1; ; attempt++) {
    try {
      return (await api.call<{ Id: string }>('POST', '/containers/create', order)).Id;
    } catch (error) {
      if (!isRefusal(error, 409)) throw error;
      if (attempt === endings.attempts) throw wireHeld(lab);
    }
    await delay(endings.pause);
    await sweepDead(api, lab);
  }
}

const remove = (api: Api, container: string): Promise<void> =>
  api.call('DELETE', `/containers/${container}`, { query: { force: '1', v: '1' } }).then(
    () => undefined,
    (error: unknown) => {
      if (!isRefusal(error, 404) && !isRefusal(error, 409)) throw error;
    },
  );

/** Ends its input, waits until it has cleaned up, and removes it. */
export async function endHelper(api: Api, { lab, container, socket, ended }: WireHelper): Promise<void> {
  socket.end();
  await ended;
  const { StatusCode } = await api
    .call<{ StatusCode: number }>('POST', `/containers/${container}/wait`)
    .catch((error: unknown) => {
      if (isRefusal(error, 404)) return { StatusCode: 0 };
      throw error;
    });
  if (StatusCode !== 0) throw wireStays(tableName(lab));
  await remove(api, container);
}

const listHelpers = (api: Api, lab: string) =>
  api.call<ContainerSummary[]>('GET', '/containers/json', {
    query: { all: '1', filters: JSON.stringify({ label: [`${label.wire}=${lab}`] }) },
  });

/** One that was only just made is about to be started by whoever made it. */
const youth = 10;
const isYoung = ({ State, Created = 0 }: ContainerSummary): boolean =>
  State === 'created' && Date.now() / 1000 - Created < youth;
/** Its last act was to see that the table is gone. */
const isClean = ({ State, Status = '' }: ContainerSummary): boolean =>
  State === 'created' || Status.startsWith('Exited (0)');

/** Removes helpers of runs whose labctl was killed, and what they did not come to take away themselves. */
export async function sweepDead(api: Api, lab: string): Promise<void> {
  const dead = (await listHelpers(api, lab)).filter((one) => one.State !== 'running' && !isYoung(one));
  for (const { Id } of dead) await remove(api, Id);
  for (const { Image } of dead.filter((one) => !isClean(one)).slice(0, 1))
    await endHelper(api, await startHelper(api, lab, Image));
}

/** The same, of live runs too: for the end of the lab. */
export async function sweepAll(api: Api, lab: string): Promise<void> {
  for (const { Id, State } of await listHelpers(api, lab)) {
    if (State !== 'running') continue;
    const clean = ['nft', 'delete', 'table', 'bridge', tableName(lab)];
    await execProgram(api, { container: Id, host: 'the wire' }, clean, { user: '0' }).catch(() => undefined);
    await remove(api, Id);
  }
  await sweepDead(api, lab);
}
