// The floor for `up` and `down`: a bare Node process in which dockerode makes the calls that have to be made, and
// nothing else. Reads them from a file; run as `node floor.js up|down CALLS.json PARALLEL`.

import { readFileSync } from 'node:fs';
import type { ContainerCreateOptions, NetworkCreateOptions } from 'dockerode';
import Docker from 'dockerode';

/** Everything the engine is asked to make. */
export interface Calls {
  networks: NetworkCreateOptions[];
  hosts: { config: ContainerCreateOptions; further: { network: string; endpoint: { Aliases: string[] } }[] }[];
}

const docker = new Docker();

async function atMost<Value>(limit: number, values: Value[], work: (value: Value) => Promise<unknown>): Promise<void> {
  const queue = values.values();
  const worker = async () => {
    for (const value of queue) await work(value);
  };
  await Promise.all(Array.from({ length: limit }, worker));
}

async function up({ networks, hosts }: Calls, parallel: number): Promise<void> {
  await Promise.all(networks.map((network) => docker.createNetwork(network)));
  await atMost(parallel, hosts, async ({ config, further }) => {
    const container = await docker.createContainer(config);
    await container.start();
    for (const { network, endpoint } of further) {
      await docker.getNetwork(network).connect({ Container: container.id, EndpointConfig: endpoint });
    }
  });
}

async function down({ networks, hosts }: Calls, parallel: number): Promise<void> {
  await atMost(parallel, hosts, ({ config }) =>
    docker.getContainer(config.name ?? '').remove({ force: true, v: true }),
  );
  await Promise.all(networks.map(({ Name }) => docker.getNetwork(Name).remove()));
}

const [, , verb, file = '', parallel = '4'] = process.argv;
const calls = JSON.parse(readFileSync(file, 'utf8')) as Calls;
await (verb === 'up' ? up : down)(calls, Number(parallel));
