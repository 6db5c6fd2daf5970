// Runs every scenario many times in a row, in random order, in one lab or in several at once, in one process: each
// verdict must be met, and each capture must hold packets of its own lab only.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { analyse } from '../labctl/analysis/analyse.ts';
import { type EngineName, openEngines } from '../labctl/engine/choose.ts';
import { readRun } from '../labctl/folder/read-run.ts';
import { answerText } from '../labctl/lesson/answers.ts';
import type { Report } from '../labctl/model/report.ts';
import type { RecordedRun } from '../labctl/model/run.ts';
import { runScenario } from '../labctl/run/run.ts';
import { Random } from '../truth/random.ts';
import { engineOf, numberOf, oneOf } from './arguments.ts';
import { say } from './say.ts';
import { addressesOf, labNameOf, placed, scenarioNames, withLabs } from './scenario-lab.ts';

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

/** Addresses in a recording that no host of its lab has: another lab's packets, were there any. */
function strangers({ packets, record }: RecordedRun, known: readonly string[]): string[] {
  const recorded = record.hosts.flatMap(({ interfaces }) => interfaces.flatMap(({ addresses }) => addresses));
  const own = new Set([...recorded, ...known]);
  const seen = new Set(
    packets.flatMap(({ ip, arp }) => [
      ...(ip ? [ip.source, ip.destination] : []),
      ...(arp ? [arp.senderAddress, arp.targetAddress] : []),
    ]),
  );
  const nobody = /^(0\.0\.0\.0|127\..*|255\..*|2(2[4-9]|3\d)\..*|::1?|ff.*|fe80:.*)$/;
  return [...seen].filter((address) => !own.has(address) && !nobody.test(address)).map((one) => `a packet of ${one}`);
}

interface Task {
  engineName: EngineName;
  labName: string;
  names: readonly string[];
  times: number;
  runsFolder: string;
}

/** One lab's share, and that of the labs that scenarios bring along; gives each scenario's seconds in all, and how many runs had faults. */
async function inOneLab({ engineName, labName, names, times, runsFolder }: Task) {
  const scenarios = names.map((name) => placed(name, labName));
  const random = new Random(Date.now());
  const seconds = new Map(scenarios.map(({ scenario }) => [scenario.name, 0]));
  let failed = 0;
  const labs = scenarios.map(({ lab }) => lab);
  await withLabs(engineName, labs, async () => {
    const [engine] = await openEngines(process.env, engineName);
    for (let time = 1; time <= times; time++)
      for (const { scenario, lab } of shuffled(scenarios, random)) {
        const began = performance.now();
        // A scenario may take a host away, or have one made anew.
        const before = await addressesOf(engine, lab);
        const { folder } = await runScenario({ engine, lab, scenario, runsFolder });
        const run = await readRun(folder);
        const known = [...before, ...(await addressesOf(engine, lab))];
        const found = [...faults(analyse(run)), ...strangers(run, known)];
        seconds.set(scenario.name, (seconds.get(scenario.name) ?? 0) + (performance.now() - began) / 1000);
        if (found.length > 0) failed += 1;
        for (const fault of found) say(`round ${time}, ${scenario.name}: ${fault} (${folder})`);
        if (found.length === 0) rmSync(folder, { recursive: true });
      }
  });
  return { seconds, failed };
}

/** `[times = 20] [engine = embedded] [labs = 1] [scenario…]`; true when every run of every scenario met all it expects. */
export async function everyScenario(argv: string[]): Promise<boolean> {
  const [count = '20', wanted = 'embedded', many = '1', ...chosen] = argv;
  const [times, labs, engineName] = [numberOf(count, 'times'), numberOf(many, 'labs'), engineOf(wanted)];
  const names = chosen.length > 0 ? chosen.map((name) => oneOf(name, scenarioNames(), 'scenario')) : scenarioNames();
  const runsFolder = mkdtempSync(join(tmpdir(), 'labctl-torture-'));
  const done = await Promise.all(
    Array.from({ length: labs }, (_, index) =>
      inOneLab({
        engineName,
        labName: labNameOf(index + 1),
        names,
        times,
        runsFolder,
      }),
    ),
  );
  const failed = done.reduce((sum, one) => sum + one.failed, 0);
  if (failed === 0) rmSync(runsFolder, { recursive: true, force: true });
  const all = [...(done[0]?.seconds.keys() ?? [])];
  const rounds = times * labs;
  for (const name of all) {
    const total = done.reduce((sum, { seconds }) => sum + (seconds.get(name) ?? 0), 0);
    say(`${name}: ${(total / rounds).toFixed(2)} s each`);
  }
  const where = labs === 1 ? '' : ` in each of ${labs} labs at once`;
  say(
    `${all.length} scenarios, ${times} times each in random order${where} on ${engineName}: ${all.length * rounds} runs, ${failed} failed`,
  );
  return failed === 0;
}
