// Ends labctl at random moments of its commands, by SIGKILL, by signals that ask, by closing the pipe or the terminal that it
// writes to: the next `up` must converge and work, the next `down` must leave nothing, recorders must be gone within a
// second, and what was recorded before must stay readable.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { packageRoot } from '../labctl/root.ts';
import { Random } from '../truth/random.ts';
import { leftovers, recorders } from './leftovers.ts';
import { say } from './say.ts';

const cli = join(packageRoot, 'dist/cli.cjs');

interface Ended {
  code: number | null;
  text: string;
}

/** One lab, its files in a folder of their own, and labctl at work on it. */
class Victim {
  readonly lab = `labctl-kills-${process.pid}`;
  readonly folder = mkdtempSync(join(tmpdir(), 'labctl-kills-'));
  readonly submissions = join(this.folder, 'class');
  readonly temporary = join(this.folder, 'tmp');
  /** Labs of gradings are named after the process that made them. */
  readonly gradings: string[] = [];

  readonly engine: string;

  constructor(engine: string) {
    this.engine = engine;
    for (const piece of ['docker-compose.yml', 'images', 'scenarios'])
      cpSync(join(packageRoot, piece), join(this.folder, piece), { recursive: true });
    for (const made of [this.submissions, this.temporary]) mkdirSync(made);
    for (const program of ['right-fork.py', 'wrong-no-loop.c'])
      cpSync(join(packageRoot, 'test/submissions', program), join(this.submissions, program));
  }

  /** `onTerminal`: in a terminal of its own, which is script(1)'s. */
  start(argv: readonly string[], onTerminal = false): { child: ChildProcess; ended: Promise<Ended> } {
    const words = [process.execPath, cli, '--engine', this.engine, '--lab', this.lab, ...argv];
    const [program = '', ...rest] = onTerminal ? ['script', '-qec', `exec ${words.join(' ')}`, '/dev/null'] : words;
    const child = spawn(program, rest, {
      cwd: this.folder,
      env: { ...process.env, TMPDIR: this.temporary, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk));
    // `exit`, not `close`: a helper that outlives labctl must not hold it back.
    const ended = new Promise<Ended>((resolve) =>
      child.once('exit', (code, signal) => resolve({ code: signal ? 128 + constants.signals[signal] : code, text })),
    );
    return { child, ended };
  }

  labctl = (...argv: string[]): Promise<Ended> => this.start(argv).ended;

  async must(...argv: string[]): Promise<string[]> {
    const { code, text } = await this.labctl(...argv);
    return code === 0 ? [] : [`${argv.join(' ')} ended with ${code}: ${text.trim().split('\n').at(-1)}`];
  }

  /** Something new in an image, so that there is something to build. */
  change(): void {
    appendFileSync(join(this.folder, 'images/client/client.c'), '/* another */\n');
  }

  runs(): string[] {
    try {
      return readdirSync(join(this.folder, 'runs', this.lab));
    } catch {
      return [];
    }
  }
}

interface Command {
  argv: (victim: Victim) => string[];
  /** What must be there before; the lab is up unless told. */
  before?: (victim: Victim) => Promise<unknown>;
  /** It goes on until it is stopped: killed within so long (ms). */
  endless?: number;
}

const commands: Record<string, Command> = {
  up: { argv: () => ['up'], before: (victim) => victim.labctl('down') },
  run: { argv: () => ['run', 'second-client'] },
  wire: { argv: () => ['run', 'lost-syn'] },
  down: { argv: () => ['down'] },
  build: {
    argv: () => ['images', 'build'],
    before: async (victim) => {
      victim.change();
    },
  },
  capture: { argv: ({ folder }) => ['capture', 'server', '-w', join(folder, 'live.pcapng')], endless: 1500 },
  grade: {
    argv: ({ submissions }) => ['grade', 'first-client', '--submissions', submissions, '--weak-limits', '--again'],
  },
};

/** Recorders that a host still has a second after the kill. */
async function stillRecording(victim: Victim): Promise<string[]> {
  const { text } = await victim.labctl('exec', 'server', 'ps', '-eo', 'comm=');
  return recorders(text).map((name) => `${name} still runs in the server`);
}

async function afterwards(victim: Victim, verb: string, kept: string): Promise<string[]> {
  const found: string[] = [];
  if (verb === 'run' || verb === 'wire' || verb === 'capture') {
    await delay(1000);
    found.push(...(await stillRecording(victim)));
  }
  // A grading has labs of its own; the next one ends what the killed one left.
  if (verb === 'grade') await victim.labctl(...(commands.grade?.argv(victim) ?? []));
  found.push(...(await victim.must('up')), ...(await victim.must('exec', 'server', 'true')));
  found.push(...(await victim.must('show', kept)));
  for (const run of victim.runs()) {
    const { text } = await victim.labctl('show', run, '--json');
    if (/^\s+at .*:\d+:\d+\)?$/m.test(text)) found.push(`show ${run}: a stack trace`);
    if (run !== kept) rmSync(join(victim.folder, 'runs', victim.lab, run), { recursive: true, force: true });
  }
  found.push(...(await victim.must('down')));
  for (const lab of [victim.lab, ...victim.gradings]) found.push(...leftovers(victim.engine, lab));
  found.push(...readdirSync(victim.temporary).map((name) => `temporary file ${name}`));
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
const ways: Record<string, { act: (child: ChildProcess) => void; codes?: readonly number[] }> = {
  KILL: { act: (child) => child.kill('SIGKILL') },
  INT: { act: (child) => child.kill('SIGINT'), codes: [130] },
  TERM: { act: (child) => child.kill('SIGTERM'), codes: [143] },
  HUP: { act: (child) => child.kill('SIGHUP'), codes: [129] },
  // Whoever read it is gone, as with `labctl … 2>&1 | head -1`; a run goes on where it has nothing to say.
  PIPE: { act: ({ stdout, stderr }) => [stdout, stderr].forEach((stream) => stream?.destroy()) },
  // The child is script(1), whose end closes the terminal.
  TTY: { act: (child) => child.kill('SIGKILL') },
};

/** How long (s) a command may take to end when it is asked to. */
const patience = 10;

/** Whether a labctl of this lab still runs, with or without the terminal that it had. */
const stillThere = ({ lab }: Victim): boolean =>
  spawnSync('pgrep', ['-f', `^${process.execPath} ${cli} --engine \\w+ --lab ${lab} `]).status === 0;

async function killed(
  victim: Victim,
  { argv, before, endless }: Command,
  after: number,
  way: string,
): Promise<string[]> {
  const { act, codes } = ways[way] ?? ways.KILL ?? { act: () => undefined };
  await victim.labctl('up');
  await before?.(victim);
  const { child, ended } = victim.start(argv(victim), way === 'TTY');
  if (argv(victim)[0] === 'grade') victim.gradings.push(way === 'TTY' ? 'labctl-grade-' : `labctl-grade-${child.pid}-`);
  const early = await Promise.race([delay(after), ended]);
  act(child);
  // It writes to a file and has nothing to say: nobody's absence ends it.
  if (way === 'PIPE' && endless !== undefined) child.kill('SIGTERM');
  const began = performance.now();
  const { code, text } = await ended;
  const mayEnd = () => !stillThere(victim) || performance.now() - began > patience * 1000;
  while (!mayEnd()) await delay(50);
  return [
    ...(stillThere(victim) ? [`it still runs ${patience} s later`] : []),
    ...(/^\s+at .*:\d+:\d+\)?$/m.test(text) ? ['a stack trace'] : []),
    // It may have been over at that very moment.
    ...(codes && !early && code !== 0 && !codes.includes(code ?? -1) ? [`${way}: it ended with ${code}`] : []),
  ];
}

