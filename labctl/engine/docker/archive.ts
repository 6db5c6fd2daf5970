// Carries images from engine to engine as one archive, in the form of `docker save`.

import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Lab } from '../../model/lab.ts';
import { LabError } from '../../model/lab-error.ts';
import type { Work } from '../engine.ts';
import type { Api } from './api.ts';
import { at, isRefusal } from './errors.ts';
import { baseImage, findImage } from './image-store.ts';
import { type ProgressLine, progressOf } from './progress.ts';

/** The lab's images, with the base that a changed one is built on. Throws LabError when one of the lab's is missing. */
export async function saveImages(api: Api, lab: Lab): Promise<Readable> {
  const names = [...new Set(lab.hosts.map(({ image }) => image))];
  if (await findImage(api, baseImage)) names.push(baseImage);
  const query = names.map((name) => `names=${encodeURIComponent(name)}`).join('&');
  try {
    return await api.open('GET', `/images/get?${query}`);
  } catch (error) {
    if (!isRefusal(error, 404)) throw error;
    throw new LabError('engine', error.message, { hint: '`labctl up` builds what is missing', cause: error });
  }
}

/** Docker takes an archive that is compressed, Podman (4.3) does not. */
async function unzipped(archive: Readable): Promise<Readable> {
  const chunks = archive[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const first = await chunks.next();
  const whole = Readable.from(
    (async function* () {
      if (!first.done) yield first.value;
      for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
    })(),
    { objectMode: false },
  );
  if (first.done || first.value[0] !== 0x1f || first.value[1] !== 0x8b) return whole;
  // An error comes out at the far end.
  return pipeline(whole, createGunzip(), () => undefined);
}

/** Podman names several at once, each with the registry that it is not from. */
export const loadedBy = ({ stream = '' }: ProgressLine): string[] =>
  (/^Loaded image: (.+)$/m.exec(stream)?.[1] ?? '')
    .split(',')
    .map((name) => name.replace(/^localhost\//, ''))
    .filter((name) => name !== '');

/** Loads an archive and gives the names of its images. */
export async function loadImages(api: Api, archive: Readable, { signal, on }: Work): Promise<string[]> {
  const names: string[] = [];
  try {
    const stream = api.podman ? await unzipped(archive) : archive;
    for await (const line of progressOf(await api.open('POST', '/images/load', { stream, signal }))) {
      for (const name of loadedBy(line)) {
        names.push(name);
        on?.({ kind: 'image-ready', image: name, built: false });
      }
    }
  } catch (error) {
    throw at('image archive', error);
  }
  return names;
}
