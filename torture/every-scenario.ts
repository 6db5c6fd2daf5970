// Runs every scenario many times in a row, in random order, in one lab and one process: each verdict must be met.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { analyse } from '../labctl/analysis/analyse.ts';
import { engineNames, openEngines } from '../labctl/engine/choose.ts';
import { readRun } from '../labctl/folder/read-run.ts';
import { answerText } from '../labctl/lesson/answers.ts';
import type { Report } from '../labctl/model/report.ts';
import type { Scenario } from '../labctl/model/scenario.ts';
import { readCompose } from '../labctl/plan/compose.ts';
import { readScenario } from '../labctl/plan/scenario.ts';
import { packageRoot } from '../labctl/root.ts';
import { runScenario } from '../labctl/run/run.ts';
import { Random } from '../truth/random.ts';

const cli = join(packageRoot, 'dist/cli.js');
const labName = `labctl-torture-${process.pid}`;
const labctl = (engine: string, verb: string) =>
  execFileSync(process.execPath, [cli, '--engine', engine, '--lab', labName, verb], { stdio: 'ignore' });

const say = (text: string) => process.stdout.write(`${text}\n`);

function shuffled<T>(values: readonly T[], random: Random): T[] {
  return values
    .map((value) => ({ value, place: random.below(2 ** 30) }))
    .sort((one, other) => one.place - other.place)
    .map(({ value }) => value);
}

/** Places of answers that this run could not fill. */
const gaps = (report: Report): string[] =>
  (report.scenario.lesson ?? []).flatMap((question) =>
    (['en', 'fr'] as const).flatMap((language) => answerText(question, report, language).match(/⟨[^⟩]*⟩/g) ?? []),
  );

/** What was not met, each as one line with its evidence. */
function faults(report: Report): string[] {
  const { verdicts, verdict, run, events } = report;
  const failed = events.flatMap((event) =>
    event.kind === 'step-failed' ? [`step ${event.step}: ${event.awaited}: ${event.seen}`] : [],
  );
  const unmet = verdicts
    .filter((one) => one.verdict !== 'met')
    .map((one) => `${one.verdict} ${one.at}: expected ${one.expected.en}; seen ${one.seen.en}`);
  const whole = verdict === 'met' && run.outcome === 'complete' ? [] : [`${verdict}, ${run.outcome}`];
  return [...whole, ...failed, ...unmet, ...gaps(report)];
}

function scenariosOf(names: readonly string[], lab: Parameters<typeof readScenario>[2]): Scenario[] {
  const folder = join(packageRoot, 'scenarios');
  const all = readdirSync(folder).flatMap((file) => (file.endsWith('.yml') ? [basename(file, '.yml')] : []));
  return (names.length > 0 ? names : all).map((name) => {
    const file = join(folder, `${name}.yml`);
    return readScenario(readFileSync(file, 'utf8'), file, lab);
  });
}

/** `[times = 20] [engine = embedded] [scenario…]`; true when every run of every scenario met all it expects. */
export async function everyScenario([times = '20', wanted = 'embedded', ...names]: string[]): Promise<boolean> {
  const engineName = engineNames.find((one) => one === wanted) ?? 'embedded';
  const composeFile = join(packageRoot, 'docker-compose.yml');
  const lab = readCompose(readFileSync(composeFile, 'utf8'), composeFile, labName);
  const scenarios = scenariosOf(names, lab);
  const runsFolder = mkdtempSync(join(tmpdir(), 'labctl-torture-'));
  const random = new Random(Date.now());
  const seconds = new Map(scenarios.map(({ name }) => [name, 0]));
  let failed = 0;
  labctl(engineName, 'up');
  try {
    const [engine] = await openEngines(process.env, engineName);
    for (let time = 1; time <= Number(times); time++)
      for (const scenario of shuffled(scenarios, random)) {
        const began = performance.now();
        const { folder } = await runScenario({ engine, lab, scenario, runsFolder });
        const found = faults(analyse(await readRun(folder)));
        seconds.set(scenario.name, (seconds.get(scenario.name) ?? 0) + (performance.now() - began) / 1000);
        if (found.length > 0) failed += 1;
        for (const fault of found) say(`round ${time}, ${scenario.name}: ${fault} (${folder})`);
        if (found.length === 0) rmSync(folder, { recursive: true });
      }
  } finally {
    labctl(engineName, 'down');
    if (failed === 0) rmSync(runsFolder, { recursive: true, force: true });
  }
  for (const [name, total] of seconds) say(`${name}: ${(total / Number(times)).toFixed(2)} s each`);
  const runs = scenarios.length * Number(times);
  say(
    `${scenarios.length} scenarios, ${times} times each in random order on ${engineName}: ${runs} runs, ${failed} failed`,
  );
  return failed === 0;
}
