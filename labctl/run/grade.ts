// Grades a class: every submission in every scenario, each in a fresh lab, several at a time, and none can harm another.

import { createHash } from 'node:crypto';
import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from '../engine/engine.ts';
import type { GradeBook } from '../folder/grade-book.ts';
import type { Checked } from '../model/checked.ts';
import type { Grade } from '../model/grade.ts';
import type { Lab } from '../model/lab.ts';
import { LabError } from '../model/lab-error.ts';
import { type Language, same, type Text } from '../model/language.ts';
import type { Role } from '../model/own-program.ts';
import type { Scenario } from '../model/scenario.ts';
import { packageVersion } from '../root.ts';
import { checkPrograms } from './check.ts';
import { bytesIn, checkLimits, gradeLab } from './grade-lab.ts';
import { digestOf, readSubmission, type Submission } from './submission.ts';

export interface GradeOptions {
  engine: Engine;
  lab: Lab;
  scenarios: readonly Scenario[];
  /** Each file or folder in it is a submission. */
  submissions: string;
  /** Which of them is none, because it is ours. */
  except: string;
  role: Role;
  anyModel: boolean;
  /** Of the words that go into captures. */
  language: Language;
  weakLimits: boolean;
  /** At most so many at a time. */
  jobs: number;
  /** Seconds that one submission may take in one scenario. */
  most: number;
  book: GradeBook;
  /** Grades anew what the book has. */
  again: boolean;
  signal: AbortSignal;
  /** Told of each grade, in the order in which they are given; `before`: it was in the book. */
  onGrade: (grade: Grade, progress: { done: number; of: number; before: boolean }) => void;
}

interface Pair {
  name: string;
  scenario: Scenario;
  /** What was handed in, or why it was not taken. */
  taken: Submission | Text;
  key: string;
}

/** Bytes that one run may record. */
const mostRecorded = 96 * 2 ** 20;
const watchEvery = 500;

/** Faults that rest on time running out: such a verdict is given when the machine is less busy with others. */
const timed = new Set(['no-answer', 'never-listens', 'does-not-connect', 'shows-nothing', 'does-not-end']);

const isDoubtful = ({ verdict, reason }: Grade): boolean =>
  verdict === 'not-observable' ||
  (reason.kind === 'unmet' && reason.fault === undefined) ||
  timed.has(reason.fault ?? '');

/**
 * All grades, submission by submission. Throws LabError `engine` when the engine fails twice, or when its limits do not
 * hold for a host as a whole; throws the signal's reason when it is stopped: what was graded is in the book.
 */
export async function gradeAll(options: GradeOptions): Promise<Grade[]> {
  const pairs = await pairsOf(options);
  const grades = new Map<Pair, Grade>();
  const give = (pair: Pair, grade: Grade, before = false): void => {
    grades.set(pair, grade);
    options.onGrade(grade, { done: grades.size, of: pairs.length, before });
  };
  const known = options.again ? [] : pairs.filter(({ key }) => options.book.get(key));
  for (const pair of known) give(pair, options.book.get(pair.key) as Grade, true);
  const left = pairs.filter((pair) => !grades.has(pair));
  const doubtful: Pair[] = [];
  const counter = { labs: 0 };
  const settle = async (pair: Pair, grade: Grade): Promise<void> => {
    await options.book.add(pair.key, grade);
    give(pair, grade);
  };
  await eachOf(left, options.jobs, async (pair) => {
    const grade = await gradePair(pair, options, counter).catch((error: unknown) => engineFailed(error, options));
    if (grade === undefined || (options.jobs > 1 && isDoubtful(grade))) doubtful.push(pair);
    else await settle(pair, grade);
  });
  const fewer = Math.max(1, Math.floor(options.jobs / 2));
  await eachOf(doubtful, fewer, async (pair) => settle(pair, await gradePair(pair, options, counter)));
  return pairs.flatMap((pair) => grades.get(pair) ?? []);
}

/** Once, an engine that fails is no reason to stop; refused limits and the user's wish are. */
function engineFailed(error: unknown, { signal }: GradeOptions): undefined {
  if (signal.aborted || !(error instanceof LabError) || error.hint?.includes('--weak-limits')) throw error;
  return undefined;
}

/** Carries out the work for each, so many at a time. The first failure stops the rest, and is thrown once all have ended. */
async function eachOf<T>(all: readonly T[], most: number, work: (one: T) => Promise<void>): Promise<void> {
  const waiting = [...all];
  const failures: unknown[] = [];
  const worker = async (): Promise<void> => {
    for (let one = waiting.shift(); one !== undefined && failures.length === 0; one = waiting.shift())
      await work(one).catch((error: unknown) => void failures.push(error));
  };
  await Promise.all(Array.from({ length: Math.min(most, all.length) }, worker));
  if (failures.length > 0) throw failures[0];
}

async function pairsOf(options: GradeOptions): Promise<Pair[]> {
  const { submissions, except, scenarios } = options;
  const names = await readdir(submissions).catch((error: Error) => {
    throw new LabError('usage', `the submissions cannot be read: ${error.message}`, { where: submissions });
  });
  const pairs: Pair[] = [];
  for (const name of names.filter((one) => !one.startsWith('.')).sort()) {
    const path = join(submissions, name);
    if (path === except) continue;
    const taken = await take(path);
    const files = 'files' in taken ? await digestOf(taken) : taken.en;
    for (const scenario of scenarios) pairs.push({ name, scenario, taken, key: keyOf(options, scenario, name, files) });
  }
  if (pairs.length > 0) return pairs;
  throw new LabError('usage', 'there are no submissions', { where: submissions });
}

