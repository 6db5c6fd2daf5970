// What Podman has to be told beyond Docker. Its DNS answers, if at all, at the machine's address on the lab's network: so
// hosts get fixed addresses and each other's names from the start, and the machine no address where they could reach it.

import type { Lab } from '../../model/lab.ts';
import { LabError } from '../../model/lab-error.ts';
import { addressText, cidrRange } from '../../plan/subnets.ts';
import { addressIn } from '../../plan/ula.ts';
import type { Api } from './api.ts';
import type { WantedHost } from './config.ts';
import { networkName } from './labels.ts';
import { runOnMachine } from './machine.ts';
import type { ContainerConfig, EndpointConfig, NetworkSummary } from './wire.ts';

/** A host's addresses on a network, and the names by which the others there know it. */
interface Place {
  host: string;
  network: string;
  addresses: { IPv4Address: string; IPv6Address?: string };
  names: string[];
}

/** The host's container on these networks of the lab, which exist. */
export function forPodman(wanted: WantedHost, lab: Lab, networks: readonly NetworkSummary[]): WantedHost {
  const places = placesIn(lab, networks);
  const own = places.filter(({ host }) => host === wanted.spec.name);
  const at = (network: string, endpoint: EndpointConfig): EndpointConfig => {
    const place = own.find((one) => networkName(lab.name, one.network) === network);
    return place === undefined ? endpoint : { ...endpoint, IPAMConfig: place.addresses };
  };
  const { EndpointsConfig } = wanted.config.NetworkingConfig;
  const config = {
    ...wanted.config,
    HostConfig: {
      ...wanted.config.HostConfig,
      Tmpfs: opened(wanted.config),
      ExtraHosts: namesFor(own, places),
      // Nobody answers there, at once: a name that no host has is wrong without a wait.
      Dns: ['127.0.0.1'],
    },
    NetworkingConfig: {
      EndpointsConfig: Object.fromEntries(Object.entries(EndpointsConfig).map(([name, one]) => [name, at(name, one)])),
    },
  };
  const further = wanted.further.map(({ network, endpoint }) => ({ network, endpoint: at(network, endpoint) }));
  return { ...wanted, config, further };
}

/** As Docker numbers them: the first address is the machine's, the hosts follow as they stand in the file. */
function placesIn(lab: Lab, networks: readonly NetworkSummary[]): Place[] {
  return lab.networks.flatMap(({ name: network }) => {
    const config = networks.find(({ Name }) => Name === networkName(lab.name, network))?.IPAM.Config ?? [];
    const subnets = config.flatMap(({ Subnet }) => Subnet ?? []);
    const first = cidrRange(subnets.find((subnet) => !subnet.includes(':')) ?? '')?.first;
    const prefix = subnets.find((subnet) => subnet.includes(':'));
    if (first === undefined) return [];
    return attachedTo(lab, network).map(({ host, aliases }, index) => ({
      host,
      network,
      addresses: {
        IPv4Address: addressText(first + 2 + index),
        ...(prefix === undefined ? {} : { IPv6Address: addressIn(prefix, 2 + index) }),
      },
      names: [...new Set([host, ...aliases])],
    }));
  });
}

const attachedTo = (lab: Lab, network: string) =>
  lab.hosts.flatMap(({ name, attachments }) =>
    attachments.flatMap((one) => (one.network === network ? [{ host: name, aliases: one.aliases }] : [])),
  );

/** Podman itself adds a host's own name. */
function namesFor(own: readonly Place[], places: readonly Place[]): string[] {
  return own.flatMap(({ host, network }) =>
    places
      .filter((place) => place.network === network)
      .flatMap(({ addresses, names }) =>
        names
          .filter((name) => name !== host)
          .flatMap((name) => Object.values(addresses).map((address) => `${name}:${address}`)),
      ),
  );
}

/**
 * Podman knows neither owner nor group of a tmpfs: there the folder is open to everybody, as /tmp is; in a host there is
 * only root besides the programs' user.
 */
function opened({ HostConfig: { Tmpfs } }: ContainerConfig): Record<string, string> {
  const open = (options: string): string =>
    /(^|,)uid=/.test(options)
      ? [...options.split(',').filter((option) => !/^([ug]id|mode)=/.test(option)), 'mode=1777'].join(',')
      : options;
  return Object.fromEntries(Object.entries(Tmpfs).map(([path, options]) => [path, open(options)]));
}

/**
 * Takes this machine's addresses off the bridges, by which every service on 0.0.0.0 could be reached from the lab. Podman
 * gives a bridge its address when the first host starts, whatever it is told, and needs it no more afterwards. The bridges of
 * a user's own Podman are not here, but in a network in which nothing else runs.
 */
export async function leaveBridges(api: Api, image: string, networks: readonly NetworkSummary[]): Promise<void> {
  const gateways = networks.flatMap(({ IPAM }) => (IPAM.Config ?? []).flatMap(({ Gateway }) => Gateway ?? []));
  const script = `for address; do
    link=$(ip -oneline address show to "$address" | sed 's/^[0-9]*: *\\([^ ]*\\) .*/\\1/')
    [ -z "$link" ] || { ip link set "$link" addrgenmode none && ip address flush dev "$link"; } || exit
  done`;
  await runOnMachine(api, image, ['sh', '-c', script, 'sh', ...gateways]);
}

/** The other end of a host's cable is not on this machine's network. */
export const noWire = (): LabError =>
  new LabError('engine', 'a rootless Podman lets nobody at its bridges, so nothing can be lost on the wire', {
    hint: 'for this scenario use Podman as root, Docker, or labctl’s own engine: `--engine embedded`',
  });
