// `labctl images`: builds them, or carries them all in one file into a classroom without Internet.

import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { exitCodes, LabError } from '../model/lab-error.ts';
import { type Declare, examples } from './declare.ts';
import type { Session } from './session.ts';

export const images: Declare = (program, act) => {
  const group = program
    .command('images')
    .description('build the images, or carry them to a machine without Internet')
    .addHelpText(
      'after',
      examples(['labctl images save lab.tar.gz', 'here'], ['labctl images load lab.tar.gz', 'there']),
    );
  group.command('build').description('build what is missing or changed').action(act(runBuild));
  group.command('save').description('write all images into one gzipped file').argument('<file>').action(act(runSave));
  group.command('load').description('read images from such a file').argument('<file>').action(act(runLoad));
};

async function runBuild(session: Session): Promise<number> {
  const [lab, engine] = [await session.lab(), await session.engine()];
  const { engineProgress } = await import('../views/progress.ts');
  const built = await engine.build(lab, {
    on: (event) => session.note(engineProgress(event, session.errorStyle())),
    signal: session.io.signal,
  });
  if (session.json) session.outJson({ built });
  else session.out(built ? 'Images built.' : 'Nothing to build: all images are up to date.');
  return exitCodes.met;
}

/** Written beside and renamed, so that a file with the asked-for name is always whole. */
async function runSave(session: Session, name: string): Promise<number> {
  const [lab, engine] = [await session.lab(), await session.engine()];
  const file = resolve(session.io.cwd, name);
  const part = `${file}.part`;
  try {
    const archive = await engine.saveImages(lab);
    await pipeline(archive, createGzip({ level: 1 }), createWriteStream(part), { signal: session.io.signal });
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    if (error instanceof LabError) throw error;
    throw new LabError('usage', `cannot write ${name}: ${reason(error)}`, { where: file, cause: error });
  }
  const { size } = await stat(file);
  if (session.json) session.outJson({ file, bytes: size });
  else session.out(`${name}: ${(size / 1e6).toFixed(1)} MB`);
  return exitCodes.met;
}

async function runLoad(session: Session, name: string): Promise<number> {
  const file = resolve(session.io.cwd, name);
  await stat(file).catch((error: unknown) => {
    throw new LabError('usage', `cannot read ${name}: ${reason(error)}`, { where: file });
  });
  const engine = await session.engine();
  const loaded = await engine.loadImages(createReadStream(file), { signal: session.io.signal });
  if (session.json) session.outJson({ images: loaded });
  else session.out(loaded.map((image) => `loaded ${image}`).join('\n'));
  return exitCodes.met;
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));
