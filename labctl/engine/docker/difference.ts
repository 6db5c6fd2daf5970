// Compares the lab as it should be with what the engine has, and says what has to be done. Pure: it decides, up.ts acts.

import type { WantedHost, WantedNetwork } from './config.ts';
import { label } from './labels.ts';
import { hostNameOf, isHost, type LabState } from './state.ts';
import type { ContainerSummary, NetworkSummary } from './wire.ts';

export interface Difference {
  /** Differ from the file, or are no longer in it. Their removal comes first. */
  removeContainers: ContainerSummary[];
  removeNetworks: NetworkSummary[];
  createNetworks: WantedNetwork[];
  createHosts: WantedHost[];
  startHosts: ContainerSummary[];
  resumeHosts: ContainerSummary[];
}

export const isNothing = (todo: Difference): boolean =>
  Object.values(todo).every((list: unknown[]) => list.length === 0);

export function difference(state: LabState, hosts: WantedHost[], networks: WantedNetwork[]): Difference {
  const networkOf = new Map(networks.map((network) => [network.name, network]));
  const fits = (network: NetworkSummary) => networkOf.get(network.Name)?.hash === network.Labels?.[label.hash];
  const keptNetworks = new Map(firstOfEach(state.networks.filter(fits)).map((network) => [network.Name, network]));
  const kept = new Map<string, ContainerSummary>();
  for (const container of state.containers.filter(isHost)) {
    const wanted = hosts.find(({ spec }) => spec.name === hostNameOf(container));
    if (wanted && isCurrent(container, wanted, keptNetworks)) kept.set(wanted.name, container);
  }
  const keptContainers = new Set(kept.values());
  const inState = (name: string) => [...keptContainers].filter(({ State }) => State === name);
  return {
    removeContainers: state.containers.filter((container) => !keptContainers.has(container)),
    removeNetworks: state.networks.filter((network) => keptNetworks.get(network.Name) !== network),
    createNetworks: networks.filter(({ name }) => !keptNetworks.has(name)),
    createHosts: hosts.filter(({ name }) => !kept.has(name)),
    startHosts: [...inState('created'), ...inState('exited')],
    resumeHosts: inState('paused'),
  };
}

/** Two networks may have one name: names are not unique to the engine. */
const firstOfEach = (networks: NetworkSummary[]): NetworkSummary[] =>
  networks.filter(({ Name }, index) => networks.findIndex((other) => other.Name === Name) === index);

const usable = new Set(['running', 'created', 'exited', 'paused']);

function isCurrent(
  container: ContainerSummary,
  wanted: WantedHost,
  networks: ReadonlyMap<string, NetworkSummary>,
): boolean {
  if (container.Labels[label.hash] !== wanted.hash || !usable.has(container.State)) return false;
  return isAttached(container, wanted, networks) && canStart(container, wanted);
}

/** Attached to all of its networks and no other, and to these very networks: one made anew has the same name only. */
function isAttached(
  container: ContainerSummary,
  wanted: WantedHost,
  networks: ReadonlyMap<string, NetworkSummary>,
): boolean {
  const attached = container.NetworkSettings.Networks;
  const names = networksOf(wanted);
  return (
    Object.keys(attached).filter((name) => name !== 'none').length === names.length &&
    names.every((name) => {
      const network = networks.get(name);
      const id = attached[name]?.NetworkID;
      return network !== undefined && (id === '' || id === network.Id);
    })
  );
}

const networksOf = ({ config, further }: WantedHost): string[] => [
  ...Object.keys(config.NetworkingConfig.EndpointsConfig),
  ...further.map(({ network }) => network),
];

/** A stopped host with several networks is made anew: the engine would number its interfaces as it likes. */
const canStart = (container: ContainerSummary, wanted: WantedHost): boolean =>
  container.State === 'running' || container.State === 'paused' || wanted.further.length === 0;
