// labctl's own lab grown to any number of hosts, as a value and as a Compose file: what the benchmarks bring up.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostSpec, Lab } from '../labctl/model/lab.ts';
import { readCompose } from '../labctl/plan/compose.ts';
import { packageRoot } from '../labctl/root.ts';

/** labctl's own lab with so many hosts: more of client1's kind. */
export async function labOf(name: string, hosts: number): Promise<Lab> {
  const file = join(packageRoot, 'docker-compose.yml');
  const lab = readCompose(await readFile(file, 'utf8'), file, name, 'docker-compose.yml');
  const client = lab.hosts.find((host) => host.name === 'client1') as HostSpec;
  for (let number = lab.hosts.length; number < hosts; number++) {
    const more = `client${number}`;
    lab.hosts.push({ ...client, name: more, hostname: more });
  }
  return lab;
}

/** The lab as a Compose file (JSON is YAML too), with the keys that the lab uses. */
export function composeText({ hosts, networks }: Lab): string {
  const services = hosts.map(({ name, ...host }) => [name, service(host)] as const);
  const file = {
    version: '2.4',
    services: Object.fromEntries(services),
    networks: Object.fromEntries(
      networks.map(({ name, internal, driverOpts }) => [name, { internal, driver_opts: driverOpts }]),
    ),
  };
  return JSON.stringify(file, null, 1);
}

const service = (host: Omit<HostSpec, 'name'>) => ({
  image: host.image,
  build: host.build,
  hostname: host.hostname,
  cap_drop: host.capDrop,
  cap_add: host.capAdd,
  security_opt: host.securityOpt,
  pids_limit: host.pidsLimit,
  mem_limit: host.memoryLimit,
  cpus: host.cpus,
  init: host.init,
  read_only: host.readOnly,
  tmpfs: Object.entries(host.tmpfs).map(([folder, options]) => `${folder}:${options}`),
  networks: Object.fromEntries(host.attachments.map(({ network, aliases }) => [network, { aliases }])),
});
