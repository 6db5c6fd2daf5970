// The lab of the repository under a name of its own, scenarios for it from files or from a few lines, and runs in a folder
// that goes away.

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { EngineName } from '../labctl/engine/choose.ts';
import type { Engine } from '../labctl/engine/engine.ts';
import { readRun } from '../labctl/folder/read-run.ts';
import type { Lab } from '../labctl/model/lab.ts';
import type { RecordedRun, RunEvent } from '../labctl/model/run.ts';
import type { Scenario } from '../labctl/model/scenario.ts';
import { readCompose } from '../labctl/plan/compose.ts';
import { readScenario } from '../labctl/plan/scenario.ts';
import { packageRoot } from '../labctl/root.ts';
import { type RunOptions, type RunResult, runScenario } from '../labctl/run/run.ts';
import { labName, openEngine } from './engine-under-test.ts';

export interface DoneRun extends RunResult {
  run: RecordedRun;
  events: RunEvent[];
}

export interface RunLab extends AsyncDisposable {
  engine: Engine;
  lab: Lab;
  runsFolder: string;
  /** One of the repository's scenarios. */
  scenario(name: string): Scenario;
  /** A scenario file of these steps on server and client1. */
  writeSteps(name: string, steps: string, hosts?: string): Promise<Scenario>;
  run(scenario: Scenario, options?: Partial<RunOptions>): Promise<DoneRun>;
  /** What the tools of a recording would be called, as far as they run in any host of the lab. */
  leftovers(): Promise<string[]>;
}

const read = (file: string) => readFileSync(file, 'utf8');

/** Brings the lab up on the engine under test, or on the one given; `edit` changes the text of its Compose file. */
export async function runLab(purpose: string, on?: EngineName, edit = (text: string) => text): Promise<RunLab> {
  const name = labName(purpose);
  const file = join(packageRoot, 'docker-compose.yml');
  const [engine, lab] = [await openEngine(on), readCompose(edit(read(file)), file, name)];
  await engine.build(lab);
  await engine.up(lab);
  const folder = await mkdtemp(join(tmpdir(), 'labctl-run-'));
  const runsFolder = join(folder, 'runs');
  return {
    engine,
    lab,
    runsFolder,
    scenario: (scenario) => {
      const path = join(packageRoot, 'scenarios', `${scenario}.yml`);
      return readScenario(read(path), path, lab);
    },
    writeSteps: async (scenario, steps, hosts = '[server, client1]') => {
      const path = join(folder, `${scenario}.yml`);
      const texts = 'title: { en: t, fr: t }\nabout: { en: a, fr: a }\n';
      await writeFile(path, `${texts}hosts: ${hosts}\nsteps:\n${steps}`);
      return readScenario(read(path), path, lab);
    },
    run: async (scenario, options = {}) => {
      const events: RunEvent[] = [];
      const onEvent = (event: RunEvent) => {
        events.push(event);
        options.onEvent?.(event);
      };
      const result = await runScenario({ engine, lab, scenario, runsFolder, ...options, onEvent });
      return { ...result, events, run: await readRun(result.folder) };
    },
    leftovers: () => leftovers(engine, lab),
    [Symbol.asyncDispose]: async () => {
      await engine.down(lab.name);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function leftovers(engine: Engine, lab: Lab): Promise<string[]> {
  const ours = /\b(tcpdump|strace|python3|server2?|client|yes|cat|labctl-[a-z]+-\w+)\b/;
  const found = await Promise.all(
    lab.hosts.map(async ({ name }) => {
      const host = await engine.host(lab.name, name);
      const { stdout } = await host.exec(['sh', '-c', 'ps -eo comm=; ls /dev/shm']);
      return stdout.split('\n').filter((line) => ours.test(line));
    }),
  );
  return found.flat();
}

/** A tool of this machine to compare with; its standard output. */
export async function tool(command: string, ...argv: string[]): Promise<string> {
  return (await promisify(execFile)(command, argv, { maxBuffer: 1 << 26 })).stdout;
}
