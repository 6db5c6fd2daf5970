// Ends labctl at random moments of its commands, by SIGKILL, by signals that ask, by closing the pipe or the terminal that it
// writes to: the next `up` must converge and work, the next `down` must leave nothing, recorders must be gone within a
// second, and what was recorded before must stay readable.

import { type ChildProcess, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { EngineName } from '../labctl/engine/choose.ts';
import { Random } from '../truth/random.ts';
import { engineOf, nothingMore, numberOf, oneOf } from './arguments.ts';
import { leftovers, leftoversOfAll, recorders } from './leftovers.ts';
import { say } from './say.ts';
import { type Command, commands, type Verb, Victim } from './victim.ts';
import { hasStack } from './workplace.ts';

/** Recorders that a host still has a second after the kill. */
async function stillRecording(victim: Victim): Promise<string[]> {
  const { text } = await victim.labctl('exec', 'server', 'ps', '-eo', 'comm=');
  return recorders(text).map((name) => `${name} still runs in the server`);
}

/** What is wrong once labctl was at work on the lab, ended by force or not; `kept` is a run from before. The lab is down then. */
export async function afterwards(victim: Victim, verb: Verb, kept: string): Promise<string[]> {
  const found: string[] = [];
  if (verb === 'run' || verb === 'wire' || verb === 'capture') {
    await delay(1000);
    found.push(...(await stillRecording(victim)));
  }
  found.push(...(await victim.must('up')), ...(await victim.must('exec', 'server', 'true')));
  found.push(...(await victim.must('show', kept)));
  for (const run of victim.runs()) {
    const { text } = await victim.labctl('show', run, '--json');
    if (hasStack(text)) found.push(`show ${run}: a stack trace`);
    if (run !== kept) rmSync(join(victim.folder, 'runs', victim.lab, run), { recursive: true, force: true });
  }
  // It ends the labs of a killed grading too.
  found.push(...(await victim.must('down')));
  for (const lab of [victim.lab, ...victim.gradings]) found.push(...leftovers(victim.engine, lab));
  found.push(...victim.temporaryFiles().map((name) => `temporary file ${name}`));
  return found;
}

/** How long a command takes by itself, ms. */
async function undisturbed(victim: Victim, { argv, before, endless }: Command): Promise<number> {
  if (endless !== undefined) return endless;
  await victim.labctl('up');
  await before?.(victim);
  const began = performance.now();
  await victim.labctl(...argv(victim));
  return performance.now() - began;
}

/** Ways to end: what is done, and the exit codes of a command that was ended so. */
const ways = {
  KILL: { act: (child) => child.kill('SIGKILL') },
  INT: { act: (child) => child.kill('SIGINT'), codes: [130] },
  TERM: { act: (child) => child.kill('SIGTERM'), codes: [143] },
  HUP: { act: (child) => child.kill('SIGHUP'), codes: [129] },
  // Whoever read it is gone, as with `labctl … 2>&1 | head -1`; a run goes on where it has nothing to say.
  PIPE: { act: ({ stdout, stderr }) => [stdout, stderr].forEach((stream) => stream?.destroy()) },
  // The child is script(1), whose end closes the terminal.
  TTY: { act: (child) => child.kill('SIGKILL') },
} satisfies Record<string, { act: (child: ChildProcess) => void; codes?: readonly number[] }>;
type Way = keyof typeof ways;
const wayNames = Object.keys(ways) as Way[];

/** How long (s) a command may take to end when it is asked to. */
const patience = 10;

/** Whether a labctl of this lab still runs, with or without the terminal that it had. */
const stillThere = ({ lab }: Victim): boolean =>
  spawnSync('pgrep', ['-f', `^${process.execPath} \\S*cli.cjs --engine \\w+ --lab ${lab} `]).status === 0;

async function killed(victim: Victim, command: Command, after: number, way: Way): Promise<string[]> {
  const { act, codes }: { act: (child: ChildProcess) => void; codes?: readonly number[] } = ways[way];
  await victim.labctl('up');
  await command.before?.(victim);
  const { child, ended } = victim.start(command.argv(victim), { onTerminal: way === 'TTY' });
  if (command === commands.grade) victim.gradings.push(way === 'TTY' ? 'labctl-grade-' : `labctl-grade-${child.pid}-`);
  const early = await Promise.race([delay(after), ended]);
  act(child);
  // It writes to a file and has nothing to say: nobody's absence ends it.
  if (way === 'PIPE' && command.endless !== undefined) child.kill('SIGTERM');
  const began = performance.now();
  const { code, text } = await ended;
  const mayEnd = () => !stillThere(victim) || performance.now() - began > patience * 1000;
  while (!mayEnd()) await delay(50);
  return [
    ...(stillThere(victim) ? [`it still runs ${patience} s later`] : []),
    ...(hasStack(text) ? ['a stack trace'] : []),
    // It may have been over at that very moment.
    ...(codes && !early && code !== 0 && !codes.includes(code ?? -1) ? [`${way}: it ended with ${code}`] : []),
  ];
}

interface Plan {
  engine: EngineName;
  times: number;
  seed: number;
  ways: readonly Way[];
  verbs: readonly Verb[];
}

/** Each verb in turn, ended so often by ways and at moments that the seed chooses; gives the faults of each kill that had any. */
export async function killOften({ engine, times, seed, ways: chosen, verbs }: Plan): Promise<string[][]> {
  using victim = new Victim(engine, verbs);
  const random = new Random(seed);
  const length = new Map<Verb, number>();
  const failed: string[][] = [];
  try {
    await victim.labctl('up');
    await victim.labctl('run', 'first-client');
    const [kept = ''] = victim.runs();
    for (const verb of verbs) length.set(verb, await undisturbed(victim, commands[verb]));
    say([...length].map(([name, ms]) => `${name} takes ${(ms / 1000).toFixed(2)} s`).join(' · '));
    for (let time = 1; time <= times; time++) {
      const verb = verbs[(time - 1) % verbs.length] as Verb;
      const after = random.below(Math.ceil((length.get(verb) ?? 0) * 1.05));
      const way = chosen[random.below(chosen.length)] ?? 'KILL';
      const found = await killed(victim, commands[verb], after, way);
      found.push(...(await afterwards(victim, verb, kept)));
      const told = found.map((fault) => `kill ${time}, ${verb} after ${after} ms, by ${way}: ${fault}`);
      if (found.length > 0) failed.push(told);
      for (const fault of told) say(fault);
      if (time % 20 === 0) say(`${time} kills, ${failed.length} with faults`);
    }
  } finally {
    await victim.labctl('down');
    victim.removeImages();
  }
  return failed;
}

/** So long (s) what was left may be about to be used; the next command takes it away afterwards. */
const youth = 61;

/** `[times = 200] [engine = embedded] [seed = 1] [ways = KILL]`, of KILL,INT,TERM,HUP,PIPE,TTY; true when nothing was left and all that had been recorded is whole. */
export async function kills(argv: string[]): Promise<boolean> {
  const [count = '200', wanted = 'embedded', seedText = '1', how = 'KILL', ...rest] = argv;
  nothingMore(rest);
  const [times, engine, seed] = [numberOf(count, 'times'), engineOf(wanted), numberOf(seedText, 'seed', 0)];
  const chosen = how.split(',').map((way) => oneOf(way, wayNames, 'way to end'));
  const verbs = Object.keys(commands) as Verb[];
  const began = Date.now();
  const failed = await killOften({ engine, times, seed, ways: chosen, verbs });
  await delay(youth * 1000);
  const left = await leftAfterAll(engine, began);
  for (const one of left) say(`left: ${one}`);
  say(
    `${times} kills (${how}) of ${verbs.join(', ')} on ${engine}: ${failed.length} with faults, ${left.length} things left`,
  );
  return failed.length + left.length === 0;
}

/** What another lab's `up`, change and `down` do not take away either. */
async function leftAfterAll(engine: EngineName, began: number): Promise<string[]> {
  using other = new Victim(engine, ['build']);
  await other.labctl('up');
  other.change();
  await other.labctl('images', 'build');
  await other.labctl('down');
  const left = leftoversOfAll(engine, began);
  other.removeImages();
  return left;
}
