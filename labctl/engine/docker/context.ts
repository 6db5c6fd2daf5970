// A folder that becomes an image: which of its files count (.dockerignore), their hash, and their archive. They are few
// and small: to read them at once takes a fifth of what promises take.

import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { ImageBuild } from '../../model/lab.ts';
import { LabError } from '../../model/lab-error.ts';

/** Paths relative to the folder, sorted, `.dockerignore` applied. Folders are not listed: only files make an image. */
export async function contextFiles({ context, dockerfile }: ImageBuild): Promise<string[]> {
  if (!existsSync(context)) throw new LabError('usage', `there is no folder ${context} to build from`);
  const entries = readdirSync(context, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => join(parentPath, name).slice(context.replace(/\/+$/, '').length + 1));
  const counts = await ignoreRules(context);
  // As Docker does: the Dockerfile is needed for the build even where the rules leave it out.
  return files.filter((file) => file === dockerfile || counts(file)).sort();
}

async function ignoreRules(context: string): Promise<(file: string) => boolean> {
  const rules = join(context, '.dockerignore');
  if (!existsSync(rules)) return () => true;
  const { default: dockerignore } = await import('@balena/dockerignore');
  return dockerignore.default().add(readFileSync(rules, 'utf8')).createFilter();
}

/** One hash for names, contents, links and execute permissions; times and owners do not count. */
export function hashFiles(folder: string, files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) for (const part of describe(folder, file)) hash.update(part).update('\0');
  return hash.digest('hex');
}

function describe(folder: string, file: string): (string | Buffer)[] {
  const path = join(folder, file);
  const stat = lstatSync(path);
  if (stat.isSymbolicLink()) return [file, 'link', readlinkSync(path)];
  const content = stat.isFile() ? readFileSync(path) : '';
  return [file, (stat.mode & 0o111) === 0 ? 'file' : 'program', String(content.length), content];
}

/** The archive to send to the engine. Everything belongs to root in it, whoever owns it here. */
export async function packContext({ context }: ImageBuild, files: readonly string[]): Promise<Readable> {
  const { default: tar } = await import('tar-fs');
  const pack = tar.pack(context, { entries: [...files], map: (header) => ({ ...header, uid: 0, gid: 0 }) });
  return Readable.from(pack, { objectMode: false });
}
