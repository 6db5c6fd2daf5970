// A conversation that loses a tenth of its packets both ways, many times with another seed each: what the analysis says of
// each packet must add up to what the wire and the kernels counted.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { analyse } from '../labctl/analysis/analyse.ts';
import { openEngines } from '../labctl/engine/choose.ts';
import type { Engine } from '../labctl/engine/engine.ts';
import { readRun } from '../labctl/folder/read-run.ts';
import type { Counters } from '../labctl/model/look.ts';
import type { RepetitionCause, Report } from '../labctl/model/report.ts';
import { readCompose } from '../labctl/plan/compose.ts';
import { readScenario } from '../labctl/plan/scenario.ts';
import { packageRoot } from '../labctl/root.ts';
import { runScenario } from '../labctl/run/run.ts';
import { engineOf, nothingMore, numberOf } from './arguments.ts';
import { say } from './say.ts';

const receiver = `
import socket
door = socket.socket()
door.bind(('', 5000))
door.listen(5)
peer, total = door.accept()[0], 0
while True:
    got = peer.recv(65536)
    if not got: break
    total += len(got)
    peer.send(b'%d\\n' % total)
`;

const sender = `
import socket, threading
peer = socket.create_connection(('server', 5000))
def read():
    while peer.recv(65536): pass
reader = threading.Thread(target=read)
reader.start()
for number in range(150): peer.send(bytes([number]) * 1000)
peer.shutdown(socket.SHUT_WR)
reader.join()
`;

/** Puts the two programs where the steps look for them. */
export async function bringPrograms(engine: Engine, lab: string): Promise<void> {
  for (const [host, name, text] of [
    ['server', 'receiver', receiver],
    ['client1', 'sender', sender],
  ] as const)
    await (await engine.host(lab, host)).exec(['sh', '-c', `cat >/work/${name}.py`], { input: text });
}

/** Steps and rules of a scenario on server and client1. */
export const lossySteps = (
  seed: number,
): string => `  - { start: s, on: server, run: python3 /work/receiver.py, until: { listens: 5000 } }
  - { start: c, on: client1, run: python3 /work/sender.py }
  - { exit: c, within: 60s }
  - { exit: s, within: 60s }
wire:
  - { rule: there, drop: packet, from: client1, to: server, random: { percent: 10, seed: ${seed} } }
  - { rule: back, drop: packet, from: server, to: client1, random: { percent: 10, seed: ${seed + 1} } }
`;

const counterOf: Record<RepetitionCause, string> = {
  timeout: 'TcpExtTCPTimeouts',
  'tail-loss-probe': 'TcpExtTCPLossProbes',
  'fast-retransmission': 'TcpExtTCPFastRetrans',
  'slow-start': 'TcpExtTCPSlowStartRetrans',
};

/** How much each counter of a host rose from the first look to the last. */
function risen({ looks }: Report, host: string): Counters {
  const own = looks.filter((look) => look.host === host);
  const [first, last] = [own[0]?.counters ?? {}, own.at(-1)?.counters ?? {}];
  return Object.fromEntries(Object.entries(last).map(([name, value]) => [name, value - (first[name] ?? 0)]));
}

/** A packet may still be lost, or sent again, once the captures and the last look are over. */
const addsUp = (counted: number, seen: number): boolean => counted === seen || counted === seen + 1;

/** What does not add up in a run of these steps, each as a line; and how many repetitions have a proven cause. */
export function sumsOf({ run, passages, ...report }: Report): { faults: string[]; proven: number } {
  const faults = run.drops
    .filter(({ dropped }) => dropped > 0)
    .map(({ host }) => `the capture of ${host} lost packets`);
  const causes = Object.entries(counterOf);
  let proven = 0;
  for (const [host, rule] of [
    ['client1', 'there'],
    ['server', 'back'],
  ] as const) {
    const own = passages.filter(({ from }) => from === host);
    const lost = own.filter((one) => one.lost).length;
    const hit = run.wire?.find((one) => one.rule === rule)?.hit ?? 0;
    if (!addsUp(hit, lost)) faults.push(`${rule} took ${hit}, lost are ${lost}`);
    const rises = risen({ run, passages, ...report }, host);
    const repeated = own.filter(({ tcp }) => tcp?.repeats);
    const again = rises['TcpRetransSegs'] ?? 0;
    if (!addsUp(repeated.length, again)) faults.push(`${host} sent ${again} again, seen are ${repeated.length}`);
    for (const [cause, counter] of causes) {
      const named = repeated.filter(({ tcp }) => tcp?.repeats?.why?.cause === cause).length;
      proven += named;
      if (named > (rises[counter] ?? 0) + 1) faults.push(`${host}: ${named} are called ${cause}, ${counter} says less`);
    }
  }
  return { faults, proven };
}

const cli = join(packageRoot, 'dist/cli.cjs');

/** `[times = 100] [engine = embedded] [first seed = 1]`; true when all runs added up, and none was without evidence. */
export async function randomLoss(argv: string[]): Promise<boolean> {
  const [count = '100', wanted = 'embedded', seedText = '1', ...rest] = argv;
  nothingMore(rest);
  const [times, first, engineName] = [numberOf(count, 'times'), numberOf(seedText, 'first seed', 0), engineOf(wanted)];
  const composeFile = join(packageRoot, 'docker-compose.yml');
  const lab = readCompose(readFileSync(composeFile, 'utf8'), composeFile, `labctl-torture-${process.pid}`);
  const folder = mkdtempSync(join(tmpdir(), 'labctl-torture-'));
  const labctl = (verb: string) =>
    execFileSync(process.execPath, [cli, '--engine', engineName, '--lab', lab.name, verb], { stdio: 'ignore' });
  labctl('up');
  let failed = 0;
  try {
    const [engine] = await openEngines(process.env, engineName);
    await bringPrograms(engine, lab.name);
    for (let seed = first; seed < first + times; seed++) {
      const file = join(folder, 'lossy.yml');
      const text = `title: { en: t, fr: t }\nabout: { en: a, fr: a }\nhosts: [server, client1]\nsteps:\n${lossySteps(seed)}`;
      writeFileSync(file, text);
      const result = await runScenario({ engine, lab, scenario: readScenario(text, file, lab), runsFolder: folder });
      const report = analyse(await readRun(result.folder));
      const whole = report.verdict === 'met' ? [] : [`${report.verdict}: ${JSON.stringify(report.run.wire)}`];
      const faults = [...whole, ...sumsOf(report).faults];
      for (const fault of faults) say(`seed ${seed}: ${fault} (${result.folder})`);
      if (faults.length > 0) failed += 1;
      else rmSync(result.folder, { recursive: true });
    }
  } finally {
    labctl('down');
    if (failed === 0) rmSync(folder, { recursive: true, force: true });
  }
  say(`${times} runs with random losses on ${engineName}: ${failed} failed`);
  return failed === 0;
}
