// `labctl images`: builds them, or carries them all in one file into a classroom without Internet.

import { createReadStream, createWriteStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { exitCodes, LabError } from '../model/lab-error.ts';
import { type Declare, examples } from './declare.ts';
import { engineNotes } from './engine-notes.ts';
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
  const built = await engine.build(lab, { on: await engineNotes(session), signal: session.io.signal });
  const { lab: words, shown } = await wordsFor(session);
  if (session.json) session.outJson({ built });
  else session.out(shown(built ? words.imagesBuilt : words.imagesCurrent));
  return exitCodes.met;
}

/** The words of the user's language, and what makes them fit for the user's alphabet. */
async function wordsFor(session: Session) {
  const [{ wordsOf }, { visible }] = await Promise.all([import('../views/words.ts'), import('../views/visible.ts')]);
  return { ...wordsOf(session.language), shown: (text: string) => visible(text, session.style()) };
}

/** Written beside and renamed, so that a file with the asked-for name is always whole. */
async function runSave(session: Session, name: string): Promise<number> {
  const [lab, engine] = [await session.lab(), await session.engine()];
  const file = resolve(session.io.cwd, name);
  const part = `${file}.part`;
  const { progress, shown } = await wordsFor(session);
  const count = counted(session, (size) => shown(progress.saving(name, size)));
  try {
    const archive = await engine.saveImages(lab);
    const { createGzip } = await import('node:zlib');
    await pipeline(archive, count, createGzip({ level: 1 }), createWriteStream(part), { signal: session.io.signal });
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    if (error instanceof LabError || session.io.signal.aborted) throw error;
    throw new LabError('usage', `cannot write ${name}: ${reason(error)}`, { where: file, cause: error });
  }
  const { size } = await stat(file);
  if (session.json) session.outJson({ file, bytes: size });
  else session.out(shown(`${name}: ${megabytes(size)}`));
  return exitCodes.met;
}

async function runLoad(session: Session, name: string): Promise<number> {
  const file = resolve(session.io.cwd, name);
  await demandArchive(file, name);
  const engine = await session.engine();
  const { progress, lab, shown } = await wordsFor(session);
  const count = counted(session, (size) => shown(progress.loading(name, size)));
  const archive = Readable.from(count(createReadStream(file)), { objectMode: false });
  const loaded = await engine.loadImages(archive, { signal: session.io.signal });
  if (session.json) session.outJson({ images: loaded });
  else session.out(loaded.map((image) => shown(lab.imageLoaded(image))).join('\n'));
  return exitCodes.met;
}

/** The engine would break off a connection that brings it anything else, and could only guess why. */
async function demandArchive(file: string, name: string): Promise<void> {
  const start = Buffer.alloc(512);
  try {
    await using handle = await open(file);
    await handle.read(start);
  } catch (error) {
    throw new LabError('usage', `cannot read ${name}: ${reason(error)}`, { where: file });
  }
  const compressed = [
    [0x1f, 0x8b],
    [0x28, 0xb5, 0x2f, 0xfd],
    [0xfd, 0x37, 0x7a, 0x58, 0x5a],
    [0x42, 0x5a, 0x68],
  ];
  if (start.includes('ustar', 257) || compressed.some((magic) => magic.every((byte, at) => start[at] === byte))) return;
  throw new LabError('usage', `${name} is no archive of images`, {
    where: file,
    hint: '`labctl images save FILE` makes one',
  });
}

/** Lets bytes through and tells how many: at once, and on a terminal again and again. */
const counted = (session: Session, text: (size: string) => string) =>
  async function* (source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let [bytes, shown] = [0, performance.now()];
    if (!session.showsPassing) session.note(text(''));
    for await (const chunk of source) {
      bytes += chunk.length;
      if (performance.now() - shown > 100) {
        shown = performance.now();
        session.pass(text(megabytes(bytes)));
      }
      yield chunk;
    }
  };

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));
