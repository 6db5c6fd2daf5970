// The topology as lines for `ip -batch`: what to take away, what to lay, and what each host does on its own side.

import { gatewayOf, type HostPlace, type NetworkPlace, type Topology } from './topology.ts';

/** What differs between what stands and what shall stand. */
export interface Change {
  removeHosts: string[];
  addHosts: string[];
  before: Topology;
  after: Topology;
}

const sameNetwork = (a: NetworkPlace) => (b: NetworkPlace) =>
  a.name === b.name && a.subnet === b.subnet && a.subnet6 === b.subnet6;

export const networksToRemove = ({ before, after }: Pick<Change, 'before' | 'after'>): NetworkPlace[] =>
  before.networks.filter((network) => !after.networks.some(sameNetwork(network)));

export const networksToAdd = ({ before, after }: Pick<Change, 'before' | 'after'>): NetworkPlace[] =>
  after.networks.filter((network) => !before.networks.some(sameNetwork(network)));

const placeOf = (topology: Topology, name: string): HostPlace | undefined =>
  topology.hosts.find((host) => host.name === name);

const lines = (each: readonly string[]): string => each.map((line) => `${line}\n`).join('');

/** What goes: cables by their names, because the kernel takes its time with a namespace that is gone; then bridges. */
export function awayLines(change: Change): string {
  const ports = change.removeHosts.flatMap((name) => placeOf(change.before, name)?.links ?? []);
  return lines([
    ...ports.map(({ port }) => `link del ${port}`),
    ...networksToRemove(change).map(({ bridge }) => `link del ${bridge}`),
  ]);
}

/** What goes again when the change could not be made: all of it that is new. */
export function undoLines(change: Change): string {
  const ports = change.addHosts.flatMap((name) => placeOf(change.after, name)?.links ?? []);
  return lines([
    ...ports.map(({ port }) => `link del ${port}`),
    ...networksToAdd(change).map(({ bridge }) => `link del ${bridge}`),
  ]);
}

/** New bridges. No spanning tree and no snooping: a bridge here only carries frames (ip-link(8)). */
export const bridgeLines = (change: Change): string =>
  lines(
    networksToAdd(change).map(
      ({ bridge }) => `link add ${bridge} up type bridge stp_state 0 forward_delay 0 mcast_snooping 0`,
    ),
  );

/** One cable a line, with the host whose pid the keeper puts in place of `{host}`. */
export const cableLines = ({ addHosts, after }: Change): [host: string, line: string][] =>
  addHosts.flatMap((name) =>
    (placeOf(after, name)?.links ?? []).map(({ name: end, network, mac, port }): [string, string] => {
      const bridge = after.networks.find((one) => one.name === network)?.bridge;
      return [name, `link add ${port} up master ${bridge} type veth peer name ${end} address ${mac} netns {${name}}`];
    }),
  );

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

/** What Docker too sets in every host that has no IPv6; ping without rights is for the one group that there is. */
const defaults: Record<string, string> = {
  'net.ipv6.conf.all.disable_ipv6': '1',
  'net.ipv6.conf.default.disable_ipv6': '1',
  'net.ipv4.ip_unprivileged_port_start': '0',
  'net.ipv4.ping_group_range': '1000 1000',
};

/** Addresses are labctl's to give, so nobody asks for them, and nothing is tried before they are used. */
const withIpv6: Record<string, string> = {
  'net.ipv6.conf.all.disable_ipv6': '0',
  'net.ipv6.conf.default.disable_ipv6': '0',
};
const calm = { accept_ra: '0', autoconf: '0', accept_dad: '0', router_solicitations: '0' };

function ipv6Settings(links: HostPlace['links']): Record<string, string> {
  if (links.every(({ address6 }) => address6 === undefined)) return {};
  const each = links.flatMap(({ name, address6 }) =>
    Object.entries(address6 === undefined ? { disable_ipv6: '1' } : calm).map(
      ([key, value]) => [`net.ipv6.conf.${name}.${key}`, value] as const,
    ),
  );
  return { ...withIpv6, ...Object.fromEntries(each) };
}

const pathOf = (key: string): string => `/proc/sys/${key.replaceAll('.', '/')}`;

/**
 * A shell script that sets up the host's side: Docker's settings, those of its file, addresses, and a way to other
 * networks at whose end nobody answers, as on Docker: there too a lab's gateway is an address that nobody holds.
 */
export function hostScript({ links }: HostPlace, sysctls: Readonly<Record<string, string>>): string {
  const asked = Object.entries(sysctls).map(([key, value]) => `printf %s ${quoted(value)} >${quoted(pathOf(key))}`);
  const usual = Object.entries({ ...defaults, ...ipv6Settings(links) }).map(([key, value]) => {
    const path = quoted(pathOf(key));
    return `[ ! -e ${path} ] || printf %s ${quoted(value)} >${path}`;
  });
  const addresses = links.flatMap(({ name, address, address6, prefixLength }) => [
    `address add ${address}/${prefixLength} broadcast + dev ${name}`,
    ...(address6 === undefined ? [] : [`address add ${address6}/64 dev ${name} nodad`]),
    `link set ${name} up`,
  ]);
  const routes = links.slice(0, 1).map((link) => `route add default via ${gatewayOf(link)} dev ${link.name}`);
  return [...usual, ...asked, "ip -batch - <<'END'", ...addresses, ...routes, 'END', ''].join('\n');
}
