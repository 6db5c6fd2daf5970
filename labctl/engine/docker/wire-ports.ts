// Which interface of this machine is the other end of which host's cable: the host names its number, the machine its name.

import { LabError } from '../../model/lab-error.ts';
import type { WirePort } from '../../model/wire.ts';
import type { Wire } from '../engine.ts';
import { wireFailed } from '../wire-life.ts';
import type { Api } from './api.ts';
import { isRefusal } from './errors.ts';
import { networkName } from './labels.ts';
import { noWire } from './podman.ts';
import { execProgram, type Place } from './program.ts';
import { hostNameOf, isHost, listContainers } from './state.ts';
import type { ContainerSummary } from './wire.ts';
import { endHelper, startHelper, type WireHelper } from './wire-helper.ts';

/** What `ip -json link` says of an interface (ip-link(8)); only what is read here. */
interface LinkRow {
  ifindex: number;
  ifname: string;
  /** Number of the other end of a cable. */
  link_index?: number;
  address: string;
}

async function linksOf(api: Api, place: Place): Promise<LinkRow[]> {
  const { exitCode, stdout, stderr } = await execProgram(api, place, ['ip', '-json', 'link'], { user: '0' });
  if (exitCode === 0) return JSON.parse(stdout) as LinkRow[];
  throw new LabError('engine', `its interfaces cannot be listed: ${stderr.trim()}`, { where: place.host });
}

/** A cable's end by the number of the interface that it is. */
type Cable = Omit<WirePort, 'port'> & { index: number };

async function cablesOf(api: Api, lab: string, container: ContainerSummary): Promise<Cable[]> {
  const host = hostNameOf(container);
  const links = await linksOf(api, { container: container.Id, host });
  return Object.entries(container.NetworkSettings.Networks).flatMap(([name, { MacAddress }]) => {
    const index = links.find(({ address }) => address === MacAddress)?.link_index;
    return index === undefined ? [] : [{ host, network: name.replace(networkName(lab, ''), ''), index }];
  });
}

/** See Engine.wire. */
export async function openWire(api: Api, lab: string, hosts: readonly string[]): Promise<Wire> {
  const all = (await listContainers(api, lab)).filter((one) => isHost(one) && one.State === 'running');
  const wanted = all.filter((container) => hosts.includes(hostNameOf(container)));
  const [cables, helper] = await Promise.all([
    Promise.all(wanted.map((container) => cablesOf(api, lab, container))),
    start(api, lab, wanted[0]?.Image),
  ]);
  const named = await linksOf(api, helper);
  const ports = cables.flat().map(({ index, ...end }) => ({
    ...end,
    port: named.find(({ ifindex }) => ifindex === index)?.ifname ?? '',
  }));
  helper.socket.write(ports.map(({ port }) => `${port}\n`).join(''));
  const unknown = ports.find(({ port }) => port === '');
  if (unknown !== undefined) {
    await endHelper(api, helper);
    if (api.podman) throw noWire();
    throw wireFailed(`the cable of ${unknown.host} ends at no bridge of this machine`);
  }
  return {
    ports,
    lost: helper.ended,
    exec: (argv, input) => execProgram(api, helper, argv, { user: '0', ...(input === undefined ? {} : { input }) }),
    release: () => endHelper(api, helper),
  };
}

/** Images that were carried into a room come without the base: a host's own is made of it. */
async function start(api: Api, lab: string, image: string | undefined): Promise<WireHelper> {
  try {
    return await startHelper(api, lab);
  } catch (error) {
    if (image === undefined || !isRefusal(error, 404)) throw error;
    return startHelper(api, lab, image);
  }
}
