// An image here is what `make install` of its folder makes; built in a sandbox, kept by the hash of its sources.

import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  copyFile,
  lchown,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { HostSpec, ImageBuild, Lab } from '../../model/lab.ts';
import { LabError } from '../../model/lab-error.ts';
import { packageVersion } from '../../root.ts';
import { contextFiles, hashFiles } from '../docker/context.ts';
import type { Work } from '../engine.ts';
import { ownFolder, type Places } from './places.ts';
import { buildOptions, privateEtc } from './sandbox.ts';
import { sandboxHint, toolPath } from './tools.ts';

export interface Image {
  name: string;
  build: ImageBuild;
  /** Where its `/usr/local` lies, once it is built. */
  local: string;
  hash: string;
  dockerfile: string;
}

/**
 * The images of a lab by name, built or not. Throws LabError for one that has no folder to be built from: nothing is
 * pulled here.
 */
export async function imagesOf(lab: Lab, places: Places): Promise<Map<string, Image>> {
  const specs = new Map(lab.hosts.map((spec) => [spec.image, spec]));
  const images = await Promise.all([...specs.values()].map((spec) => imageOf(spec, places)));
  return new Map(images.map((image) => [image.name, image]));
}

async function imageOf({ name: host, image: name, build }: HostSpec, { cache }: Places): Promise<Image> {
  const where = `host ${host}`;
  if (!build) {
    throw new LabError('engine', `the image ${name} has no folder to be built from, and nothing is pulled here`, {
      where,
      hint: '`labctl --engine docker up`',
    });
  }
  const dockerfile = await readFile(join(build.context, build.dockerfile), 'utf8').catch((cause: unknown) => {
    throw new LabError('usage', `there is no Dockerfile ${join(build.context, build.dockerfile)}`, { where, cause });
  });
  const files = hashFiles(build.context, await contextFiles(build));
  const compiler = await stat('/usr/bin/cc').catch(() => undefined);
  const parts = [files, build.dockerfile, compiler?.mtimeMs, compiler?.size, packageVersion];
  const hash = createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
  return { name, build, hash, dockerfile, local: join(cache, hash, 'usr/local') };
}

/** Builds what is missing; true if anything was. See Engine.build. */
export async function buildImages(lab: Lab, places: Places, work: Work): Promise<boolean> {
  let built = false;
  for (const image of (await imagesOf(lab, places)).values()) {
    const missing = !existsSync(image.local);
    if (missing) {
      work.on?.({ kind: 'image-building', image: image.name });
      await buildImage(image, places, work.signal);
    }
    work.on?.({ kind: 'image-ready', image: image.name, built: missing });
    built ||= missing;
  }
  return built;
}

/** In a folder beside, renamed when it is whole: two builds at once both come to a good end. */
async function buildImage(image: Image, places: Places, signal: AbortSignal | undefined): Promise<void> {
  const aside = join(ownFolder(places.cache, 0o755), `.${randomBytes(6).toString('hex')}`);
  try {
    await stage(image.build, aside);
    if (places.user) await giveTo(places.user, aside);
    await makeInstall(image, aside, places, signal);
    await checkOutput(image, join(aside, 'out'));
    await rename(join(aside, 'out'), join(places.cache, image.hash)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/** Hosts get this folder as it is: a link in its way would show them whatever it points to on this machine. */
async function checkOutput({ name }: Image, out: string): Promise<void> {
  for (const folder of ['usr', 'usr/local']) {
    const found = await lstat(join(out, folder)).catch(() => undefined);
    if (found?.isDirectory()) continue;
    throw new LabError('engine', `\`make install\` made no folder /${folder}`, { where: `image ${name}` });
  }
}

async function stage(build: ImageBuild, aside: string): Promise<void> {
  await mkdir(join(aside, 'out'), { recursive: true });
  for (const file of await contextFiles(build)) {
    const copy = join(aside, 'context', file);
    await mkdir(dirname(copy), { recursive: true });
    const original = join(build.context, file);
    // A link stays one, as in Docker: what it points to on this machine is nobody's business in there.
    if ((await lstat(original)).isSymbolicLink()) await symlink(await readlink(original), copy);
    else await copyFile(original, copy);
  }
  await writeEtc(join(aside, 'etc'));
}

/** The private files of /etc, in a folder that may be there already. */
export async function writeEtc(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await Promise.all(Object.entries(privateEtc).map(([name, text]) => writeFile(join(folder, name), text)));
}

/** Makes a folder and all in it somebody's. */
export async function giveTo({ uid, gid }: { uid: number; gid: number }, folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true })) await lchown(join(folder, entry), uid, gid);
  await lchown(folder, uid, gid);
}

/** Runs its arguments with an empty session keyring: the caller's is inherited (session-keyring(7)). See keeper/keeper.py. */
const withOwnKeys = `
import ctypes, os, sys
keyctl = {'x86_64': 250, 'i686': 288, 'armv7l': 311, 'ppc64le': 271, 's390x': 280}.get(os.uname().machine, 219)
ctypes.CDLL(None).syscall(keyctl, 1, None)
os.execvp(sys.argv[1], sys.argv[1:])
`;

async function makeInstall(image: Image, aside: string, places: Places, signal?: AbortSignal): Promise<void> {
  const options = buildOptions(join(aside, 'etc'), join(aside, 'context'), join(aside, 'out'));
  const folder = dirname(image.build.dockerfile);
  const argv = [...options, '--', 'make', '-C', folder, 'install', 'DESTDIR=/tmp/out'];
  const child = spawn('python3', ['-I', '-S', '-c', withOwnKeys, 'bwrap', ...argv], {
    cwd: '/',
    env: { PATH: toolPath },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...places.user,
    signal,
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4000);
    });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code === 0) return;
  const [where, hint] = [`image ${image.name}`, sandboxHint(said)];
  throw new LabError('engine', `\`make install\` failed:\n${said.trim()}`, { where, hint });
}
