// Makes, starts and removes the containers that are a lab's hosts.

import { LabError } from '../../model/lab-error.ts';
import type { Work } from '../engine.ts';
import type { Api } from './api.ts';
import type { WantedHost } from './config.ts';
import { at, isRefusal, Refusal } from './errors.ts';
import { hostNameOf } from './state.ts';
import type { ContainerSummary } from './wire.ts';

// A signal stops work between calls, never within one: the engine would go on with a call whose asker has left, and
// what it makes then would be missed by the `down` that follows.

/**
 * Creates and starts a host. Its interfaces count as its networks stand in the file: whatever is connected before the
 * start the engine numbers in any order, so all but the first are connected afterwards, one by one.
 */
export async function createHost(api: Api, wanted: WantedHost, { on, signal }: Work): Promise<void> {
  const host = wanted.spec.name;
  try {
    const { Id } = await api.call<{ Id: string }>('POST', '/containers/create', {
      query: { name: wanted.name },
      body: wanted.config,
    });
    on?.({ kind: 'host-created', host });
    signal?.throwIfAborted();
    await api.call('POST', `/containers/${Id}/start`);
    for (const { network, endpoint } of wanted.further) {
      signal?.throwIfAborted();
      await api.call('POST', `/networks/${network}/connect`, { body: { Container: Id, EndpointConfig: endpoint } });
    }
    on?.({ kind: 'host-started', host });
  } catch (error) {
    throw inWords(wanted, error);
  }
}

function inWords({ spec, name }: WantedHost, error: unknown): unknown {
  const where = `host ${spec.name}`;
  if (isRefusal(error, 404) && /image/i.test(error.message)) {
    return new LabError('engine', `its image ${spec.image} is not there`, {
      where,
      hint: spec.build ? '`labctl up` builds it' : `get it with \`docker pull ${spec.image}\``,
      cause: error,
    });
  }
  if (isRefusal(error, 409)) {
    return new LabError('engine', `a container named ${name} exists already and is not this lab's`, {
      where,
      hint: 'choose another name for the lab with --lab NAME',
      cause: error,
    });
  }
  return at(where, error);
}

/** In containerd, of a container that dockerd was starting when it was killed: nothing starts it any more. */
const halfStarted = /\btask \w+:? already exists/;

/** False where the host cannot be started and was removed instead, so that it can be made anew. */
export async function startHost(api: Api, container: ContainerSummary, work: Work): Promise<boolean> {
  const host = hostNameOf(container);
  try {
    await api.call('POST', `/containers/${container.Id}/start`);
  } catch (error) {
    if (!(error instanceof Refusal && halfStarted.test(error.message))) throw at(`host ${host}`, error);
    await removeHost(api, container, work);
    return false;
  }
  work.on?.({ kind: 'host-started', host });
  return true;
}

export async function resumeHost(api: Api, container: ContainerSummary, { on }: Work): Promise<void> {
  const host = hostNameOf(container);
  try {
    await api.call('POST', `/containers/${container.Id}/unpause`);
  } catch (error) {
    throw at(`host ${host}`, error);
  }
  on?.({ kind: 'host-started', host });
}

/** Kills and removes in one call. Gone already, or being removed by somebody else, is as good. */
export async function removeHost(api: Api, container: ContainerSummary, { on }: Work): Promise<void> {
  const host = hostNameOf(container);
  try {
    await api.call('DELETE', `/containers/${container.Id}`, { query: { force: '1', v: '1' } });
  } catch (error) {
    if (error instanceof Refusal && error.status === 409 && /already in progress/.test(error.message)) {
      await api.call('POST', `/containers/${container.Id}/wait`, { query: { condition: 'removed' } }).catch(gone);
    } else if (!isRefusal(error, 404)) throw at(`host ${host}`, error);
  }
  on?.({ kind: 'host-removed', host });
}

function gone(error: unknown): void {
  if (!isRefusal(error, 404)) throw error;
}
