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
/** nDPI's are of several hundred protocols; gopacket's and libpcap's test the formats themselves. */
const packages = ['tcpdump', 'wireshark', 'ndpi', 'gopacket', 'libpcap', 'tcpflow', 'dnscap', 'python-dpkt'];
const isCapture = (name: string): boolean => /^[^.].*\.(pcap|pcapng|cap|ntar)(\.gz)?$/.test(name);

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

/** What apt has of a package, unpacked as far as it may be a capture. Throws LabError where there is no such source. */
async function fetchSource(name: string, options: readonly string[], work: string): Promise<void> {
  await mkdir(work, { recursive: true });
  const fetch = ['source', '--download-only', name];
  await run('apt-get', [...options, ...fetch], { cwd: work, maxBuffer: 1 << 24 }).catch(() => {
    throw new LabError('usage', 'apt-get cannot fetch its source');
  });
  const captures = ['*.pcap', '*.pcapng', '*.cap', '*.ntar', '*.gz'];
  for (const archive of (await readdir(work)).filter((each) => /\.orig\.tar\.\w+$/.test(each)))
    await run('tar', ['xf', archive, '--wildcards', '--no-anchored', ...captures], { cwd: work }).catch(
      () => undefined,
    );
}

/** Puts a package's captures where the next comparison finds them. */
async function keepCaptures(name: string, options: readonly string[], folder: string): Promise<void> {
  const work = join(folder, 'work', name);
  await fetchSource(name, options, work);
  const partial = join(folder, 'work', `${name}.part`);
  await mkdir(partial, { recursive: true });
  for (const file of await filesIn(work))
    await cp(file, join(partial, file.slice(work.length + 1).replaceAll('/', '_')));
  await mkdir(join(folder, 'packages'), { recursive: true });
  await rename(partial, join(folder, 'packages', name));
  await rm(work, { recursive: true });
}

/** The folder of each package's captures; what is not there yet is fetched, what cannot be is named and left out. */
async function captureFolders(): Promise<string[]> {
  const folder = cacheFolder();
  const there: string[] = await readdir(join(folder, 'packages')).catch(() => []);
  const missing = packages.filter((name) => !there.includes(name));
  const options = missing.length > 0 ? await aptOptions(folder) : [];
  if (missing.length > 0) await updateLists(options);
  for (const name of missing)
    await keepCaptures(name, options, folder).catch((error: unknown) => {
      if (!(error instanceof LabError)) throw error;
      process.stdout.write(`left out: ${name}: ${error.message}\n`);
    });
  return (await readdir(join(folder, 'packages'))).map((name) => join(folder, 'packages', name));
}

async function updateLists(options: readonly string[]): Promise<void> {
  await run('apt-get', [...options, 'update']).catch((error: Error) => {
    throw new LabError('usage', `apt-get update for source packages failed: ${error.message.split('\n')[1] ?? ''}`);
  });
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
  const folders = await captureFolders();
  for (const file of (await Promise.all(folders.map(filesIn))).flat()) {
    const compared = await compareFile(file).catch((error: unknown) => {
      if (!(error instanceof LabError)) throw error;
      process.stdout.write(`left out: ${file}: ${error.message}\n`);
      return undefined;
    });
    if (compared) tally.add(compared);
  }
  return tally;
}
