// Captures that Debian ships in source packages, for their own tests: fetched once into the user's cache folder, by the
// mirror that this machine's apt already uses, never into the repository.

import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LabError } from '../labctl/model/lab-error.ts';
import { compareFile } from './compare.ts';
import { Tally } from './tally.ts';

const run = promisify(execFile);
const packages = ['tcpdump', 'wireshark'];
const isCapture = (name: string): boolean => /\.(pcap|pcapng|cap|ntar)(\.gz)?$/.test(name);

const cacheFolder = (): string => join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'labctl', 'truth');

/** The machine's own sources, asked for source packages instead of binary ones. */
async function sourceLists(): Promise<{ name: string; text: string }[]> {
  const folder = '/etc/apt/sources.list.d';
  const names = ['/etc/apt/sources.list', ...(await readdir(folder)).map((name) => join(folder, name))];
  const lists = await Promise.all(
    names.map(async (path, index) => ({ path, index, text: await readFile(path, 'utf8').catch(() => '') })),
  );
  return lists
    .filter(({ text }) => text.includes('debian'))
    .map(({ path, index, text }) => ({
      name: path.endsWith('.sources') ? `${index}.sources` : `${index}.list`,
      text: text.replace(/^Types: .*$/gm, 'Types: deb-src').replace(/^deb /gm, 'deb-src '),
    }));
}

/** apt with lists and sources of its own: nothing of the machine's changes. */
async function aptOptions(folder: string): Promise<string[]> {
  const parts = join(folder, 'sources');
  await Promise.all(
    ['lists/partial', 'cache', 'sources'].map((name) => mkdir(join(folder, name), { recursive: true })),
  );
  for (const { name, text } of await sourceLists()) await writeFile(join(parts, name), text);
  const settings = {
    'Dir::Etc::SourceList': '/dev/null',
    'Dir::Etc::SourceParts': parts,
    'Dir::State::Lists': join(folder, 'lists'),
    'Dir::Cache': join(folder, 'cache'),
    'APT::Sandbox::User': '',
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
}

async function fetchSources(folder: string): Promise<void> {
  const options = await aptOptions(folder);
  const work = join(folder, 'work');
  await mkdir(work, { recursive: true });
  await run('apt-get', [...options, 'update']).catch((error: Error) => {
    throw new LabError('usage', `apt-get update for source packages failed: ${error.message.split('\n')[1] ?? ''}`);
  });
  await run('apt-get', [...options, 'source', '--download-only', ...packages], { cwd: work, maxBuffer: 1 << 24 });
  for (const name of (await readdir(work)).filter((each) => /\.orig\.tar\.\w+$/.test(each))) {
    const captures = ['*.pcap', '*.pcapng', '*.cap', '*.ntar', '*.gz'];
    await run('tar', ['xf', name, '--wildcards', '--no-anchored', ...captures], { cwd: work }).catch(() => undefined);
  }
}

/** Where the captures lie; fetched if they are not there yet. */
async function captureFolder(): Promise<string> {
  const folder = cacheFolder();
  const ready = join(folder, 'captures');
  const there = await readdir(ready).catch(() => []);
  if (there.length > 0) return ready;
  await fetchSources(folder);
  const partial = join(folder, 'captures.part');
  await mkdir(partial, { recursive: true });
  for (const file of await filesIn(join(folder, 'work')))
    await cp(file, join(partial, file.slice(folder.length + 6).replaceAll('/', '_')));
  await rename(partial, ready);
  await rm(join(folder, 'work'), { recursive: true });
  return ready;
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...(await filesIn(path)));
    else if (isCapture(entry.name)) found.push(path);
  }
  return found;
}

/** Compares every capture of the packages; those that labctl cannot read are left out and named. */
export async function comparePackages(): Promise<Tally> {
  const tally = new Tally();
  for (const file of await filesIn(await captureFolder())) {
    const compared = await compareFile(file).catch((error: unknown) => {
      if (!(error instanceof LabError)) throw error;
      process.stdout.write(`left out: ${file}: ${error.message}\n`);
      return undefined;
    });
    if (compared) tally.add(compared);
  }
  return tally;
}
