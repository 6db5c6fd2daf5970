// Programs that a scenario brings along: read with it, put into its hosts' /work before the first step, built there.

import { basename, dirname, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Engine, Host } from '../engine/engine.ts';
import type { Lab } from '../model/lab.ts';
import { LabError } from '../model/lab-error.ts';
import type { Scenario } from '../model/scenario.ts';
import { compilerFlags } from '../model/submission.ts';
import { runCapped } from './capped.ts';
import { archiveOf, readNamed, type Submission } from './submission.ts';

interface Brought extends Submission {
  host: string;
  path: string;
  /** Where it goes below /work: a folder's name, or nothing for a file. */
  into: string;
}

/** Seconds that a build may take. */
const buildTime = 20;

/** What the scenario names, as it lies on this machine's disk. Throws LabError `usage` for what is not there. */
export async function readPrograms({ programs = {}, file }: Pick<Scenario, 'programs' | 'file'>): Promise<Brought[]> {
  const each = Object.entries(programs).flatMap(([host, paths]) => paths.map((path) => ({ host, path })));
  return Promise.all(
    each.map(async ({ host, path }) => {
      const full = resolve(dirname(file), path);
      const submission = await readNamed(full).catch((error: unknown) => {
        if (!(error instanceof LabError)) throw error;
        throw new LabError('usage', `programs of ${host}: ${error.message}: ${path}`, { where: file });
      });
      const isFile =
        submission.files.length === 1 && resolve(submission.folder, submission.files[0]?.path ?? '') === full;
      return { ...submission, host, path, into: isFile ? '' : basename(full) };
    }),
  );
}

/** Puts them into their hosts and builds them. Throws LabError with the compiler's words when one cannot be built. */
export async function installPrograms(
  engine: Engine,
  lab: Lab,
  scenario: Scenario,
  signal?: AbortSignal,
): Promise<void> {
  const brought = await readPrograms(scenario);
  await Promise.all(
    brought.map(async (one) => {
      const host = await engine.host(lab.name, one.host);
      await put(host, one, signal);
      await build(host, one, signal);
    }),
  );
}

async function put(host: Host, one: Brought, signal?: AbortSignal): Promise<void> {
  const script = 'mkdir -p "$1" && exec tar --extract --file=- --directory="$1" --no-same-owner';
  const { exitCode, text } = await runCapped(host, ['sh', '-c', script, 'sh', folderOf(one)], {
    most: buildTime,
    signal,
    feed: async (stdin) => pipeline(await archiveOf(one), stdin),
  });
  if (exitCode !== 0)
    throw new LabError('engine', `${one.path} could not be copied: ${text.trim()}`, { where: host.name });
}

const folderOf = ({ into }: Brought): string => `/work/${into}`;

/** By make where a folder has a Makefile, else each C file is a program of its name; all others are started as they are. */
function commandsOf({ files, into }: Brought): string[][] {
  const names = files.map(({ path }) => path);
  if (into !== '' && names.some((name) => /^(GNUm|m|M)akefile$/.test(name))) return [['make']];
  const sources = names.filter((name) => /^[^/]+\.c$/.test(name));
  return sources.map((name) => ['cc', ...compilerFlags, '-o', `./${name.slice(0, -2)}`, `./${name}`, '-lm']);
}

async function build(host: Host, one: Brought, signal?: AbortSignal): Promise<void> {
  for (const argv of commandsOf(one)) {
    const options = { workingDir: folderOf(one), most: buildTime, signal };
    const { exitCode, text } = await runCapped(host, argv, options);
    if (exitCode !== 0)
      throw new LabError('usage', `${one.path} does not compile: ${argv[0]} ended with code ${exitCode}`, {
        where: `host ${host.name}`,
        hint: text.trim(),
      });
  }
}
