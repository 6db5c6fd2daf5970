// The wire of an embedded lab: nft and tc beside the bridges, in the keeper's own network namespace.

import { join } from 'node:path';
import { LabError } from '../../model/lab-error.ts';
import { tableName } from '../../plan/names.ts';
import type { Wire } from '../engine.ts';
import { awaitReady, drain, lifeScript, wireFailed, wireHeld, wireStays } from '../wire-life.ts';
import type { Description } from './description.ts';
import { execOnWire, spawnOnWire } from './program.ts';

/** What flock(1) is told to exit with when somebody else has the lock. */
const held = 75;

/** See Engine.wire. */
export async function openWire(folder: string, lab: Description, hosts: readonly string[]): Promise<Wire> {
  const table = tableName(lab.name);
  const ports = lab.hosts
    .filter(({ name }) => hosts.includes(name))
    .flatMap(({ name, links }) => links.map(({ network, port }) => ({ host: name, network, port })));
  const lock = ['flock', '--nonblock', '--conflict-exit-code', String(held), join(folder, 'wire.lock')];
  const life = await spawnOnWire(folder, [...lock, 'sh', '-c', lifeScript(table)]);
  const output = life.output[Symbol.asyncIterator]();
  await awaitReady(output).catch(async (error: unknown) => {
    throw (await life.exitCode) === held ? wireHeld(lab.name) : error;
  });
  for (const { port } of ports) life.stdin.write(`${port}\n`);
  const lost = drain(output);
  return {
    ports,
    lost,
    exec: (argv, input = '') => execOnWire(folder, argv, input),
    release: async () => {
      life.stdin.end();
      await lost;
      const code = await life.exitCode.catch((error: unknown) => {
        if (error instanceof LabError) return 0;
        throw wireFailed(String(error));
      });
      if (code !== 0) throw wireStays(table);
    },
  };
}
