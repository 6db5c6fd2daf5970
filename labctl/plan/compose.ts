// Compose file text → Lab. What Compose would do with each key is done or refused by name and line, never passed over.

import { dirname, resolve } from 'node:path';
import type { Attachment, HostSpec, Lab, NetworkSpec } from '../model/lab.ts';
import type { LabError } from '../model/lab-error.ts';
import { complaint, complaintsOf, isRecord, refuse } from './complaints.ts';
import { composeRefusals, composeSchema, type NetworkValue, type ServiceValue } from './compose-schema.ts';
import { withoutVariables } from './interpolation.ts';
import { hostNamePattern, labNameFor, networkNamePattern } from './names.ts';
import { readSource, type Source } from './source.ts';
import { didYouMean } from './suggest.ts';

/** The network of every service that names none, as in Compose. */
const defaultNetwork = 'default';

/**
 * Reads the text of a Compose file.
 *
 * `file` is its path, by which build contexts are resolved; `labName` the name given by `--lab` or
 * COMPOSE_PROJECT_NAME, if any (else Compose's project name); `shown` the path that complaints name.
 * As in Compose, a service that names no network is on `default`, and a network that no service uses is not made.
 * Throws LabError or LabErrors (usage) with places.
 */
export function readCompose(text: string, file: string, labName?: string, shown = file): Lab {
  const source = readSource(text, shown);
  const found: LabError[] = [];
  const value = composeValue(source, found);
  const parsed = composeSchema.safeParse(value);
  if (!parsed.success)
    found.push(...complaintsOf(parsed.error, { source, schema: composeSchema, base: [], refusals: composeRefusals }));
  found.push(...wrongNames(source, value));
  refuse(found);
  if (parsed.data === undefined) throw new Error('a schema that failed said nothing');
  const { services, networks } = parsed.data;
  const declared = { ...networks };
  const hosts = Object.entries(services).map(([name, service]) => hostSpec(name, service, dirname(resolve(file))));
  refuse(wrongServices(source, services, Object.keys(declared)));
  const used = new Set(hosts.flatMap(({ attachments }) => attachments.map(({ network }) => network)));
  if (used.has(defaultNetwork)) declared[defaultNetwork] ??= {};
  return {
    name: labNameFor(file, labName),
    file: resolve(file),
    hosts,
    networks: Object.entries(declared).flatMap(([name, network]) => (used.has(name) ? [networkSpec(name, network)] : [])),
  };
}

/** The file's value as the schema reads it: without `x-` keys, without variables. */
function composeValue(source: Source, found: LabError[]): unknown {
  if (!isRecord(source.value)) return source.value;
  const kept = Object.entries(source.value).filter(([key]) => !key.startsWith('x-'));
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutVariables(source, value, [key], found)]));
}

/** Keys of a section, when it is a map at all. */
const keysOf = (value: unknown, section: string): string[] => {
  const map = isRecord(value) ? value[section] : undefined;
  return isRecord(map) ? Object.keys(map) : [];
};

function wrongNames(source: Source, value: unknown): LabError[] {
  const hosts = keysOf(value, 'services');
  const wrongHosts = hosts
    .filter((name) => !hostNamePattern.test(name) || name === 'localhost')
    .map((name) =>
      complaint(`${JSON.stringify(name)} cannot be the name of a host`, source.keyPlace(['services', name]), nameRule),
    );
  const wrongNetworks = keysOf(value, 'networks')
    .filter((name) => !networkNamePattern.test(name) || name === 'loopback')
    .map((name) =>
      complaint(`${JSON.stringify(name)} cannot be the name of a network`, source.keyPlace(['networks', name]), nameRule),
    );
  const none = hosts.length === 0 && isRecord(value) && isRecord(value.services);
  return [...wrongHosts, ...wrongNetworks, ...(none ? [complaint('no service: a lab needs a host', source.place(['services']))] : [])];
}

const nameRule = 'lower-case letters, digits and -, at most 40, a letter first ("localhost" and "loopback" are taken)';

/** What one service says against itself or against the networks that there are. */
function wrongServices(source: Source, services: Record<string, ServiceValue>, networks: string[]): LabError[] {
  return Object.entries(services).flatMap(([name, { networks: attachments = [], labels = {}, build }]) => {
    const at = ['services', name];
    const seen = new Set<string>();
    const wrong = attachments.flatMap(({ network }, index) => {
      const place = source.keyPlace([...at, 'networks', source.isList([...at, 'networks']) ? index : network]);
      const twice = seen.has(network);
      seen.add(network);
      if (twice) return [complaint(`"${name}" names network "${network}" twice`, place)];
      if (networks.includes(network) || network === defaultNetwork) return [];
      return [complaint(`unknown network "${network}"${didYouMean(network, networks)}`, place, 'networks are declared at the end of the file')];
    });
    const reserved = Object.keys(labels).find((key) => /^(labctl|com\.docker\.compose)\./.test(key));
    if (reserved !== undefined)
      wrong.push(complaint(`label "${reserved}" is kept for labctl and Compose`, source.place([...at, 'labels', reserved])));
    if (build !== undefined && /^[a-z+]+:\/\/|^git@|^github\.com\//.test(build.context))
      wrong.push(complaint('a build context is a folder here', source.place([...at, 'build', 'context'])));
    return wrong;
  });
}

const onDefault: Attachment[] = [{ network: defaultNetwork, aliases: [] }];

function hostSpec(name: string, service: ServiceValue, folder: string): HostSpec {
  const { build, networks } = service;
  const spec: HostSpec = {
    name,
    image: service.image,
    build: build && { context: resolve(folder, build.context), dockerfile: build.dockerfile },
    command: service.command,
    entrypoint: service.entrypoint,
    hostname: service.hostname,
    user: service.user,
    workingDir: service.working_dir,
    environment: service.environment ?? {},
    attachments: networks === undefined || networks.length === 0 ? onDefault : networks,
    capDrop: service.cap_drop ?? [],
    capAdd: service.cap_add ?? [],
    securityOpt: service.security_opt ?? [],
    pidsLimit: service.pids_limit,
    memoryLimit: service.mem_limit,
    cpus: service.cpus,
    init: service.init ?? false,
    readOnly: service.read_only ?? false,
    tmpfs: service.tmpfs ?? {},
    sysctls: service.sysctls ?? {},
    labels: service.labels ?? {},
  };
  return Object.fromEntries(Object.entries(spec).filter(([, value]) => value !== undefined)) as unknown as HostSpec;
}

const networkSpec = (name: string, network: NetworkValue): NetworkSpec => ({
  name,
  internal: network.internal ?? false,
  driverOpts: network.driver_opts ?? {},
  labels: network.labels ?? {},
});
