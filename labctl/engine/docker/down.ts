// Removes labs, found by their labels alone.

import type { Work } from '../engine.ts';
import type { Api } from './api.ts';
import { removeHost } from './hosts.ts';
import { removeNameless } from './image-store.ts';
import { label } from './labels.ts';
import { removeNetwork } from './networks.ts';
import { inParallel } from './parallel.ts';
import { readState } from './state.ts';
import type { ContainerSummary, NetworkSummary } from './wire.ts';
import { sweepAll } from './wire-helper.ts';

/** More are no faster: the kernel takes network namespaces apart one after the other. */
const removals = 4;

/** Removes hosts, and with them the images of labctl's making that were kept for them alone. */
export async function removeHosts(api: Api, containers: ContainerSummary[], work: Work): Promise<void> {
  await inParallel(removals, containers, (container) => removeHost(api, container, work), work.signal);
  for (const id of namelessImages(containers)) await removeNameless(api, id);
}

/** The engine lists a container by the id of its image once the image's name has gone to a newer one. */
function namelessImages(containers: ContainerSummary[]): string[] {
  const nameless = containers.filter(({ Image, ImageID, Labels }) => label.image in Labels && ImageID.includes(Image));
  return [...new Set(nameless.map(({ ImageID }) => ImageID))];
}

/** Whether each is gone, in order; see `removeNetwork`. */
export const removeNetworks = (api: Api, networks: NetworkSummary[], work: Work): Promise<boolean[]> =>
  inParallel(removals, networks, (network) => removeNetwork(api, network, work), work.signal);

/** So often, while another labctl brings the lab up: what it makes meanwhile is removed too. */
const attempts = 3;

/** Removes the lab's hosts, then its networks; gives how many objects that were. Another's project is left alone. */
export async function down(api: Api, labName: string, work: Work): Promise<{ removed: number }> {
  await sweepAll(api, labName);
  for (let attempt = 1; ; attempt++) {
    const { ours, containers, networks } = await readState(api, labName, work.signal);
    if (!ours) return { removed: 0 };
    try {
      await removeHosts(api, containers, work);
      const gone = await removeNetworks(api, networks, work);
      return { removed: containers.length + gone.filter(Boolean).length };
    } catch (error) {
      const { containers: made } = await readState(api, labName, work.signal);
      if (attempt === attempts || made.length === 0) throw error;
    }
  }
}
