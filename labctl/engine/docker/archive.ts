// Carries images from engine to engine as one archive, in the form of `docker save`.

import type { Readable } from 'node:stream';
import type { Lab } from '../../model/lab.ts';
import { LabError } from '../../model/lab-error.ts';
import type { Work } from '../engine.ts';
import type { Api } from './api.ts';
import { at, isRefusal } from './errors.ts';
import { baseImage, findImage } from './image-store.ts';
import { progressOf } from './progress.ts';

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

/** Loads an archive and gives the names of its images. */
export async function loadImages(api: Api, archive: Readable, { signal, on }: Work): Promise<string[]> {
  const names: string[] = [];
  try {
    const answer = await api.open('POST', '/images/load', { stream: archive, signal });
    for await (const { stream } of progressOf(answer)) {
      const name = /^Loaded image: (.+)$/m.exec(stream ?? '')?.[1];
      if (name === undefined) continue;
      names.push(name);
      on?.({ kind: 'image-ready', image: name, built: false });
    }
  } catch (error) {
    throw at('image archive', error);
  }
  return names;
}
