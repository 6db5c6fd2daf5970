// Brings a student's program into its hosts and builds it there: nothing of it runs, or is followed, anywhere else.

import { pipeline } from 'node:stream/promises';
import type { Engine, Host } from '../engine/engine.ts';
import { LabError } from '../model/lab-error.ts';
import type { Text } from '../model/language.ts';
import type { OwnProgram, Role } from '../model/own-program.ts';
import { builtProgram, compilerFlags, type Recipe, recipeFor } from '../model/submission.ts';
import { runCapped } from './capped.ts';
import { archiveOf, type Submission } from './submission.ts';

/** Seconds that a build may take. */
const buildTime = 20;

/** What became of a submission in its hosts. */
export type Built =
  | { program: OwnProgram; messages: string }
  /** `why` says it in words, `messages` are the compiler's own. */
  | { program?: undefined; why: Text; messages: string };

export interface InstallOptions {
  engine: Engine;
  lab: string;
  /** All hosts in which the role is played. */
  hosts: readonly string[];
  role: Role;
  signal?: AbortSignal;
}

/** Copies the submission into each host and builds it there. Throws LabError `engine` when a host does not take it. */
export async function installProgram(submission: Submission, options: InstallOptions): Promise<Built> {
  const { engine, lab, hosts, role, signal } = options;
  const recipe = recipeFor(submission.files, role);
  if ('wrong' in recipe) return { why: recipe.wrong, messages: '' };
  const built = await Promise.all(
    hosts.map(async (name) => {
      const host = await engine.host(lab, name);
      const folder = `/work/own/${role}`;
      await copyInto(host, folder, submission, signal);
      return buildIn({ host, folder, role, signal }, submission, recipe);
    }),
  );
  return built.find(({ program }) => program === undefined) ?? (built[0] as Built);
}

/**
 * What an earlier run left in TIME-WAIT would keep a program without SO_REUSEADDR from its port for a minute, through no
 * fault of its own. Where the kernel cannot end it (ss(8), --kill), it stays.
 */
export async function freePorts(engine: Engine, lab: string, hosts: readonly string[]): Promise<void> {
  const kill = ['ss', '--kill', '--tcp', '--numeric', 'state', 'time-wait'];
  await Promise.all(hosts.map(async (name) => (await engine.host(lab, name)).exec(kill, { user: 'root' })));
}

/** As the ordinary user, so that nothing of it is anybody else's; what an earlier run left there goes first. */
async function copyInto(host: Host, folder: string, submission: Submission, signal?: AbortSignal): Promise<void> {
  const script = [
    '[ -e "$1" ] && chmod -R u+rwX "$1" && rm -rf "$1"',
    'mkdir -p "$1" && exec tar --extract --file=- --directory="$1" --no-same-owner',
  ].join('\n');
  const { exitCode, text } = await runCapped(host, ['sh', '-c', script, 'sh', folder], {
    most: buildTime,
    signal,
    feed: async (stdin) => pipeline(await archiveOf(submission), stdin),
  });
  if (exitCode !== 0)
    throw new LabError('engine', `the program could not be copied: ${text.trim()}`, { where: `host ${host.name}` });
}

interface Place {
  host: Host;
  folder: string;
  role: Role;
  signal: AbortSignal | undefined;
}

function buildIn(place: Place, submission: Submission, recipe: Recipe): Promise<Built> {
  if (recipe.kind === 'make') return make(place, submission);
  return recipe.kind === 'compile' ? compile(place, recipe) : prepare(place, recipe);
}

const command = ({ host, folder, signal }: Place, argv: readonly string[]) =>
  runCapped(host, argv, { workingDir: folder, most: buildTime, signal });

const failed = (what: string, exitCode: number): Text =>
  exitCode === 124
    ? {
        en: `it does not compile: ${what} was not done after ${buildTime} s`,
        fr: `il ne compile pas : ${what} n’avait pas fini après ${buildTime} s`,
      }
    : {
        en: `it does not compile: ${what} ended with code ${exitCode}`,
        fr: `il ne compile pas : ${what} a fini avec le code ${exitCode}`,
      };

async function compile(place: Place, { sources, program }: Recipe & { kind: 'compile' }): Promise<Built> {
  const files = sources.map((source) => `./${source}`);
  const { exitCode, text } = await command(place, ['cc', ...compilerFlags, '-o', `./${program}`, ...files, '-lm']);
  if (exitCode !== 0) return { why: failed('cc', exitCode), messages: text };
  return { program: { argv: [`./${program}`], folder: place.folder }, messages: text };
}

async function make(place: Place, submission: Submission): Promise<Built> {
  const { exitCode, text } = await command(place, ['make']);
  if (exitCode !== 0) return { why: failed('make', exitCode), messages: text };
  const find = ['find', '.', '-maxdepth', '2', '-type', 'f', '-perm', '-100', '-printf', '%P\\0'];
  const { text: list } = await command(place, find);
  const found = builtProgram(list.split('\0').filter(Boolean), submission.files, place.role);
  if (typeof found !== 'string') return { why: found.wrong, messages: text };
  return { program: { argv: [`./${found}`], folder: place.folder }, messages: text };
}

/** A script or an executable whose permission got lost on its way may be executed all the same. */
async function prepare(place: Place, { argv, file }: Recipe & { kind: 'run' }): Promise<Built> {
  const { exitCode, text } = await command(place, ['chmod', 'u+x', `./${file}`]);
  if (exitCode !== 0) return { why: { en: text, fr: text }, messages: '' };
  return { program: { argv, folder: place.folder }, messages: '' };
}
