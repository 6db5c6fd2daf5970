// What of labs exists on the engine: containers and networks grouped by lab, and labs as the rest of labctl sees them.

import { byName, type RunningHost, type RunningLab } from '../engine.ts';
import type { Api } from './api.ts';
import { compose, label } from './labels.ts';
import type { ContainerSummary, NetworkSummary } from './wire.ts';

/** Everything on the engine that belongs to one lab. */
export interface LabState {
  name: string;
  containers: ContainerSummary[];
  networks: NetworkSummary[];
  /** False for a Compose project that labctl has no part in. */
  ours: boolean;
}

/** What it takes to read a state. */
type Reader = Pick<Api, 'call'>;

const filtered = (filters: Record<string, string[]>) => ({ filters: JSON.stringify(filters) });

export const listContainers = (api: Reader, project: string | undefined, signal?: AbortSignal) =>
  api.call<ContainerSummary[]>('GET', '/containers/json', {
    query: {
      all: '1',
      ...filtered({ label: [project === undefined ? compose.project : `${compose.project}=${project}`] }),
    },
    signal,
  });

/** All networks of the engine: those of other labs say which subnets are taken. */
export const listNetworks = (api: Reader, signal?: AbortSignal) =>
  api.call<NetworkSummary[]>('GET', '/networks', { signal });

const labelled = (labels: Record<string, string> | null): boolean =>
  Object.keys(labels ?? {}).some((key) => key.startsWith('labctl.'));

/**
 * The state of one lab. Compose's project label finds it, because labctl's objects carry it too and what Compose made
 * anew over a lab carries nothing else. What is one project to Compose is one lab to labctl, once any part is labctl's.
 */
export function labState(name: string, allContainers: ContainerSummary[], allNetworks: NetworkSummary[]): LabState {
  const containers = allContainers.filter(({ Labels }) => Labels[compose.project] === name);
  const networks = allNetworks.filter(({ Labels }) => Labels?.[compose.project] === name);
  const ours = [...containers, ...networks].some(({ Labels }) => labelled(Labels));
  return { name, containers, networks, ours };
}

export async function readState(api: Reader, name: string, signal?: AbortSignal): Promise<LabState> {
  const [containers, networks] = await Promise.all([listContainers(api, name, signal), listNetworks(api, signal)]);
  return labState(name, containers, networks);
}

/** Every lab on the engine, in the order of their names. */
export async function readStates(api: Reader): Promise<LabState[]> {
  const [containers, networks] = await Promise.all([listContainers(api, undefined), listNetworks(api)]);
  const names = [...containers, ...networks].flatMap(({ Labels }) => Labels?.[compose.project] ?? []);
  return [...new Set(names)]
    .sort()
    .map((name) => labState(name, containers, networks))
    .filter(({ ours }) => ours);
}

/** The host's container; one-off containers of `docker-compose run` are none. */
export const isHost = ({ Labels }: ContainerSummary): boolean =>
  Labels[compose.oneOff] !== 'True' && Labels[compose.number] === '1' && Labels[compose.service] !== undefined;

export const hostNameOf = ({ Labels }: ContainerSummary): string => Labels[compose.service] ?? '';

export function runningLab(state: LabState): RunningLab {
  const labels = [...state.containers, ...state.networks].map(({ Labels }) => Labels?.[label.file]);
  return {
    name: state.name,
    engine: 'docker',
    file: labels.find((file) => file !== undefined) ?? '',
    hosts: state.containers
      .filter(isHost)
      .sort(asInFile)
      .map((container) => runningHost(state, container)),
    networks: state.networks
      .map(({ Name, Labels, IPAM }) => ({
        name: Labels?.[compose.network] ?? Name,
        ...subnetsOf(IPAM.Config ?? []),
      }))
      .sort(byName),
  };
}

/** The engine lists both in any order. */
function subnetsOf(config: { Subnet?: string }[]): { subnet: string; subnet6?: string } {
  const all = config.flatMap(({ Subnet }) => Subnet ?? []);
  const subnet6 = all.find((subnet) => subnet.includes(':'));
  const subnet = all.find((one) => !one.includes(':')) ?? '';
  return subnet6 === undefined ? { subnet } : { subnet, subnet6 };
}

/** In the order of the Compose file; those that Compose made know no place in it, and come last, by name. */
function asInFile(a: ContainerSummary, b: ContainerSummary): number {
  const placeOf = ({ Labels }: ContainerSummary) => Number(Labels[label.position] ?? Number.MAX_SAFE_INTEGER);
  return placeOf(a) - placeOf(b) || hostNameOf(a).localeCompare(hostNameOf(b), 'en', { numeric: true });
}

const knownStates: Partial<Record<string, RunningHost['state']>> = {
  running: 'running',
  created: 'created',
  exited: 'exited',
  paused: 'paused',
};

/** Whose run made the host anew; see HostSpec. */
export function tunedOf({ Labels }: ContainerSummary): { tunedBy?: string } {
  const tunedBy = Labels[label.tuned];
  return tunedBy === undefined ? {} : { tunedBy };
}

function runningHost({ networks }: LabState, container: ContainerSummary): RunningHost {
  const shortName = (name: string) => networks.find(({ Name }) => Name === name)?.Labels?.[compose.network] ?? name;
  return {
    name: hostNameOf(container),
    state: knownStates[container.State] ?? 'other',
    image: container.Image,
    ...tunedOf(container),
    addresses: (['IPAddress', 'GlobalIPv6Address'] as const).flatMap((family) =>
      Object.entries(container.NetworkSettings.Networks).flatMap(([name, endpoint]) => {
        const address = endpoint[family];
        return address ? [{ network: shortName(name), address }] : [];
      }),
    ),
  };
}
