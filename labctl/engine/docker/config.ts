// Translates the lab's specs into what the engine is told to create, each with a hash by which a change is seen.

import { createHash } from 'node:crypto';
import type { HostSpec, Lab, NetworkSpec } from '../../model/lab.ts';
import { containerName, hostLabels, label, networkLabels, networkName, type Owner } from './labels.ts';
import type { ContainerConfig, EndpointConfig, NetworkConfig } from './wire.ts';

export const hashOf = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');

/** A host as it should be: where to attach it, in the order in which its interfaces shall count. */
export interface WantedHost {
  spec: HostSpec;
  /** Name of its container. */
  name: string;
  hash: string;
  config: ContainerConfig;
  /** The networks after the first, which is part of the config: several at creation the engine would take in any order. */
  further: { network: string; endpoint: EndpointConfig }[];
}

export interface WantedNetwork {
  spec: NetworkSpec;
  /** The engine's name of it. */
  name: string;
  hash: string;
  /** How many hosts it must have room for. */
  hosts: number;
}

/** `further`: what else makes a host another one when it changes. */
export function wantedHosts(
  lab: Lab,
  owner: Owner,
  imageIds: ReadonlyMap<string, string>,
  further: readonly unknown[] = [],
): WantedHost[] {
  return lab.hosts.map((spec, position) => {
    const wanted = wantedHost(lab, spec, [imageIds.get(spec.image) ?? '', owner.file, ...further]);
    // Ours come last: a label in the file cannot take a host out of its lab.
    const tuned: Record<string, string> = spec.tunedBy === undefined ? {} : { [label.tuned]: spec.tunedBy };
    wanted.config.Labels = { ...spec.labels, ...hostLabels(owner, spec.name, wanted.hash, position), ...tuned };
    return wanted;
  });
}

function wantedHost(lab: Lab, spec: HostSpec, madeFrom: readonly unknown[]): WantedHost {
  const [first, ...further] = spec.attachments.map(({ network, aliases }) => ({
    network: networkName(lab.name, network),
    endpoint: { Aliases: [...new Set([spec.name, ...aliases])] },
  }));
  const config = containerConfig(spec, first);
  const hash = hashOf([config, further, ...madeFrom]);
  return { spec, name: containerName(lab.name, spec.name), hash, config, further };
}

function containerConfig(spec: HostSpec, first: WantedHost['further'][number] | undefined): ContainerConfig {
  return {
    Image: spec.image,
    Hostname: spec.hostname ?? spec.name,
    Cmd: spec.command,
    Entrypoint: spec.entrypoint,
    User: spec.user,
    WorkingDir: spec.workingDir,
    Env: Object.entries(spec.environment).map(([name, value]) => `${name}=${value}`),
    Labels: spec.labels,
    HostConfig: {
      NetworkMode: first?.network ?? 'none',
      CapDrop: spec.capDrop,
      CapAdd: spec.capAdd,
      SecurityOpt: spec.securityOpt,
      PidsLimit: spec.pidsLimit,
      Memory: spec.memoryLimit,
      NanoCpus: spec.cpus === undefined ? undefined : Math.round(spec.cpus * 1e9),
      Init: spec.init,
      ReadonlyRootfs: spec.readOnly,
      Tmpfs: spec.tmpfs,
      Sysctls: spec.sysctls,
    },
    NetworkingConfig: { EndpointsConfig: first ? { [first.network]: first.endpoint } : {} },
  };
}

export function wantedNetworks(lab: Lab): WantedNetwork[] {
  return lab.networks.map((spec) => ({
    spec,
    name: networkName(lab.name, spec.name),
    hash: hashOf([spec.internal, spec.driverOpts, spec.labels, ...(spec.ipv6 ? ['IPv6'] : [])]),
    hosts: lab.hosts.filter(({ attachments }) => attachments.some(({ network }) => network === spec.name)).length,
  }));
}

/** `subnets`: IPv4, and IPv6 where the network has it. */
export const networkConfig = (
  { spec, name, hash }: WantedNetwork,
  owner: Owner,
  subnets: readonly string[],
): NetworkConfig => ({
  Name: name,
  CheckDuplicate: true,
  Driver: 'bridge',
  Internal: spec.internal,
  EnableIPv6: spec.ipv6 ?? false,
  Options: spec.driverOpts,
  IPAM: { Config: subnets.map((subnet) => ({ Subnet: subnet })) },
  Labels: { ...spec.labels, ...networkLabels(owner, spec.name, hash) },
});
