// The life of a lab's keeper: starts it, knows it again by its folder, ends it and waits until it is gone.

import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { renameSync } from 'node:fs';
import { chown, mkdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LabError } from '../../model/lab-error.ts';
import { packageRoot } from '../../root.ts';
import { identityOf, isAlive } from '../identity.ts';
import { ask, connectKeeper, labFolder } from './ask.ts';
import { type Groups, groupsFor, noGroups, removeGroups } from './groups.ts';
import { childOf, identityFile, livingKeeper } from './keeper-identity.ts';
import { ownFolder, type Places } from './places.ts';
import { keeperFailure, toolPath } from './tools.ts';

/**
 * The kernel ends a pid namespace with its first process, which is the keeper: that is why nothing can be left behind.
 * `unshare` stays as its parent and would take it along. The one user of these namespaces is the student, who has no
 * rights in them; the keeper keeps its own (`--keep-caps`).
 */
const namespaces = [
  ...['--user', '--map-user=1000', '--map-group=1000', '--keep-caps', '--net', '--mount', '--ipc'],
  ...['--pid', '--fork', '--kill-child', '--mount-proc'],
];

/** Starts a keeper; false when another labctl was quicker. Throws LabError when the machine refuses. */
export async function startKeeper(places: Places, lab: string): Promise<boolean> {
  const folder = labFolder(places, lab);
  ownFolder(places.runtime, places.user ? 0o755 : 0o700);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (places.user) await chown(folder, places.user.uid, places.user.gid);
  await utimes(folder, new Date(), new Date()); // It may have been left by a keeper that died: it is no remains now.
  const groups = groupsFor(places, lab);
  let [pid, said, complaints] = await launch(places, folder, groups);
  if (said === '' && groups.before.length > 0) [pid, said, complaints] = await launch(places, folder, noGroups);
  if (said === 'taken') return waitForAnother(folder);
  const identity = pid === undefined ? undefined : identityOf(pid);
  if (said !== 'ready' || identity === undefined) throw keeperFailure(complaints);
  await writeFile(identityFile(folder), JSON.stringify(identity));
  return true;
}

let read: Promise<Buffer> | undefined;

/** One text of all its parts, each of which knows those before it; read once, though `up` asks for its hash as well. */
const keeperText = (): Promise<Buffer> => (read ??= readParts());

async function readParts(): Promise<Buffer> {
  const parts = ['groups', 'calls', 'hosts', 'lab', 'start', 'program', 'keeper'];
  const folder = join(packageRoot, 'labctl/engine/embedded/keeper');
  return Buffer.concat(await Promise.all(parts.map((name) => readFile(join(folder, `${name}.py`)))));
}

/** Tells the keepers of two labctl apart where their texts differ. */
export const keeperHash = async (): Promise<string> =>
  createHash('sha256')
    .update(await keeperText())
    .digest('hex');

/** The pid of a new keeper, its first word, and what was complained of where it has none. */
async function launch(places: Places, folder: string, { before, behind }: Groups) {
  const text = await keeperText();
  const reader = `exec(open(0,"rb",closefd=False).read(${text.length}))`;
  const keeper = ['unshare', ...namespaces, '--', 'python3', '-I', '-S', '-c', reader, folder, ...behind];
  const [command = '', ...argv] = [...before, ...keeper];
  const child = spawn(command, argv, {
    cwd: '/',
    env: { PATH: toolPath, ...(places.session ? { XDG_RUNTIME_DIR: places.session } : {}) },
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    // Only root may ask for groups of its own; it becomes the lab's user behind that.
    ...(before.length > 0 ? {} : places.user),
  });
  child.once('error', () => undefined);
  child.stdin.on('error', () => undefined).end(text);
  const [said, complaints] = await firstWords(child.stdout, child.stderr);
  for (const stream of [child.stdout, child.stderr]) stream.destroy();
  child.unref();
  return [child.pid, said, complaints] as const;
}

/** Between taking the folder and listening lies a moment. */
async function waitForAnother(folder: string): Promise<false> {
  for (let waited = 0; waited < patience && !(await answers(folder)); waited += 5) await delay(5);
  return false;
}

/** One line of output; or, when the output ended before, what was complained of. */
async function firstWords(...[output, errors]: NodeJS.ReadableStream[]): Promise<[string, string]> {
  let said = '';
  let complaints = '';
  errors?.on('data', (bytes: Buffer) => {
    complaints += bytes.toString();
  });
  const ended = errors && new Promise((resolve) => errors.once('end', resolve));
  for await (const bytes of output ?? []) {
    said += bytes.toString();
    if (said.includes('\n')) return [said.split('\n')[0] ?? '', complaints];
  }
  await ended;
  return [said, complaints];
}

/** How long a keeper may take to die of SIGKILL: the kernel takes down every process of its namespace before. */
const patience = 10_000;

/** How the folders of labs begin that are on their way out. */
export const asidePrefix = '.gone-';

/**
 * Ends the keeper, waits until it and all of its lab are gone, and removes the folder. That is put aside first: whoever
 * brings the lab up meanwhile begins with a folder of their own.
 */
export async function endKeeper(places: Places, lab: string): Promise<void> {
  const folder = join(places.runtime, `${asidePrefix}${randomBytes(6).toString('hex')}`);
  try {
    renameSync(labFolder(places, lab), folder); // In one go with the kill: nobody would find this keeper any more.
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  await endAside(folder, () => leaveGroups(places, lab));
}

/** The same for a folder that has been put aside; `before` it is removed, and once all in it has ended. */
export async function endAside(folder: string, before = () => {}): Promise<void> {
  const pid = livingKeeper(folder);
  const keeper = identityOf((pid === undefined ? undefined : childOf(pid)) ?? 0);
  if (pid === undefined) await ask(folder, { do: 'stop' });
  // Both, for either may have been stopped by somebody: a stopped `unshare` would not see its keeper's end.
  for (const one of keeper ? [keeper.pid, pid] : [pid]) if (one !== undefined) kill(one);
  const lives = () => livingKeeper(folder) !== undefined || (keeper !== undefined && isAlive(keeper));
  for (let waited = 0; lives() || (await answers(folder)); waited += 5) {
    if (waited > patience) throw new LabError('engine', 'the keeper of the lab does not end', { where: `pid ${pid}` });
    await delay(5);
  }
  before();
  await rm(folder, { recursive: true, force: true });
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // It has ended by itself.
  }
}

export function leaveGroups(places: Places, lab: string): void {
  try {
    removeGroups(places, lab);
  } catch (error) {
    // In use again: somebody has brought the lab up meanwhile.
    if (!['EBUSY', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

export async function answers(folder: string): Promise<boolean> {
  const socket = await connectKeeper(folder);
  socket?.destroy();
  return socket !== undefined;
}
