// Provides the Debian that the base image starts from: found, pulled, or made on the spot from Debian's packages.

import { execFile, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { LabError } from '../../model/lab-error.ts';
import type { Work } from '../engine.ts';
import type { Api } from './api.ts';
import { hashFiles } from './context.ts';
import { findImage } from './image-store.ts';
import { label } from './labels.ts';
import { progressOf } from './progress.ts';
import { pullImage } from './pull.ts';

export const debianRelease = 'bookworm';
const pulled = `debian:${debianRelease}-slim`;
const made = `labctl/debian:${debianRelease}`;
/** What the made root depends on: in the folder of the base image. */
const ingredients = ['packages', 'dpkg.cfg'];

/** The name of an image with Debian in it, which exists now. `folder` is that of the base image. */
export async function provideDebian(api: Api, folder: string, work: Work): Promise<string> {
  const hash = hashFiles(folder, ingredients);
  if ((await findImage(api, made))?.Config.Labels?.[label.image] === hash) return made;
  if (await findImage(api, pulled)) return pulled;
  try {
    await pullImage(api, pulled, work);
    return pulled;
  } catch (noRegistry) {
    if (!(noRegistry instanceof LabError)) throw noRegistry;
    await makeDebian(api, folder, hash, noRegistry, work);
    return made;
  }
}

/** Runs mmdebstrap and streams its archive straight into the engine: no file, no memory. */
async function makeDebian(api: Api, folder: string, hash: string, noRegistry: LabError, work: Work): Promise<void> {
  const { archive, complaint } = await bootstrap(folder, noRegistry, work);
  try {
    const answer = await api.open('POST', '/images/create', {
      query: { fromSrc: '-', repo: made, changes: `LABEL ${label.image}=${hash}` },
      stream: archive,
      signal: work.signal,
    });
    for await (const line of progressOf(answer)) void line;
  } catch (error) {
    work.signal?.throwIfAborted();
    throw complaint() ?? error;
  }
  const failure = complaint();
  if (failure) throw failure;
}

interface Bootstrap {
  archive: Readable;
  /** Why mmdebstrap failed, once it did. */
  complaint: () => LabError | undefined;
}

async function bootstrap(folder: string, noRegistry: LabError, { on, signal }: Work): Promise<Bootstrap> {
  const argv = await mmdebstrapArguments(folder);
  // In a process group of its own: when it is ended, mmdebstrap ends all of its group, which would be labctl's too.
  const child = spawn('mmdebstrap', argv, { stdio: ['ignore', 'pipe', 'pipe'], detached: true, signal });
  const said: string[] = [];
  createInterface(child.stderr).on('line', (line) => {
    said.push(line);
    on?.({ kind: 'image-building', image: made, line });
  });
  const ended = new Promise<Error | undefined>((resolve) => {
    child.once('error', resolve);
    child.once('close', (code) => resolve(code === 0 ? undefined : lastErrors(said)));
  });
  let failure: LabError | undefined;
  const archive = async function* () {
    yield* child.stdout;
    const error = await ended;
    if (!error) return;
    failure = cannotMake(error, noRegistry);
    // An archive that only ended here would be imported as if it were whole.
    throw failure;
  };
  return { archive: Readable.from(archive(), { objectMode: false }), complaint: () => failure };
}

/** mmdebstrap goes on talking after what went wrong; its errors and apt's begin with `E:`. */
function lastErrors(said: string[]): Error {
  const errors = said.filter((line) => line.startsWith('E:'));
  return new Error((errors.length > 0 ? errors.slice(0, 3) : said.slice(-3)).join('\n  '));
}

function cannotMake(cause: NodeJS.ErrnoException, noRegistry: LabError): LabError {
  const why = cause.code === 'ENOENT' ? 'mmdebstrap is not installed' : `mmdebstrap failed:\n  ${cause.message}`;
  return new LabError('engine', `${pulled} cannot be pulled (${noRegistry.message}), and ${why}`, {
    where: 'image labctl/base',
    hint: '`labctl doctor --fix`, or `labctl images load FILE` with images from another machine',
    cause,
  });
}

async function mmdebstrapArguments(folder: string): Promise<string[]> {
  const packages = (await readFile(join(folder, 'packages'), 'utf8')).split(/\s+/).filter(Boolean);
  return [
    '--variant=minbase',
    '--format=tar',
    `--include=${packages.join(',')}`,
    `--dpkgopt=${join(folder, 'dpkg.cfg')}`,
    '--aptopt=APT::Install-Recommends "false"',
    debianRelease,
    '-',
    ...(await debianSources()),
  ];
}

/**
 * The Debian sources that this machine's apt is set up with, as lines of sources.list(5); none on another system,
 * where mmdebstrap knows its own. They may be a mirror nearby, or the only one that can be reached.
 */
async function debianSources(): Promise<string[]> {
  const format = '$(ORIGIN) $(RELEASE) $(REPO_URI) $(COMPONENT)';
  try {
    const { stdout } = await promisify(execFile)('apt-get', [
      'indextargets',
      '--format',
      format,
      'Created-By: Packages',
    ]);
    return sourceLines(stdout);
  } catch {
    return [];
  }
}

/** From lines `ORIGIN RELEASE URI COMPONENT`, one for each index, those of Debian's release and its updates. */
export function sourceLines(targets: string): string[] {
  const rows = targets.split('\n').map((line) => line.split(' '));
  const wanted = rows.filter(
    ([origin, release = '']) =>
      origin === 'Debian' && new RegExp(`^${debianRelease}(-updates|-security)?$`).test(release),
  );
  const lines = wanted.map(([, release, uri, component]) => `deb ${uri} ${release} ${component}`);
  return lines.some((line) => line.includes(` ${debianRelease} main`)) ? [...new Set(lines)] : [];
}
