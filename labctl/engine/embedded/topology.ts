// Which addresses, interfaces and links the hosts of a lab have. Values only; what stays as it was keeps its address.

import { createHash } from 'node:crypto';
import type { HostSpec, Lab } from '../../model/lab.ts';
import { LabError } from '../../model/lab-error.ts';
import { chooseSubnets, cidrRange } from '../../plan/subnets.ts';
import { addressIn, choosePrefixes } from '../../plan/ula.ts';
import type { HostInterface } from '../engine.ts';

export interface Link extends HostInterface {
  /** The other end of the cable, in the keeper's namespace. */
  port: string;
}

export interface NetworkPlace {
  name: string;
  subnet: string;
  subnet6?: string;
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
  const prefixes = prefixesOf(lab);
  return needs.map(({ network: name }) => {
    const subnet = chosen.find(({ network }) => network === name)?.subnet ?? '';
    const { bridge, ...old } = kept.find((one) => one.name === name) ?? { subnet, bridge: deviceName('br', name) };
    const subnet6 = prefixes.get(name);
    return { name, subnet: old.subnet, ...(subnet6 === undefined ? {} : { subnet6 }), bridge };
  });
}

/** A lab's network namespace is its own, so nothing else can hold them. */
function prefixesOf(lab: Lab): Map<string, string> {
  const asking = lab.networks.filter(({ ipv6 }) => ipv6).map(({ name }) => name);
  return choosePrefixes(lab.name, asking, []);
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
    const { subnet, subnet6 } = networks.find(({ name }) => name === network) ?? { subnet: '' };
    const held = used.get(network) ?? new Set();
    const address = oldAddress(before, spec.name, network, subnet) ?? freeAddress(network, subnet, held);
    held.add(address);
    const prefixLength = Number(subnet.split('/')[1]);
    const port = deviceName('v', spec.name, network);
    const address6 = subnet6 && addressIn(subnet6, placeIn(subnet, address));
    const link = { name: `eth${index}`, network, address, mac: macOf(address), prefixLength, port };
    return address6 === undefined ? link : { ...link, address6 };
  });
  return { name: spec.name, links };
}

/** `10.213.0.2` is the second of its network, and so is `fd…::2`. */
const placeIn = (subnet: string, address: string): number =>
  (cidrRange(address)?.first ?? 0) - (cidrRange(subnet)?.first ?? 0);

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
    ...(own.some(({ address6 }) => address6) ? ['::1 localhost'] : []),
    ...own.flatMap(({ address, address6 }) =>
      [address, address6].flatMap((one) => (one === undefined ? [] : [`${one} ${spec.hostname ?? spec.name}`])),
    ),
    ...own.flatMap(({ network }) =>
      topology.hosts.flatMap(({ name, links }) => {
        const link = links.find((one) => one.network === network);
        const aliases = lab.hosts
          .find((other) => other.name === name)
          ?.attachments.find((one) => one.network === network)?.aliases;
        const names = [...new Set([name, ...(aliases ?? [])])].join(' ');
        return [link?.address, link?.address6].flatMap((one) => (one === undefined ? [] : [`${one} ${names}`]));
      }),
    ),
  ];
  return `${lines.join('\n')}\n`;
}
