// What a keeper remembers of its lab for the next labctl: the hosts as they were made, and where they lie.

import type { HostSpec } from '../../model/lab.ts';
import { byName, type Holds, type RunningLab } from '../engine.ts';
import type { HostPlace, Topology } from './topology.ts';

/** What a host may use: processes, bytes of memory, processors. */
export interface HostLimits {
  pids?: number;
  memory?: number;
  cpus?: number;
}

export interface HostState extends HostPlace, Pick<HostSpec, 'hostname' | 'environment' | 'workingDir' | 'tunedBy'> {
  image: string;
  limits: HostLimits;
  /** Of all that a host is made of: another hash means another host. */
  hash: string;
}

export interface Description extends Topology {
  name: string;
  file: string;
  /** A hash of the keeper's text: one of another labctl may not understand what this one asks. */
  keeper?: string;
  hosts: HostState[];
}

/** A keeper's answer to `state` and `apply`. */
export interface KeeperState {
  description: Description | null;
  running: string[];
  /** Of the control groups that limit each host as a whole; a keeper of an older labctl does not say. */
  controllers?: string[];
  /** Counts changes; a change is only carried out on the version that it was made for. */
  version: number;
}

export const limitsOf = ({ pidsLimit: pids, memoryLimit: memory, cpus }: HostSpec): HostLimits => ({
  pids,
  memory,
  cpus,
});

/**
 * What holds here: a host's user namespace counts its processes and its folders have sizes; control groups do the rest,
 * and where there are none, the rlimits that every process has (setrlimit(2)).
 */
export const holdsOf = (controllers: readonly string[]): Holds => ({
  processes: 'host',
  memory: controllers.includes('memory') ? 'host' : 'process',
  processor: controllers.includes('cpu') ? 'host' : 'process',
  files: 'host',
});

type Told = Pick<KeeperState, 'running'> & { description: Description };

export const runningLab = ({ description, running }: Told): RunningLab => ({
  name: description.name,
  engine: 'embedded',
  file: description.file,
  // In the order of the file, as on Docker.
  hosts: description.hosts.map(({ name, image, links, tunedBy }) => {
    const runs = running.includes(name);
    const addresses = [
      ...links.map(({ network, address }) => ({ network, address })),
      ...links.flatMap(({ network, address6 }) => (address6 === undefined ? [] : [{ network, address: address6 }])),
    ];
    const tuned = tunedBy === undefined ? {} : { tunedBy };
    return { name, image, state: runs ? 'running' : 'exited', addresses: runs ? addresses : [], ...tuned };
  }),
  networks: description.networks
    .map(({ name, subnet, subnet6 }) => (subnet6 === undefined ? { name, subnet } : { name, subnet, subnet6 }))
    .sort(byName),
});
