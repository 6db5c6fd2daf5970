// Gets images from a registry.

import { LabError } from '../../model/lab-error.ts';
import type { Work } from '../engine.ts';
import type { Api } from './api.ts';
import { progressOf } from './progress.ts';

/** Pulls `name[:tag]`. Throws LabError in the engine's words when there is no registry or no such image. */
export async function pullImage(api: Api, image: string, { on, signal }: Work): Promise<void> {
  on?.({ kind: 'image-pulling', image });
  // Without a tag the engine would pull every tag there is.
  const fromImage = /:[^/]+$|@/.test(image) ? image : `${image}:latest`;
  const answer = await api.open('POST', '/images/create', { query: { fromImage }, signal });
  for await (const line of progressOf(answer)) void line;
}

/** As `pullImage`; says what was wanted for whom. */
export async function pullNeeded(api: Api, image: string, work: Work): Promise<void> {
  try {
    await pullImage(api, image, work);
  } catch (cause) {
    if (!(cause instanceof LabError)) throw cause;
    throw new LabError('engine', `the image ${image} is not there and cannot be pulled: ${cause.message}`, {
      hint: 'load it from a file with `labctl images load FILE`, or connect this machine to the Internet',
      cause,
    });
  }
}
