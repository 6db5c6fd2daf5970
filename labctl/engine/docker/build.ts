// Makes the images that a lab needs: decides by hashes what is missing or stale, then builds the base and the rest.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageBuild, Lab } from '../../model/lab.ts';
import { LabError } from '../../model/lab-error.ts';
import { packageRoot } from '../../root.ts';
import type { Work } from '../engine.ts';
import type { Api } from './api.ts';
import { type BuildOrder, buildImage } from './build-image.ts';
import { hashOf } from './config.ts';
import { contextFiles, hashFiles } from './context.ts';
import { debianRelease, provideDebian } from './debian.ts';
import { baseImage, findImage, findImages, removeNameless, sweepNameless } from './image-store.ts';
import { label } from './labels.ts';
import { inParallel } from './parallel.ts';
import { pullNeeded } from './pull.ts';

const base: ImageBuild = { context: join(packageRoot, 'images', 'base'), dockerfile: 'Dockerfile' };

/** See Engine.build. Where nothing is to do it costs reading the folders and one call for each image. */
export async function buildImages(api: Api, lab: Lab, work: Work): Promise<boolean> {
  const below = once(baseHash);
  const [images, ...orders] = await Promise.all([
    findImages(api, new Set(lab.hosts.map(({ image }) => image)), work.signal),
    ...ordersOf(lab).map((order) => hashed(order, below)),
  ]);
  const isCurrent = ({ image, hash }: BuildOrder) => images.get(image)?.Config.Labels?.[label.image] === hash;
  const stale = orders.filter((order) => !isCurrent(order));
  const missing = new Set(
    lab.hosts.filter(({ image, build }) => !build && !images.has(image)).map(({ image }) => image),
  );
  for (const order of orders.filter(isCurrent)) work.on?.({ kind: 'image-ready', image: order.image, built: false });
  for (const image of missing) await pullNeeded(api, image, work);
  if (stale.some(({ onBase }) => onBase)) await provideBase(api, work);
  await inParallel(2, stale, (order) => make(api, order, work), work.signal);
  if (stale.length > 0) await sweepNameless(api);
  return stale.length > 0 || missing.size > 0;
}

async function make(api: Api, order: BuildOrder, work: Work): Promise<void> {
  const former = await findImage(api, order.image, work.signal);
  work.on?.({ kind: 'image-building', image: order.image });
  await buildImage(api, order, work);
  if (former) await removeNameless(api, former.Id);
  work.on?.({ kind: 'image-ready', image: order.image, built: true });
}

/** One order for each image: several hosts may share one. */
function ordersOf(lab: Lab): Omit<BuildOrder, 'hash'>[] {
  const builds = new Map<string, ImageBuild>();
  for (const { name, image, build } of lab.hosts) {
    const other = builds.get(image);
    if (build && other && (build.context !== other.context || build.dockerfile !== other.dockerfile)) {
      throw new LabError('usage', `image ${image} is built in two different ways`, { where: `host ${name}` });
    }
    if (build) builds.set(image, build);
  }
  return [...builds].map(([image, build]) => ({ image, build }));
}

interface LabOrder extends BuildOrder {
  /** Its Dockerfile starts from labctl's base image. */
  onBase: boolean;
}

/** Several images start from one base. */
function once<Value>(ask: () => Value): () => Value {
  let made: { value: Value } | undefined;
  return () => {
    made ??= { value: ask() };
    return made.value;
  };
}

async function hashed({ image, build }: Omit<BuildOrder, 'hash'>, below: () => Promise<string>): Promise<LabOrder> {
  const onBase = (await readDockerfile(image, build)).includes(baseImage);
  const files = hashFiles(build.context, await contextFiles(build));
  return { image, build, onBase, hash: hashOf([files, build.dockerfile, onBase ? await below() : '']) };
}

async function readDockerfile(image: string, { context, dockerfile }: ImageBuild): Promise<string> {
  try {
    return await readFile(join(context, dockerfile), 'utf8');
  } catch (cause) {
    throw new LabError('usage', `there is no Dockerfile ${join(context, dockerfile)}`, {
      where: `image ${image}`,
      cause,
    });
  }
}

const baseHash = async (): Promise<string> =>
  hashOf([debianRelease, hashFiles(base.context, await contextFiles(base))]);

/** Makes the base image unless it is there and made from the same files. */
async function provideBase(api: Api, work: Work): Promise<void> {
  const hash = await baseHash();
  const present = (await findImages(api, new Set([baseImage]), work.signal)).get(baseImage);
  if (present?.Config.Labels?.[label.image] === hash) return;
  const DEBIAN = await provideDebian(api, base.context, work);
  await make(api, { image: baseImage, build: base, hash, buildArgs: { DEBIAN } }, work);
}
