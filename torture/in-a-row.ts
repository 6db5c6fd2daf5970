// Runs one scenario many times in a row in one process, and looks in every recording for the first SYN and the last ACK
// of each conversation, at both hosts; watches memory and open files meanwhile.

import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { analyse } from '../labctl/analysis/analyse.ts';
import { openEngines } from '../labctl/engine/choose.ts';
import { readRun } from '../labctl/folder/read-run.ts';
import type { Report } from '../labctl/model/report.ts';
import { runScenario } from '../labctl/run/run.ts';
import { engineOf, nothingMore, numberOf, oneOf } from './arguments.ts';
import { say } from './say.ts';
import { labNameOf, placed, scenarioNames, withLabs } from './scenario-lab.ts';

/** What is wrong with a recording; empty when every conversation is whole at both hosts. */
function faults({ conversations, passages, verdict, run }: Report): string[] {
  // Where packets get lost on purpose, some conversations end badly: what becomes of them is for the verdict.
  const asPlanned = run.wire !== undefined;
  const found = conversations.length === 0 ? ['no conversation'] : [];
  for (const { index, handshake, closing, passages: numbers } of conversations) {
    const missing = (['syn', 'synAck', 'ack'] as const).filter((part) => handshake[part] === undefined);
    if (missing.length > 0) found.push(`conversation ${index + 1} lacks ${missing.join(', ')}`);
    const last = passages[(numbers.at(-1) ?? 0) - 1];
    if (!asPlanned && (closing !== 'fin-both' || last?.tcp?.meaning !== 'last-ack'))
      found.push(`conversation ${index + 1} ends with ${last?.tcp?.flags} (${closing})`);
    const seen = numbers.map((number) => passages[number - 1]);
    if (seen.some((one) => !one?.sent || !(one.arrived || one.takenBy)))
      found.push(`conversation ${index + 1} has a segment that one host did not record`);
  }
  if (verdict !== 'met') found.push(`verdict ${verdict}`);
  if (run.outcome !== 'complete') found.push(`outcome ${run.outcome}`);
  return found;
}

const megabytes = () => Math.round(process.memoryUsage().rss / 1e6);
const openFiles = () => readdirSync('/proc/self/fd').length;

/** `[times = 200] [scenario = second-client] [engine = docker]`; true when every run was whole. */
export async function inARow(argv: string[]): Promise<boolean> {
  const [count = '200', wantedName = 'second-client', wanted = 'docker', ...rest] = argv;
  nothingMore(rest);
  const [times, name] = [numberOf(count, 'times'), oneOf(wantedName, scenarioNames(), 'scenario')];
  const engineName = engineOf(wanted);
  const { lab, scenario } = placed(name, labNameOf());
  const runsFolder = mkdtempSync(join(tmpdir(), 'labctl-torture-'));
  let failed = 0;
  const began = performance.now();
  await withLabs(engineName, [lab], async () => {
    const [engine] = await openEngines(process.env, engineName);
    for (let time = 1; time <= times; time++) {
      const { folder } = await runScenario({ engine, lab, scenario, runsFolder });
      const found = faults(analyse(await readRun(folder)));
      if (found.length > 0) failed++;
      for (const fault of found) say(`run ${time}: ${fault} (${folder})`);
      if (found.length === 0) rmSync(folder, { recursive: true });
      if (time % 20 === 0) say(`${time} runs, ${failed} failed, ${megabytes()} MB, ${openFiles()} open files`);
    }
  });
  if (failed === 0) rmSync(runsFolder, { recursive: true, force: true });
  const each = (performance.now() - began) / times / 1000;
  say(`${times} runs of ${name} on ${engineName}: ${failed} failed, ${each.toFixed(2)} s each`);
  return failed === 0;
}
