// Where the embedded engine keeps things on this machine, and as which user its labs live.

import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { LabError } from '../../model/lab-error.ts';

export interface Places {
  /** One folder for each lab that runs; nothing in it outlives a reboot. */
  runtime: string;
  /** Images, by the hash of what they are made of. */
  cache: string;
  /** As whom labs live, where that is not who calls: no limit on processes holds for root. */
  user?: { uid: number; gid: number };
  /** The caller's runtime folder, where a systemd of their own is asked. */
  session?: string;
}

/** Away from the ids that systems give to people (up to 60000), to containers (from 524288) and to nobody. */
const labUser = { uid: 1_818_321_920, gid: 1_818_321_920 };

const folderIn = (variable: string | undefined, ...rest: string[]): string | undefined =>
  variable !== undefined && isAbsolute(variable) ? join(variable, ...rest) : undefined;

/**
 * By the XDG base directory specification; a user without a home keeps images as long as the runtime folder lasts. Not
 * TMPDIR: another shell may have another, and must find the same labs.
 */
export function placesFor(env: NodeJS.ProcessEnv, uid: number): Places {
  if (uid === 0) return { runtime: '/run/labctl', cache: '/var/cache/labctl', user: labUser };
  const runtime = folderIn(env.XDG_RUNTIME_DIR, 'labctl') ?? `/tmp/labctl-${uid}`;
  const cache = folderIn(env.XDG_CACHE_HOME, 'labctl') ?? folderIn(env.HOME, '.cache', 'labctl');
  const session = folderIn(env.XDG_RUNTIME_DIR);
  return { runtime, cache: cache ?? join(runtime, '.images'), ...(session === undefined ? {} : { session }) };
}

/**
 * Makes the folder unless it is there. Throws LabError when it cannot be made, or is somebody else's: in a shared /tmp
 * anybody may have been quicker.
 */
export function ownFolder(path: string, mode: number): string {
  try {
    mkdirSync(path, { recursive: true, mode });
  } catch (cause) {
    throw new LabError('engine', `the folder ${path} cannot be made: ${(cause as Error).message}`, { cause });
  }
  const stat = lstatSync(path);
  if (stat.isDirectory() && stat.uid === process.getuid?.()) {
    // Whatever the caller's umask took away.
    if ((stat.mode & 0o777) !== mode) chmodSync(path, mode);
    return path;
  }
  throw new LabError('engine', `${path} is not a folder of yours`, { hint: 'set XDG_RUNTIME_DIR to one that is' });
}

const advice: Partial<Record<string, string>> = {
  ENOSPC: 'there is no room left: end another lab, or set XDG_RUNTIME_DIR and XDG_CACHE_HOME to folders with more',
  EDQUOT: 'your quota is used up',
  EACCES: 'set XDG_RUNTIME_DIR and XDG_CACHE_HOME to folders that you may write to',
  EROFS: 'set XDG_RUNTIME_DIR and XDG_CACHE_HOME to folders that you may write to',
};

/** Work on these folders; what the file system refuses is the machine's fault, not labctl's: it becomes a LabError. */
export async function onFiles<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    const { code, path, syscall, message } = error as NodeJS.ErrnoException;
    if (code === undefined || syscall === undefined) throw error;
    throw new LabError('engine', message, { where: path, hint: advice[code], cause: error });
  }
}

/** What a host's first program prints. */
export const logPath = (folder: string, host: string): string => join(folder, `${host}.log`);
