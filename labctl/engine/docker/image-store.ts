// What images the engine holds, by name.

import type { Api } from './api.ts';
import { isRefusal } from './errors.ts';
import { label } from './labels.ts';
import { inParallel } from './parallel.ts';
import type { ImageDetails } from './wire.ts';

/** What every image of labctl's own starts from. */
export const baseImage = 'labctl/base';

/** The image of that name, or undefined. */
export async function findImage(api: Api, name: string, signal?: AbortSignal): Promise<ImageDetails | undefined> {
  try {
    return await api.call<ImageDetails>('GET', `/images/${name}/json`, { signal });
  } catch (error) {
    if (isRefusal(error, 404)) return undefined;
    throw error;
  }
}

/**
 * Removes an image that has lost its name to a newer one, with the layers that only it had. One that somebody named
 * again, or that a container or another image still needs, stays.
 */
export async function removeNameless(api: Api, id: string): Promise<void> {
  const image = await findImage(api, id);
  if (image === undefined || (image.RepoTags ?? []).length > 0) return;
  try {
    await api.call('DELETE', `/images/${id}`);
  } catch (error) {
    // 500: two removals met in layers that both images had. Either way the newer image stands, which is what matters.
    if (![404, 409, 500].some((status) => isRefusal(error, status))) throw error;
  }
}

/** Seconds in which an image without a name may be about to get one. */
const youth = 60;

/** Removes images of labctl's making that lost their names a while ago, and were still needed by a container then. */
export async function sweepNameless(api: Api): Promise<void> {
  const filters = JSON.stringify({ dangling: ['true'], label: [label.image] });
  const images = await api.call<{ Id: string; Created: number }[]>('GET', '/images/json', { query: { filters } });
  // One after the other: removals that meet in layers of both fail.
  for (const { Id } of images.filter(({ Created }) => Date.now() / 1000 - Created > youth))
    await removeNameless(api, Id);
}

/** Those of the named images that exist. */
export async function findImages(
  api: Api,
  names: ReadonlySet<string>,
  signal?: AbortSignal,
): Promise<Map<string, ImageDetails>> {
  const found = await inParallel(8, [...names], async (name) => ({ name, image: await findImage(api, name, signal) }));
  return new Map(found.flatMap(({ name, image }) => (image ? [[name, image] as const] : [])));
}
