// The lab in which endurance scripts run scenarios: brought up by labctl itself under a name that nobody else has, and
// taken down however it went.

import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import type { Engine } from '../labctl/engine/engine.ts';
import type { Lab } from '../labctl/model/lab.ts';
import type { Scenario } from '../labctl/model/scenario.ts';
import { readCompose } from '../labctl/plan/compose.ts';
import { readScenario } from '../labctl/plan/scenario.ts';
import { packageRoot } from '../labctl/root.ts';

const cli = join(packageRoot, 'dist/cli.cjs');
const usualLab = join(packageRoot, 'docker-compose.yml');

/** A name for a lab; several scripts may run at once. */
export const labNameOf = (number = 1): string => `labctl-torture-${process.pid}-${number}`;

/** A scenario and the lab that it runs in: the one it brings along, under a name of its own, else the usual one. */
export interface Placed {
  scenario: Scenario;
  lab: Lab;
}

export const scenarioFolder = join(packageRoot, 'scenarios');

export const scenarioNames = (): string[] =>
  readdirSync(scenarioFolder).flatMap((file) => (file.endsWith('.yml') ? [basename(file, '.yml')] : []));

export function placed(name: string, labName: string): Placed {
  const file = join(scenarioFolder, `${name}.yml`);
  const text = readFileSync(file, 'utf8');
  const [, own] = /^lab: (\S+)$/m.exec(text) ?? [];
  const composeFile = own === undefined ? usualLab : join(scenarioFolder, own);
  const lab = readCompose(readFileSync(composeFile, 'utf8'), composeFile, own ? `${labName}-${name}` : labName);
  return { scenario: readScenario(text, file, lab), lab };
}

const labctl = (engine: string, { name, file }: Lab, verb: string) =>
  promisify(execFile)(process.execPath, [cli, '--engine', engine, '--lab', name, '--file', file, verb]);

/** Has these labs up while `act` goes on. */
export async function withLabs<Result>(
  engine: string,
  labs: readonly Lab[],
  act: () => Promise<Result>,
): Promise<Result> {
  const each = [...new Map(labs.map((lab) => [lab.name, lab])).values()];
  try {
    for (const lab of each) await labctl(engine, lab, 'up');
    return await act();
  } finally {
    for (const lab of each) await labctl(engine, lab, 'down');
  }
}

/** The addresses of all hosts of a lab, of those too that no scenario records. */
export async function addressesOf(engine: Engine, { name }: Lab): Promise<string[]> {
  const running = await engine.find(name);
  return (running?.hosts ?? []).flatMap(({ addresses }) => addresses.map(({ address }) => address));
}
