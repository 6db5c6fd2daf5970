// Measures what labctl adds to a scenario on Docker: recorders on four hosts, their end, and a whole `labctl run
// second-client` beside the waits that the scenario asks for.

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openDocker } from '../labctl/engine/docker/docker-engine.ts';
import type { Scenario } from '../labctl/model/scenario.ts';
import { readCompose } from '../labctl/plan/compose.ts';
import { readScenario } from '../labctl/plan/scenario.ts';
import { packageRoot } from '../labctl/root.ts';
import { labName, readyLab } from './ready-lab.ts';
import { measureRecorders } from './recorders.ts';
import { median, type Row } from './row.ts';

const run = promisify(execFile);
const cli = join(packageRoot, 'dist/cli.cjs');
const times = 7;
/** What labctl may add, and what its recorders may take, in milliseconds. */
const allowance = 800;
const readyAllowance = 350;
const drainAllowance = 250;

/** The silences that a scenario insists on, in milliseconds: no tool can be quicker. */
const ownWaits = ({ steps }: Scenario): number =>
  steps.reduce((sum, step) => sum + (step.verb === 'silence' ? step.silence : 0), 0);

function secondClient(): Scenario {
  const [composeFile, file] = [
    join(packageRoot, 'docker-compose.yml'),
    join(packageRoot, 'scenarios/second-client.yml'),
  ];
  return readScenario(readFileSync(file, 'utf8'), file, readCompose(readFileSync(composeFile, 'utf8'), composeFile));
}

export async function* benchRunTime(): AsyncIterable<Row> {
  await using _lab = await readyLab();
  const { ready, drained, execs } = await measureRecorders(await openDocker(), labName, times);
  const within = (milliseconds: number) => ({ name: 'allowance', milliseconds, most: 1 });
  yield {
    title: 'recorders ready, 4 hosts',
    labctl: ready,
    others: [within(readyAllowance), { name: 'a tcpdump in an exec for each interface', milliseconds: execs, most: 1 }],
  };
  yield { title: 'recorders drained and gone, 4 hosts', labctl: drained, others: [within(drainAllowance)] };
  const taken: number[] = [];
  for (let time = 0; time < times; time++) {
    const began = performance.now();
    await run(process.execPath, [cli, '--lab', labName, 'run', 'second-client']);
    taken.push(performance.now() - began);
  }
  const waits = ownWaits(secondClient());
  const others = [{ name: `its own waits of ${waits} ms + ${allowance} ms`, milliseconds: waits + allowance, most: 1 }];
  yield { title: 'labctl run second-client, lab up', labctl: median(taken), others };
}
