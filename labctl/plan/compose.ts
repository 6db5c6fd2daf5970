// Compose file text → Lab. What Compose would do with each key is done or refused by name and line, never passed over.

import { dirname, resolve } from 'node:path';
import type { Attachment, HostSpec, Lab, NetworkSpec } from '../model/lab.ts';
import type { LabError } from '../model/lab-error.ts';
import { complaint, complaintsOf, isRecord, refuse } from './complaints.ts';
import {
  type ComposeValue,
  composeRefusals,
  composeSchema,
  type NetworkValue,
  type ServiceValue,
} from './compose-schema.ts';
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
  const { services, networks } = checkedCompose(readSource(text, shown));
  const folder = dirname(resolve(file));
  const hosts = Object.entries(services).map(([name, service]) => hostSpec(name, service, folder));
  return {
    name: labNameFor(file, labName),
    file: resolve(file),
    hosts,
    networks: usedNetworks({ ...networks }, hosts),
  };
}

/** The value that the schema and the names in it make of the file; throws everything that is wrong with it. */
function checkedCompose(source: Source): ComposeValue {
  const found: LabError[] = [];
  const value = composeValue(source, found);
  const parsed = composeSchema.safeParse(value);
  if (!parsed.success) {
    const wrong = complaintsOf(parsed.error, { source, schema: composeSchema, base: [], refusals: composeRefusals });
    // A variable that was refused is no host name or number either; once is enough.
    found.push(...wrong.filter(({ where }) => !found.some((variable) => isSamePlace(variable.where, where))));
  }
  found.push(...wrongNames(source, value));
  refuse(found);
  if (parsed.data === undefined) throw new Error('the schema failed without saying why');
  refuse(wrongServices(source, parsed.data));
  return parsed.data;
}

/** As Compose does, only what some host is on; `default` needs no declaration. */
function usedNetworks(declared: Record<string, NetworkValue>, hosts: readonly HostSpec[]): NetworkSpec[] {
  const used = new Set(hosts.flatMap(({ attachments }) => attachments.map(({ network }) => network)));
  const known = used.has(defaultNetwork) ? { [defaultNetwork]: {}, ...declared } : declared;
  return Object.entries(known).flatMap(([name, network]) => (used.has(name) ? [networkSpec(name, network)] : []));
}

/** The file's value as the schema reads it: without `x-` keys, without variables. */
function composeValue(source: Source, found: LabError[]): unknown {
  if (!isRecord(source.value)) return source.value;
  const kept = Object.entries(source.value).filter(([key]) => !key.startsWith('x-'));
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutVariables(source, value, [key], found)]));
}

const isSamePlace = (a: LabError['where'], b: LabError['where']): boolean => JSON.stringify(a) === JSON.stringify(b);

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
      complaint(
        `${JSON.stringify(name)} cannot be the name of a network`,
        source.keyPlace(['networks', name]),
        nameRule,
      ),
    );
  const none = hosts.length === 0 && isRecord(value) && isRecord(value.services);
  return [
    ...wrongHosts,
    ...wrongNetworks,
    ...(none ? [complaint('no service: a lab needs a host', source.place(['services']))] : []),
  ];
}

const nameRule = 'lower-case letters, digits and -, at most 40, a letter first ("localhost" and "loopback" are taken)';

/** What services say against themselves or against the networks that there are. */
const wrongServices = (source: Source, { services, networks }: ComposeValue): LabError[] =>
  Object.entries(services).flatMap(([name, service]) => [
    ...wrongAttachments(source, name, service, Object.keys(networks ?? {})),
    ...wrongLabels(source, name, service),
    ...wrongBuild(source, name, service),
  ]);

function wrongAttachments(source: Source, name: string, service: ServiceValue, networks: string[]): LabError[] {
  const path = ['services', name, 'networks'];
  const seen = new Set<string>();
  return (service.networks ?? []).flatMap(({ network }, index) => {
    const place = source.keyPlace([...path, source.isList(path) ? index : network]);
    const twice = seen.has(network);
    seen.add(network);
    if (twice) return [complaint(`"${name}" names network "${network}" twice`, place)];
    if (networks.includes(network) || network === defaultNetwork) return [];
    const known = networks.length === 0 ? 'the file declares no networks' : `networks: ${networks.join(', ')}`;
    return [complaint(`unknown network "${network}"${didYouMean(network, networks)}`, place, known)];
  });
}

function wrongLabels(source: Source, name: string, { labels = {} }: ServiceValue): LabError[] {
  const kept = Object.keys(labels).filter((key) => /^(labctl|com\.docker\.compose)\./.test(key));
  return kept.map((key) =>
    complaint(`label "${key}" is kept for labctl and Compose`, source.keyPlace(['services', name, 'labels', key])),
  );
}

/** Compose also builds from a repository's address; a lab's image is a folder that can be known by its hash. */
function wrongBuild(source: Source, name: string, { build }: ServiceValue): LabError[] {
  if (build === undefined || !/^[a-z+]+:\/\/|^git@|^github\.com\//.test(build.context)) return [];
  return [
    complaint('a build context must be a folder of this machine', source.place(['services', name, 'build', 'context'])),
  ];
}

const onDefault: Attachment[] = [{ network: defaultNetwork, aliases: [] }];

function hostSpec(name: string, service: ServiceValue, folder: string): HostSpec {
  const { build, networks } = service;
  const spec: HostSpec = {
    name,
    image: service.image,
    build: build && { ...build, context: resolve(folder, build.context) },
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
  ...(network.enable_ipv6 ? { ipv6: true as const } : {}),
  driverOpts: network.driver_opts ?? {},
  labels: network.labels ?? {},
});
