// Makes and removes the lab's networks: subnets around what is taken, chosen again when somebody was quicker.

import { networkInterfaces } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { LabError } from '../../model/lab-error.ts';
import { chooseSubnets, type TakenSubnet } from '../../plan/subnets.ts';
import { choosePrefixes } from '../../plan/ula.ts';
import type { Work } from '../engine.ts';
import type { Api } from './api.ts';
import { networkConfig, type WantedNetwork } from './config.ts';
import { at, isRefusal, Refusal } from './errors.ts';
import { compose, type Owner } from './labels.ts';
import { runOnMachine } from './machine.ts';
import { inParallel } from './parallel.ts';
import { listNetworks } from './state.ts';
import type { NetworkSummary } from './wire.ts';

const attempts = 6;
/** The engine's words differ by version and by who overlaps: another network of its own, or a route of the machine. */
const addressClash = /overlap|conflicts with network|all predefined address pools/i;

/** Subnets that the engine's networks and this machine's interfaces hold. */
export const takenSubnets = (networks: readonly NetworkSummary[]): TakenSubnet[] => [
  ...networks.flatMap(({ Name, IPAM }) =>
    (IPAM.Config ?? []).flatMap(({ Subnet }) => (Subnet ? [{ subnet: Subnet, holder: `network ${Name}` }] : [])),
  ),
  ...Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    addresses.flatMap(({ cidr }) => (cidr ? [{ subnet: cidr, holder: `interface ${name}` }] : [])),
  ),
];

/** Creates the networks. Throws LabError naming the network when the engine refuses it. */
export async function createNetworks(
  api: Api,
  image: string,
  wanted: readonly WantedNetwork[],
  existing: readonly NetworkSummary[],
  owner: Owner,
  work: Work,
): Promise<void> {
  const taken = takenSubnets(existing);
  const subnets = new Map(
    chooseSubnets(
      wanted.map(({ name, hosts }) => ({ network: name, hosts })),
      taken,
    ).map(({ network, subnet }) => [network, subnet]),
  );
  const asking = wanted.filter(({ spec }) => spec.ipv6);
  const held = taken.map(({ subnet }) => subnet).filter((subnet) => subnet.includes(':'));
  const prefixes = choosePrefixes(
    owner.lab,
    asking.map(({ name }) => name),
    held,
  );
  await inParallel(
    4,
    wanted,
    ({ name, ...network }) =>
      createNetwork(
        api,
        { ...network, name },
        { first: subnets.get(name) ?? '', ipv6: prefixes.get(name) },
        owner,
        work,
      ),
    work.signal,
  );
  const names = asking.map(({ name }) => name);
  if (names.length > 0 && !api.podman)
    await silenceMachine(
      api,
      image,
      (await listNetworks(api)).filter(({ Name }) => names.includes(Name)),
    );
}

const bridgeOf = ({ Id }: NetworkSummary): string => `br-${Id.slice(0, 12)}`;

/** Networks by which this machine can be reached over IPv6, as after a restart of an engine on this very machine. */
export const openNetworks = (networks: readonly NetworkSummary[]): NetworkSummary[] => {
  const here = networkInterfaces();
  return networks.filter(
    (network) =>
      network.IPAM.Config?.some(({ Subnet }) => Subnet?.includes(':')) &&
      here[bridgeOf(network)]?.some(({ family }) => family === 'IPv6'),
  );
};

/**
 * The engine gives this machine IPv6 addresses on the bridges, by which every service on :: could be reached from the
 * lab. A helper with the machine's network and the right to change it takes them away, the link's own included.
 */
export async function silenceMachine(api: Api, image: string, networks: readonly NetworkSummary[]): Promise<void> {
  const script = 'for link; do ip link set "$link" addrgenmode none && ip -6 address flush dev "$link" || exit; done';
  await runOnMachine(api, image, ['sh', '-c', script, 'sh', ...networks.map(bridgeOf)]);
}

async function createNetwork(
  api: Api,
  wanted: WantedNetwork,
  { first, ipv6 }: { first: string; ipv6: string | undefined },
  owner: Owner,
  { on }: Work,
): Promise<void> {
  const refused: TakenSubnet[] = [];
  for (let subnet = first; ; ) {
    try {
      await api.call('POST', '/networks/create', {
        body: networkConfig(wanted, owner, ipv6 ? [subnet, ipv6] : [subnet]),
      });
      on?.({ kind: 'network-created', network: wanted.spec.name, subnet });
      return;
    } catch (error) {
      if (!(error instanceof Refusal && addressClash.test(error.message))) throw inWords(wanted, error);
      refused.push({ subnet, holder: 'refused by the engine' });
      if (refused.length >= attempts) throw inWords(wanted, error);
    }
    subnet = await anotherSubnet(api, wanted, refused);
  }
}

/**
 * Looks again at what is taken, passes by what was refused before, and chooses anywhere: others who were quicker look for
 * the first free one too, at the same time.
 */
async function anotherSubnet(api: Api, { name, hosts }: WantedNetwork, refused: TakenSubnet[]): Promise<string> {
  const taken = [...takenSubnets(await listNetworks(api)), ...refused];
  return chooseSubnets([{ network: name, hosts }], taken, { from: Math.random() })[0]?.subnet ?? '';
}

function inWords({ spec, name }: WantedNetwork, error: unknown): unknown {
  if (error instanceof Refusal && error.status === 409) {
    return new LabError('engine', `a network named ${name} exists already and is not this lab's`, {
      where: `network ${spec.name}`,
      hint: 'choose another name for the lab with --lab NAME',
      cause: error,
    });
  }
  return at(`network ${spec.name}`, error);
}

/** How often and how long (ms) to wait for the engine to take note that a removed host left the network. */
const releases = { attempts: 10, pause: 100 };

/**
 * Whether it is gone; gone already is as good. Throws LabError naming what is still attached, unless nothing is and the
 * engine only thinks so (it counts starts of the same moment wrongly: moby issue 42119): the network then stays, empty and
 * harmless, until the engine is restarted.
 */
export async function removeNetwork(api: Api, summary: NetworkSummary, { on }: Work): Promise<boolean> {
  const network = summary.Labels?.[compose.network] ?? summary.Name;
  for (let attempt = 1; ; attempt++) {
    try {
      await api.call('DELETE', `/networks/${summary.Id}`);
      break;
    } catch (error) {
      if (isRefusal(error, 404)) break;
      if (!isInUse(error)) throw at(`network ${network}`, error);
      if (attempt === releases.attempts) {
        const names = await attachedTo(api, summary);
        if (names.length > 0) throw stillInUse(names, network, error);
        on?.({ kind: 'network-stuck', network });
        return false;
      }
      await delay(releases.pause);
    }
  }
  on?.({ kind: 'network-removed', network });
  return true;
}

const isInUse = (error: unknown): boolean => error instanceof Refusal && /active endpoints/.test(error.message);

async function attachedTo(api: Api, { Id }: NetworkSummary): Promise<string[]> {
  const { Containers } = await api.call<{ Containers: Record<string, { Name: string }> }>('GET', `/networks/${Id}`);
  return Object.values(Containers).map(({ Name }) => Name);
}

const stillInUse = (names: string[], network: string, cause: unknown): LabError =>
  new LabError('engine', `not of this lab, but attached to its network: ${names.join(', ')}`, {
    where: `network ${network}`,
    hint: `\`docker rm -f ${names.join(' ')}\`, then \`labctl down\``,
    cause,
  });
