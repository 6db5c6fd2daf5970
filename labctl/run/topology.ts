// Which interface of which host lies on which network: what the engine knows and what the recorders saw, put together.

import type { RunningLab } from '../engine/engine.ts';
import { LabError } from '../model/lab-error.ts';
import type { AddressPlaceholder } from '../model/notation.ts';
import type { HostRecord, InterfaceRecord } from '../model/run.ts';
import type { Hello } from './hello.ts';

type Addresses = RunningLab['hosts'][number]['addresses'];

/** The record of a host, as its recorder and the engine describe it. */
export function hostRecord(name: string, hello: Hello, lab: RunningLab): HostRecord {
  const known = lab.hosts.find((host) => host.name === name)?.addresses ?? [];
  return {
    name,
    interfaces: hello.interfaces.map((one) => interfaceRecord(one, known)),
    sysctls: hello.sysctls,
    congestionControl: hello.sysctls['net.ipv4.tcp_congestion_control'] ?? 'unknown',
  };
}

function interfaceRecord({ name, mac, addresses }: Hello['interfaces'][number], known: Addresses): InterfaceRecord {
  if (name === 'lo') return { name, network: 'loopback', addresses };
  const network = known.find(({ address }) => addresses.includes(address))?.network ?? 'unknown';
  return { name, network, addresses, mac };
}

/** Where an interface stands, for whoever reads its capture: `client1 on the network lab, 10.213.0.3`. */
export const pointDescription = (host: string, { network, addresses }: InterfaceRecord): string =>
  [network === 'loopback' ? `${host} talking to itself` : `${host} on the network ${network}`, ...addresses].join(', ');

/** Address → name for Wireshark: the host's, with its network where it has several. */
export function addressNames(lab: RunningLab): [address: string, name: string][] {
  return lab.hosts.flatMap(({ name, addresses }) =>
    addresses.map(({ address, network }): [string, string] => [
      address,
      addresses.some((other) => other.network !== network) ? `${name}.${network}` : name,
    ]),
  );
}

/** The address that `{host@network}` stands for. Throws LabError `usage` when the host has none there. */
export function addressOf(lab: RunningLab, { host, network, ipv6 }: AddressPlaceholder): string {
  if (network === 'loopback') return ipv6 ? '::1' : '127.0.0.1';
  const known = lab.hosts.find(({ name }) => name === host)?.addresses ?? [];
  const found = known.find((one) => one.network === network && one.address.includes(':') === ipv6);
  if (found === undefined)
    throw new LabError('usage', `the host "${host}" has no ${ipv6 ? 'IPv6 ' : ''}address on "${network}"`);
  return found.address;
}
