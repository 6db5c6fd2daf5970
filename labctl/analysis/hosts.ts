// Whose address is it, which network an interface hangs on, and which stretch of time a capture covers without a gap.

import type { CapturePoint } from '../model/packet.ts';
import type { RecordedRun } from '../model/run.ts';
import type { Micros } from '../model/time.ts';

/** What one capture point is known to have seen. */
export interface Coverage {
  from: Micros;
  until: Micros;
  /** Packets that the kernel threw away before tcpdump could read them. */
  dropped: number;
}

export interface Hosts {
  names: string[];
  /** The host that owns an address; a loopback address is the own of whoever saw it. */
  ownerOf(address: string, seenBy: string): string | undefined;
  /** The network of a capture point; each host's loopback is a network of its own. */
  networkOf(point: CapturePoint): string;
  /** The network on which an address is somebody's own. */
  networkOfAddress(address: string): string | undefined;
  /** What a host's capture on a network covers; undefined when it was not recorded. */
  coverage(host: string, network: string): Coverage | undefined;
  /** The recorded capture points of a host. */
  pointsOf(host: string): { point: CapturePoint; coverage: Coverage }[];
}

/** 127.0.0.0/8 (RFC 1122, section 3.2.1.3) and ::1. */
export const isLoopback = (address: string): boolean => address.startsWith('127.') || address === '::1';

const pointKey = (host: string, name: string): string => `${host}/${name}`;

/** What is known of a run from its beginning. */
type RunFacts = Pick<RecordedRun, 'record' | 'events'>;

function addressOwners(run: RunFacts): Map<string, { host: string; network: string }> {
  const owners = new Map<string, { host: string; network: string }>();
  for (const host of run.record.hosts)
    for (const { addresses, network } of host.interfaces)
      for (const address of addresses) {
        const bare = address.split('/')[0] ?? address;
        if (!isLoopback(bare)) owners.set(bare, { host: host.name, network });
      }
  return owners;
}

function networks(run: RunFacts): Map<string, string> {
  const found = new Map<string, string>();
  for (const host of run.record.hosts)
    for (const { name, network } of host.interfaces)
      found.set(pointKey(host.name, name), network === 'loopback' ? `loopback of ${host.name}` : network);
  return found;
}

/** A point whose end was never noted covers nothing for certain: its `until` is its beginning. */
function coverages(run: RunFacts): Map<string, Coverage> {
  const covered = new Map<string, Coverage>();
  for (const event of run.events) {
    if (event.kind === 'recording-started')
      for (const name of event.interfaces)
        covered.set(pointKey(event.host, name), { from: event.at, until: event.at, dropped: 0 });
    if (event.kind === 'recording-stopped') {
      const point = covered.get(pointKey(event.host, event.interface));
      if (point) point.until = event.until ?? event.at;
    }
  }
  for (const { host, interface: name, dropped } of run.record.drops) {
    const point = covered.get(pointKey(host, name));
    if (point) point.dropped = dropped;
  }
  return covered;
}

/** The hosts of a run, with what the recording of each covers. */
export function hostsOf(run: RunFacts): Hosts {
  const owners = addressOwners(run);
  const networkAt = networks(run);
  const covered = coverages(run);
  const networkOf = (point: CapturePoint): string =>
    networkAt.get(pointKey(point.host, point.interface)) ??
    (point.interface === 'lo' ? `loopback of ${point.host}` : pointKey(point.host, point.interface));
  const byHost = new Map<string, { point: CapturePoint; coverage: Coverage }[]>();
  const byNetwork = new Map<string, Coverage>();
  for (const [key, coverage] of covered) {
    const [host = '', name = ''] = key.split('/');
    const point = { host, interface: name };
    byHost.set(host, [...(byHost.get(host) ?? []), { point, coverage }]);
    byNetwork.set(`${host} ${networkOf(point)}`, coverage);
  }
  return {
    names: run.record.hosts.map((host) => host.name),
    ownerOf: (address, seenBy) => (isLoopback(address) ? seenBy : owners.get(address)?.host),
    networkOfAddress: (address) => owners.get(address)?.network,
    networkOf,
    coverage: (host, network) => byNetwork.get(`${host} ${network}`),
    pointsOf: (host) => byHost.get(host) ?? [],
  };
}
