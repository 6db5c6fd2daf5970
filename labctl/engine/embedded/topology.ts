// Which addresses, interfaces and links the hosts of a lab have. Values only; what stays as it was keeps its address.

import { createHash } from 'node:crypto';
import type { HostSpec, Lab } from '../../model/lab.ts';
import { LabError } from '../../model/lab-error.ts';
import { chooseSubnets, cidrRange } from '../../plan/subnets.ts';
import type { HostInterface } from '../engine.ts';

export interface Link extends HostInterface {
  /** The other end of the cable, in the keeper's namespace. */
  port: string;
}

export interface NetworkPlace {
  name: string;
  subnet: string;
  bridge: string;
}

export interface HostPlace {
  name: string;
  links: Link[];
}

export interface Topology {
  networks: NetworkPlace[];
  hosts: HostPlace[];
}

/** Interface names have 15 bytes at most; a lab's own network namespace holds no others. */
const deviceName = (kind: string, ...of: string[]): string =>
  kind + createHash('sha256').update(of.join('\0')).digest('hex').slice(0, 12);

const addressText = (address: number): string => [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');

/** Locally administered, made from the address, as Docker does it: the same lab has the same frames. */
export const macOf = (address: string): string =>
  `02:42:${address
    .split('.')
    .map((octet) => Number(octet).toString(16).padStart(2, '0'))
    .join(':')}`;

/** Where everything lies. A network keeps its subnet while that is large enough, a host its addresses. */
export function placeLab(lab: Lab, before: Topology = { networks: [], hosts: [] }): Topology {
  const networks = placeNetworks(lab, before);
  const used = new Map(networks.map(({ name, subnet }) => [name, taken(lab, name, subnet, before)]));
  const hosts = lab.hosts.map((spec) => placeHost(spec, networks, used, before));
  return { networks, hosts };
}

const isOn = ({ attachments }: HostSpec, network: string): boolean =>
  attachments.some((one) => one.network === network);

function placeNetworks(lab: Lab, before: Topology): NetworkPlace[] {
  const needs = lab.networks.map(({ name }) => ({
    network: name,
    hosts: lab.hosts.filter((spec) => isOn(spec, name)).length,
  }));
  const kept = needs.flatMap(({ network, hosts }) => {
    const old = before.networks.find(({ name }) => name === network);
    const [fresh] = chooseSubnets([{ network, hosts }], []);
    return old && sizeOf(old.subnet) >= sizeOf(fresh?.subnet ?? '') ? [old] : [];
  });
  const missing = needs.filter(({ network }) => !kept.some(({ name }) => name === network));
  const chosen = chooseSubnets(
    missing,
    kept.map(({ subnet }) => subnet),
  );
  return needs.map(({ network: name }) => {
    const subnet = chosen.find(({ network }) => network === name)?.subnet ?? '';
    return kept.find((old) => old.name === name) ?? { name, subnet, bridge: deviceName('br', name) };
  });
}

function sizeOf(subnet: string): number {
  const range = cidrRange(subnet);
  return range ? range.end - range.first : 0;
}

const oldAddress = (before: Topology, host: string, network: string, subnet: string): string | undefined =>
  before.networks.some((old) => old.name === network && old.subnet === subnet)
    ? before.hosts.find(({ name }) => name === host)?.links.find((link) => link.network === network)?.address
    : undefined;

/** Addresses that hosts of the lab hold already. */
const taken = (lab: Lab, network: string, subnet: string, before: Topology): Set<string> =>
  new Set(lab.hosts.flatMap(({ name }) => oldAddress(before, name, network, subnet) ?? []));

function placeHost(
  spec: HostSpec,
  networks: readonly NetworkPlace[],
  used: ReadonlyMap<string, Set<string>>,
  before: Topology,
): HostPlace {
  const links = spec.attachments.map(({ network }, index): Link => {
    const subnet = networks.find(({ name }) => name === network)?.subnet ?? '';
    const held = used.get(network) ?? new Set();
    const address = oldAddress(before, spec.name, network, subnet) ?? freeAddress(network, subnet, held);
    held.add(address);
    const prefixLength = Number(subnet.split('/')[1]);
    const port = deviceName('v', spec.name, network);
    return { name: `eth${index}`, network, address, mac: macOf(address), prefixLength, port };
  });
  return { name: spec.name, links };
}

/** The first address of the link's network. */
export function gatewayOf({ address, prefixLength }: Link): string {
  const { first } = cidrRange(`${address}/${prefixLength}`) ?? { first: 0 };
  return addressText(first + 1);
}

/** From the second address on, as on Docker, whose first is the gateway's. */
function freeAddress(network: string, subnet: string, held: ReadonlySet<string>): string {
  const { first, end } = cidrRange(subnet) ?? { first: 0, end: 0 };
  for (let address = first + 2; address < end - 1; address++)
    if (!held.has(addressText(address))) return addressText(address);
  throw new LabError('engine', `no address is left in ${subnet}`, { where: `network ${network}` });
}

/** The names that a host knows: its own, and those of the hosts it shares a network with; like Docker's DNS. */
export function hostsFile(lab: Lab, topology: Topology, spec: HostSpec): string {
  const own = topology.hosts.find(({ name }) => name === spec.name)?.links ?? [];
  const lines = [
    '127.0.0.1 localhost',
    ...own.map(({ address }) => `${address} ${spec.hostname ?? spec.name}`),
    ...own.flatMap(({ network }) =>
      topology.hosts.flatMap(({ name, links }) => {
        const link = links.find((one) => one.network === network);
        const aliases = lab.hosts
          .find((other) => other.name === name)
          ?.attachments.find((one) => one.network === network)?.aliases;
        return link ? [`${link.address} ${[...new Set([name, ...(aliases ?? [])])].join(' ')}`] : [];
      }),
    ),
  ];
  return `${lines.join('\n')}\n`;
}
