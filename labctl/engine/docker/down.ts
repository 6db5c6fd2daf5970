// Removes labs, found by their labels alone.

import type { Work } from '../engine.ts';
import type { Api } from './api.ts';
import { at, isRefusal } from './errors.ts';
import { removeHost } from './hosts.ts';
import { compose } from './labels.ts';
import { inParallel } from './parallel.ts';
import { readState } from './state.ts';
import type { ContainerSummary, NetworkSummary } from './wire.ts';

/** Removal is mostly waiting for the kernel to take network namespaces apart. */
const removals = 8;

export const removeHosts = (api: Api, containers: ContainerSummary[], work: Work): Promise<void[]> =>
  inParallel(removals, containers, (container) => removeHost(api, container, work), work.signal);

export const removeNetworks = (api: Api, networks: NetworkSummary[], work: Work): Promise<void[]> =>
  inParallel(removals, networks, (network) => removeNetwork(api, network, work), work.signal);

async function removeNetwork(api: Api, { Id, Name, Labels }: NetworkSummary, { on }: Work): Promise<void> {
  const network = Labels?.[compose.network] ?? Name;
  try {
    await api.call('DELETE', `/networks/${Id}`);
  } catch (error) {
    if (!isRefusal(error, 404)) throw at(`network ${network}`, error);
  }
  on?.({ kind: 'network-removed', network });
}

/** Removes the lab's hosts, then its networks; gives how many objects that were. Another's project is left alone. */
export async function down(api: Api, labName: string, work: Work): Promise<{ removed: number }> {
  const { ours, containers, networks } = await readState(api, labName, work.signal);
  if (!ours) return { removed: 0 };
  await removeHosts(api, containers, work);
  await removeNetworks(api, networks, work);
  return { removed: containers.length + networks.length };
}