/** `[times = 200] [engine = embedded] [seed = 1] [ways = KILL]`, of KILL,INT,TERM,HUP,PIPE,TTY; true when nothing was left and all that had been recorded is whole. */
export async function kills([
  times = '200',
  engine = 'embedded',
  seed = '1',
  how = 'KILL',
]: string[]): Promise<boolean> {
  const chosen = how.split(',');
  const victim = new Victim(engine);
  const random = new Random(Number(seed));
  const names = Object.keys(commands);
  const length = new Map<string, number>();
  let failed = 0;
  try {
    await victim.labctl('up');
    await victim.labctl('run', 'first-client');
    const [kept = ''] = victim.runs();
    for (const name of names) length.set(name, await undisturbed(victim, commands[name] as Command));
    say([...length].map(([name, ms]) => `${name} takes ${(ms / 1000).toFixed(2)} s`).join(' · '));
    for (let time = 1; time <= Number(times); time++) {
      const name = names[(time - 1) % names.length] as string;
      const after = random.below(Math.ceil((length.get(name) ?? 0) * 1.05));
      const way = chosen[random.below(chosen.length)] ?? 'KILL';
      const found = await killed(victim, commands[name] as Command, after, way);
      found.push(...(await afterwards(victim, name, kept)));
      if (found.length > 0) failed++;
      for (const fault of found) say(`kill ${time}, ${name} after ${after} ms, by ${way}: ${fault}`);
      if (time % 20 === 0) say(`${time} kills, ${failed} with faults`);
    }
  } finally {
    await victim.labctl('down');
    if (failed === 0) rmSync(victim.folder, { recursive: true, force: true });
  }
  say(`${times} kills (${how}) of ${names.join(', ')} on ${engine}: ${failed} with faults`);
  return failed === 0;
}
