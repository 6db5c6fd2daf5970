// Every pair of two commands at once on one lab: each ends with a sentence or with what it is for, never both where only one
// may; afterwards the lab works, and `down` leaves nothing.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { EngineName } from '../labctl/engine/choose.ts';
import { Random } from '../truth/random.ts';
import { engineOf, nothingMore, numberOf } from './arguments.ts';
import { afterwards } from './kills.ts';
import { say } from './say.ts';
import { commands, type Verb, Victim } from './victim.ts';
import { type Ended, hasStack } from './workplace.ts';

type Pair = readonly [Verb, Verb];
const verbs = Object.keys(commands) as Verb[];
export const allPairs: Pair[] = verbs.flatMap((first, at) => verbs.slice(at).map((second): Pair => [first, second]));

/** Those that want the same hosts, or the same recorder, for themselves. */
const alone: readonly (readonly Verb[])[] = [['run', 'wire'], ['record']];
const excludes = ([first, second]: Pair): boolean =>
  alone.some((verbsOfOne) => verbsOfOne.includes(first) && verbsOfOne.includes(second));

/** At most so much later (ms) the second begins, and no command takes longer than that (s) beside another. */
const [head, patience] = [600, 90];

async function started(victim: Victim, verb: Verb): Promise<Ended> {
  const { argv, endless } = commands[verb];
  const { child, ended } = victim.start(argv(victim));
  if (verb === 'grade') victim.gradings.push(`labctl-grade-${child.pid}-`);
  if (endless !== undefined) void Promise.race([delay(endless), ended]).then(() => child.kill('SIGINT'));
  const late = setTimeout(() => child.kill('SIGKILL'), patience * 1000);
  return ended.finally(() => clearTimeout(late));
}

const lastWords = ({ code, text }: Ended): string =>
  `${code}${code === 0 ? '' : ` (${text.replace(/\s+/g, ' ').trim().slice(-160)})`}`;

/** 130: it was endless, and told to end. */
const fine = [0, 1, 2, 3, 4, 130];

/** When the steps of a run began, the first and the last. */
function stepsOf(victim: Victim, run: string): { first: number; last: number } {
  const file = join(victim.folder, 'runs', victim.lab, run, 'events.jsonl');
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  const events = lines.filter(Boolean).map((line) => JSON.parse(line) as { at: number; kind: string });
  const began = events.flatMap(({ kind, at }) => (kind === 'step-began' ? [at] : []));
  return { first: Math.min(...began), last: Math.max(...began) };
}

/** Whether two of these runs took steps at the same time; on a busy machine the second may come after the first. */
function overlap(victim: Victim, runs: readonly string[]): boolean {
  const spans = runs.map((run) => stepsOf(victim, run)).sort((one, other) => one.first - other.first);
  return spans.some(({ last }, at) => (spans[at + 1]?.first ?? Infinity) < last);
}

function wrong(pair: Pair, both: readonly Ended[], together: boolean): string[] {
  const codes = both.map(({ code }) => code ?? -1);
  return [
    ...both.flatMap(({ text }, at) => (hasStack(text) ? [`a stack trace of ${pair[at]}`] : [])),
    ...codes.flatMap((code, at) => (fine.includes(code) ? [] : [`${pair[at]} ended with ${code}`])),
    ...(excludes(pair) && codes.every((code) => code === 2) ? ['both were refused'] : []),
    ...(excludes(pair) && codes.includes(3) ? ['the one that was not refused did not end well'] : []),
    ...(excludes(pair) && together ? ['both were at work'] : []),
  ];
}

interface Plan {
  engine: EngineName;
  pairs: readonly Pair[];
  seed: number;
}

/** Gives the faults of each pair that had any. */
export async function tryPairs({ engine, pairs, seed }: Plan): Promise<string[]> {
  using victim = new Victim(engine, pairs.flat());
  const random = new Random(seed);
  const faults: string[] = [];
  try {
    await victim.labctl('up');
    await victim.labctl('run', 'first-client');
    const [kept = ''] = victim.runs();
    for (const pair of pairs) {
      await victim.labctl('up');
      if (pair.includes('build')) victim.change();
      const first = started(victim, pair[0]);
      await delay(random.below(head));
      const both = await Promise.all([first, started(victim, pair[1])]);
      const recorded = pair.find((verb) => verb === 'run' || verb === 'wire' || verb === 'capture');
      const recordedNow = victim.runs().filter((run) => run !== kept);
      const found = [
        ...wrong(pair, both, overlap(victim, recordedNow)),
        ...(await afterwards(victim, recorded ?? pair[0], kept)),
      ];
      say(`${pair.join(' and ')}: ${both.map(lastWords).join(' · ')}`);
      for (const fault of found) say(`  fault: ${fault}`);
      faults.push(...found.map((fault) => `${pair.join(' and ')}: ${fault}`));
    }
  } finally {
    await victim.labctl('down');
    victim.removeImages();
  }
  return faults;
}

/** `[engine = embedded] [seed = 1] [rounds = 1]`; true when every pair ended well. */
export async function twoAtOnce([
  wanted = 'embedded',
  seedText = '1',
  many = '1',
  ...rest
]: string[]): Promise<boolean> {
  nothingMore(rest);
  const [engine, seed, rounds] = [engineOf(wanted), numberOf(seedText, 'seed', 0), numberOf(many, 'rounds')];
  const pairs = Array.from({ length: rounds }, () => allPairs).flat();
  const faults = await tryPairs({ engine, pairs, seed });
  say(`${pairs.length} pairs of ${verbs.join(', ')} at once on ${engine}: ${faults.length} faults`);
  return faults.length === 0;
}
