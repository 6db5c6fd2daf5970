// A submission on this machine's disk: read as files, never followed and never run; what is no plain file stays behind.

import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, open, readdir, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { LabError } from '../model/lab-error.ts';
import type { SubmittedFile } from '../model/submission.ts';

export interface Submission {
  /** Absolute folder that the paths of the files are relative to. */
  folder: string;
  files: SubmittedFile[];
  /** Symbolic links, devices and the like, which were left out. */
  left: string[];
}

const mostFiles = 2000;
const mostBytes = 32 * 2 ** 20;
const mostDeep = 20;
const headBytes = 4;

/** Reads what was handed in: a file, or a folder with all below it. Throws LabError `usage` when there is no such thing, or too much. */
export async function readSubmission(path: string): Promise<Submission> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) throw new LabError('usage', 'there is no such file or folder', { where: path });
  const submission: Submission = { folder: path, files: [], left: [] };
  let bytes = 0;
  const take = async (relative: string): Promise<void> => {
    const file = await readHead(join(submission.folder, relative));
    if (file === undefined) return void submission.left.push(relative);
    bytes += file.size;
    submission.files.push({ path: relative, mode: file.mode, head: file.head });
    if (bytes > mostBytes || submission.files.length > mostFiles) throw tooMuch(path);
  };
  const walk = async (folder: string, depth: number): Promise<void> => {
    const entries = await readdir(join(path, folder), { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const relative = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory() && depth < mostDeep && entry.name !== '.git') await walk(relative, depth + 1);
      else if (entry.isFile()) await take(relative);
      else submission.left.push(relative);
    }
  };
  if (found.isDirectory()) await walk('', 0);
  else {
    submission.folder = dirname(path);
    await take(basename(path));
  }
  return found.isDirectory() ? unwrapped(submission) : submission;
}

/** What the user names themself may be a link; what lies in a folder of submissions may not. */
export const readNamed = async (path: string): Promise<Submission> =>
  readSubmission(await realpath(path).catch(() => path));

/** An archive often holds one folder with everything in it. */
function unwrapped(submission: Submission): Submission {
  const tops = new Set(submission.files.map(({ path }) => path.split('/')[0] ?? ''));
  const [top = ''] = tops;
  if (tops.size !== 1 || submission.files.some(({ path }) => !path.includes('/'))) return submission;
  const files = submission.files.map((file) => ({ ...file, path: file.path.slice(top.length + 1) }));
  return unwrapped({ ...submission, folder: join(submission.folder, top), files });
}

const tooMuch = (path: string): LabError =>
  new LabError('usage', `a submission may have ${mostFiles} files and ${mostBytes / 2 ** 20} MiB at most`, {
    where: path,
  });

/** Undefined for what is no plain file. Neither follows a link nor waits at a pipe. */
async function readHead(path: string): Promise<{ mode: number; size: number; head: string } | undefined> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    () => undefined,
  );
  if (file === undefined) return undefined;
  try {
    const { mode, size } = await file.stat();
    if ((mode & constants.S_IFMT) !== constants.S_IFREG) return undefined;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return { mode: mode & 0o777, size, head: buffer.toString('latin1', 0, bytesRead) };
  } finally {
    await file.close();
  }
}

/** The same for the same files, whatever became of them in between. */
export async function digestOf({ folder, files }: Submission): Promise<string> {
  const hash = createHash('sha256');
  for (const { path, mode } of files) {
    const file = await open(join(folder, path), constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      const bytes = await file.readFile();
      hash.update(JSON.stringify([path, mode, bytes.length])).update(bytes);
    } finally {
      await file.close();
    }
  }
  return hash.digest('hex');
}

/** All files as one tar archive, owned by nobody in particular and without special bits. */
export async function archiveOf({ folder, files }: Submission): Promise<Readable> {
  const { default: tar } = await import('tar-fs');
  const packed = tar.pack(folder, {
    entries: files.map(({ path }) => path),
    ignore: () => false,
    map: (header) => ({ ...header, uid: 1000, gid: 1000, mode: ((header.mode ?? 0) & 0o755) | 0o600 }),
  });
  return Readable.from(packed);
}
