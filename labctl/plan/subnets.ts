// Chooses small IPv4 subnets for lab networks around those that are taken. Pure arithmetic; who holds what is told to it.

import { LabError } from '../model/lab-error.ts';

/**
 * Where lab subnets come from, in order of preference. 10.213.0.0/16 lies away from what others settle on: the low
 * tens (home routers, clouds, OpenVPN's 10.8, VirtualBox's 10.0.2), 10.42/43 (k3s), 10.88 (podman), 10.96 and 10.244
 * (Kubernetes), and outside Docker's own 172.17-172.31 and 192.168. The others serve where a VPN routes all of 10/8.
 */
export const subnetPools: readonly string[] = ['10.213.0.0/16', '172.30.208.0/20', '192.168.224.0/20'];

export interface SubnetNeed {
  network: string;
  hosts: number;
}

/** A CIDR in use, and by whom where that is known. */
export interface TakenSubnet {
  subnet: string;
  holder?: string;
}

export interface ChosenSubnet {
  network: string;
  /** `10.213.0.16/28`. */
  subnet: string;
}

export interface SubnetSearch {
  /** CIDRs, in order of preference. */
  pools?: readonly string[];
  /** At which share of a pool to begin looking, from 0 up to 1; at its beginning unless told. */
  from?: number;
}

interface Range {
  first: number;
  /** One past the last address. */
  end: number;
}

/** The addresses of an IPv4 CIDR as numbers (RFC 4632); undefined when the text is none (IPv6 included). */
export function cidrRange(cidr: string): Range | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?$/.exec(cidr.trim());
  if (match === null) return undefined;
  const octets = match.slice(1, 5).map(Number);
  const prefix = Number(match[5] ?? 32);
  if (prefix > 32 || octets.some((octet) => octet > 255)) return undefined;
  const size = 2 ** (32 - prefix);
  const address = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  const first = address - (address % size);
  return { first, end: first + size };
}

/** `10.213.0.2`, by its number. */
export const addressText = (address: number): string =>
  [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');

/** Network, broadcast and gateway, and two to spare for a helper container or one more host. */
const reserved = 3 + 2;
const smallest = 16;

function blockSize(hosts: number): number {
  return Math.max(smallest, 2 ** Math.ceil(Math.log2(hosts + reserved)));
}

const overlaps = (a: Range, b: Range): boolean => a.first < b.end && b.first < a.end;

/** The first aligned block of that size in the range that touches nothing taken. */
function findBlock(size: number, pool: Range, taken: readonly Range[]): Range | undefined {
  let first = Math.ceil(pool.first / size) * size;
  while (first + size <= pool.end) {
    const block = { first, end: first + size };
    const obstacle = taken.find((range) => overlaps(block, range));
    if (obstacle === undefined) return block;
    // Jump behind the obstacle: a route to 10.0.0.0/8 must not cost a step for each block in it.
    first = Math.max(first + size, Math.ceil(obstacle.end / size) * size);
  }
  return undefined;
}

/** Each pool, entered at that share of its length, then what lies before that. */
const enteredAt = (from: number, pools: readonly Range[]): Range[] =>
  pools.flatMap(({ first, end }) => {
    const entry = first + Math.floor((end - first) * from);
    return [
      { first: entry, end },
      { first, end },
    ];
  });

function noneFree(need: SubnetNeed, size: number, taken: readonly TakenSubnet[], pools: readonly string[]): LabError {
  const ranges = pools.map(cidrRange);
  const holders = taken.filter(({ subnet }) => {
    const range = cidrRange(subnet);
    return range !== undefined && ranges.some((pool) => pool !== undefined && overlaps(range, pool));
  });
  const list = holders
    .slice(0, 8)
    .map(({ subnet, holder }) => `${subnet}${holder === undefined ? '' : ` (${holder})`}`);
  const more = holders.length > list.length ? ` and ${holders.length - list.length} more` : '';
  return new LabError(
    'engine',
    `no free subnet of ${size} addresses for network "${need.network}" in ${pools.join(', ')}` +
      (list.length === 0 ? '' : `; taken: ${list.join(', ')}${more}`),
    { hint: 'labctl ps --all shows the labs that run; labctl down --lab NAME frees the subnets of one' },
  );
}

/**
 * One subnet a network, just large enough for its hosts (at least /28), none overlapping another or anything taken;
 * in the order of the needs. Throws LabError (engine) naming who holds what when none is free.
 */
export function chooseSubnets(
  needs: readonly SubnetNeed[],
  taken: readonly (string | TakenSubnet)[],
  { pools = subnetPools, from = 0 }: SubnetSearch = {},
): ChosenSubnet[] {
  const held = taken.map((entry) => (typeof entry === 'string' ? { subnet: entry } : entry));
  const used = held.flatMap(({ subnet }) => cidrRange(subnet) ?? []);
  const places = enteredAt(
    from,
    pools.flatMap((pool) => cidrRange(pool) ?? []),
  );
  const chosen = new Map<SubnetNeed, ChosenSubnet>();
  // Large ones first, so that small ones do not break the room that a large one needs.
  for (const need of [...needs].sort((a, b) => b.hosts - a.hosts)) {
    const size = blockSize(need.hosts);
    const block = places.map((pool) => findBlock(size, pool, used)).find((found) => found !== undefined);
    if (block === undefined) throw noneFree(need, size, held, pools);
    used.push(block);
    chosen.set(need, { network: need.network, subnet: `${addressText(block.first)}/${32 - Math.log2(size)}` });
  }
  return needs.flatMap((need) => chosen.get(need) ?? []);
}