/** A link may lead anywhere, so it is none. */
async function take(path: string): Promise<Submission | Text> {
  const found = await lstat(path).catch(() => undefined);
  if (found?.isSymbolicLink())
    return { en: 'it is a symbolic link, which is not followed', fr: 'c’est un lien symbolique, qui n’est pas suivi' };
  if (!found?.isFile() && !found?.isDirectory())
    return { en: 'it is neither a file nor a folder', fr: 'ce n’est ni un fichier ni un dossier' };
  try {
    return await readSubmission(path);
  } catch (error) {
    return same((error as Error).message);
  }
}

const keyOf = (
  { role, anyModel }: GradeOptions,
  { steps, expect, name }: Scenario,
  submission: string,
  files: string,
): string =>
  createHash('sha256')
    .update(JSON.stringify([packageVersion, role, anyModel, name, steps, expect, submission, files]))
    .digest('hex');

async function gradePair(pair: Pair, options: GradeOptions, counter: { labs: number }): Promise<Grade> {
  const { name, scenario, taken } = pair;
  const began = performance.now();
  const checked =
    'files' in taken ? await inFreshLab(taken, scenario, options, ++counter.labs) : refused(scenario, taken);
  const { verdict, reason, hints, messages, folder } = checked;
  return {
    submission: name,
    scenario: scenario.name,
    verdict,
    reason,
    expectations: checked.expectations.map(({ expectation: { id }, verdict: word, at, expected, seen }) => ({
      id,
      verdict: word,
      at,
      expected,
      seen,
    })),
    hints,
    messages,
    seconds: Math.round(performance.now() - began) / 1000,
    ...(folder === undefined ? {} : { run: folder }),
  };
}

const refused = ({ name }: Scenario, text: Text): Checked => ({
  scenario: name,
  verdict: 'unmet',
  reason: { kind: 'refused', text },
  expectations: [],
  hints: [],
  messages: '',
});

async function inFreshLab(
  taken: Submission,
  scenario: Scenario,
  options: GradeOptions,
  number: number,
): Promise<Checked> {
  const { engine, role, anyModel, language, book, weakLimits, signal } = options;
  signal.throwIfAborted();
  const lab = gradeLab(options.lab, scenario, number);
  try {
    await oneAtATime(() => engine.up(lab, { signal }));
    if (!weakLimits) await checkLimits(engine, lab.name);
    const watched = new Watch(join(book.folder, 'runs', lab.name), options);
    try {
      const runsFolder = join(book.folder, 'runs');
      const run = { engine, lab, scenario, runsFolder, signal: watched.signal };
      const checked = await checkPrograms(run, { [role]: { submission: taken } }, { anyModel, language });
      return watched.why ? await watched.stopped(checked) : checked;
    } catch (error) {
      if (watched.why === undefined) throw error;
      return await watched.stopped(refused(scenario, watched.why));
    } finally {
      watched.end();
    }
  } finally {
    await engine.down(lab.name);
  }
}

/** Labs are made one after the other: each takes the next free subnets. */
let making: Promise<unknown> = Promise.resolve();
function oneAtATime<T>(work: () => Promise<T>): Promise<T> {
  const done = making.then(work, work);
  making = done.catch(() => undefined);
  return done;
}

/** Stops a run that takes too long or records too much. */
class Watch {
  readonly signal: AbortSignal;
  /** Set when it had to. */
  why: Text | undefined;
  readonly #folder: string;
  readonly #clock: NodeJS.Timeout;
  readonly #scales: NodeJS.Timeout;

  constructor(folder: string, { most, signal }: Pick<GradeOptions, 'most' | 'signal'>) {
    const stop = new AbortController();
    this.signal = AbortSignal.any([signal, stop.signal]);
    this.#folder = folder;
    const because = (why: Text): void => {
      this.why ??= why;
      stop.abort(new LabError('not-observable', why.en));
    };
    this.#clock = setTimeout(
      () => because({ en: `it was not through after ${most} s`, fr: `il n’avait pas fini après ${most} s` }),
      most * 1000,
    );
    const mebibytes = mostRecorded / 2 ** 20;
    const weigh = async (): Promise<void> => {
      if ((await bytesIn(folder)) <= mostRecorded) return;
      because({
        en: `it made more than ${mebibytes} MiB of packets or output, without an end in sight`,
        fr: `il a produit plus de ${mebibytes} Mio de paquets ou de sortie, sans fin en vue`,
      });
    };
    this.#scales = setInterval(() => void weigh(), watchEvery);
  }

  /** The verdict on whoever had to be stopped; what filled the disk is not kept. */
  async stopped(checked: Checked): Promise<Checked> {
    if ((await bytesIn(this.#folder)) > mostRecorded) await rm(this.#folder, { recursive: true, force: true });
    const { folder: _, ...kept } = checked;
    return { ...kept, verdict: 'unmet', reason: { kind: 'limit', text: this.why ?? same('') }, hints: [] };
  }

  end(): void {
    clearTimeout(this.#clock);
    clearInterval(this.#scales);
  }
}
