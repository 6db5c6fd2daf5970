// One running host of a lab: programs in it, its interfaces, its log.

import { addAbortSignal, Readable } from 'node:stream';
import { LabError } from '../../model/lab-error.ts';
import { didYouMean } from '../../plan/suggest.ts';
import type { Host, HostInterface } from '../engine.ts';
import type { Api } from './api.ts';
import { demultiplex } from './demultiplex.ts';
import { at } from './errors.ts';
import { execProgram, type Place, spawnProgram } from './program.ts';
import { hostNameOf, isHost, listContainers, tunedOf } from './state.ts';
import type { ContainerSummary, EndpointSummary } from './wire.ts';

/** The host of that name. Throws LabError when the lab has none such, or when it does not run. */
export async function openHost(api: Api, lab: string, name: string): Promise<Host> {
  const containers = (await listContainers(api, lab)).filter(isHost);
  const container = containers.find((candidate) => hostNameOf(candidate) === name);
  if (container?.State === 'running')
    return { ...dockerHost(api, lab, { container: container.Id, host: name }), ...tunedOf(container) };
  throw notRunning(lab, name, containers, container);
}

function notRunning(lab: string, name: string, all: ContainerSummary[], container?: ContainerSummary): LabError {
  if (all.length === 0) return new LabError('engine', `the lab "${lab}" is not up`, { hint: '`labctl up`' });
  const where = `host ${name}`;
  if (container) return new LabError('engine', `it does not run (${container.State})`, { where, hint: '`labctl up`' });
  const names = all.map(hostNameOf);
  return new LabError('usage', `the lab "${lab}" has no host "${name}"${didYouMean(name, names)}`, {
    hint: `its hosts are ${names.sort().join(', ')}`,
  });
}

function dockerHost(api: Api, lab: string, place: Place): Host {
  const where = `host ${place.host}`;
  const placed = <Result>(work: Promise<Result>): Promise<Result> =>
    work.catch((error: unknown) => {
      throw at(where, error);
    });
  return {
    name: place.host,
    exec: (argv, options) => placed(execProgram(api, place, argv, options)),
    spawn: (argv, options) => placed(spawnProgram(api, place, argv, options)),
    interfaces: () => placed(interfacesOf(api, lab, place)),
    logs: (options) => placed(logsOf(api, place, options)),
  };
}

interface LogOptions {
  follow: boolean;
  tail?: number;
  signal?: AbortSignal;
}

async function logsOf(api: Api, { container }: Place, { follow, tail, signal }: LogOptions): Promise<Readable> {
  const answer = await api.open('GET', `/containers/${container}/logs`, {
    query: { stdout: '1', stderr: '1', follow: follow ? '1' : '0', tail: tail === undefined ? 'all' : String(tail) },
    signal,
  });
  const bytes = async function* () {
    for await (const chunk of demultiplex(answer)) yield chunk.bytes;
  };
  const log = Readable.from(bytes(), { objectMode: false });
  log.once('close', () => answer.destroy());
  return signal ? addAbortSignal(signal, log) : log;
}

/** What `ip -json address` says of an interface (iproute2, ip-address(8)); only what is read here. */
interface AddressRow {
  ifname: string;
  address: string;
  addr_info: { family: string; local: string; prefixlen: number }[];
}

/** The engine knows a host's networks by MAC address, only the host knows its interfaces' names. */
async function interfacesOf(api: Api, lab: string, place: Place): Promise<HostInterface[]> {
  const [inside, details] = await Promise.all([
    execProgram(api, place, ['ip', '-json', 'address']),
    api.call<Pick<ContainerSummary, 'NetworkSettings'>>('GET', `/containers/${place.container}/json`),
  ]);
  if (inside.exitCode !== 0) {
    throw new LabError('engine', `its interfaces cannot be listed: ${inside.stderr.trim() || inside.stdout.trim()}`, {
      where: `host ${place.host}`,
    });
  }
  const rows = JSON.parse(inside.stdout) as AddressRow[];
  return Object.entries(details.NetworkSettings.Networks)
    .flatMap(([network, endpoint]) => matchInterface(rows, network.replace(`${lab}_`, ''), endpoint))
    .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}

function matchInterface(rows: AddressRow[], network: string, endpoint: EndpointSummary): HostInterface[] {
  const row = rows.find(({ address }) => address === endpoint.MacAddress);
  const ipv4 = row?.addr_info.find(({ family }) => family === 'inet');
  if (row === undefined || ipv4 === undefined) return [];
  const address6 = endpoint.GlobalIPv6Address;
  const found = { name: row.ifname, network, address: ipv4.local, mac: row.address, prefixLength: ipv4.prefixlen };
  return [address6 ? { ...found, address6 } : found];
}
