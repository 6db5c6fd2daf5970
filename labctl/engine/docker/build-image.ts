// Has the engine build one image from a folder, and reports what the build prints.

import type { ImageBuild } from '../../model/lab.ts';
import { LabError } from '../../model/lab-error.ts';
import type { Work } from '../engine.ts';
import type { Api } from './api.ts';
import { isDockerfilesFault } from './build-fault.ts';
import { traceReader } from './build-trace.ts';
import { contextFiles, packContext } from './context.ts';
import { label } from './labels.ts';
import { type ProgressLine, progressOf } from './progress.ts';

export interface BuildOrder {
  /** The tag that the image gets. */
  image: string;
  build: ImageBuild;
  /** What it is made from; kept as its label. */
  hash: string;
  buildArgs?: Record<string, string>;
}

/** How much of a failed build's output is worth showing. */
const shownLines = 15;

/**
 * Builds and tags the image: by BuildKit where the engine recommends it, and by the classic builder where BuildKit itself
 * fails or is not there. Throws LabError with the last lines of output when the build fails.
 */
export async function buildImage(api: Api, order: BuildOrder, work: Work): Promise<void> {
  if (api.buildKit === false) return buildBy('1', api, order, work);
  try {
    await buildBy('2', api, order, work);
  } catch (error) {
    if (api.buildKit === 'forced' || !(error instanceof LabError) || isOwnFault(error)) throw error;
    work.on?.({ kind: 'image-building', image: order.image, line: `by the classic builder, as ${error.message}` });
    await buildBy('1', api, order, work);
  }
}

/** The cause is the engine's own word, the error around it has what steps printed, too. */
const isOwnFault = ({ cause }: LabError): boolean => cause instanceof LabError && isDockerfilesFault(cause.message);

/** `2` is BuildKit: it gets the same archive and no session, so it has nobody to ask for secrets or passwords. */
async function buildBy(version: '1' | '2', api: Api, order: BuildOrder, { on, signal }: Work): Promise<void> {
  const { image, build, hash, buildArgs = {} } = order;
  const answer = await api.open('POST', '/build', {
    query: {
      t: image,
      version,
      dockerfile: build.dockerfile,
      buildargs: JSON.stringify(buildArgs),
      labels: JSON.stringify({ [label.image]: hash }),
      forcerm: '1',
      ...(build.network ? { networkmode: build.network } : {}),
    },
    stream: await packContext(build, await contextFiles(build)),
    signal,
  });
  const lines: string[] = [];
  try {
    for await (const line of outputLines(progressOf(answer))) {
      lines.push(line);
      on?.({ kind: 'image-building', image, line });
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw failed(image, lines, error);
  }
}

function failed(image: string, lines: string[], cause: unknown): LabError {
  const reason = cause instanceof LabError ? cause.message : 'the connection to the Docker Engine was lost';
  const output = lines.slice(-shownLines).map((line) => `\n  ${line}`);
  return new LabError('engine', `the image cannot be built: ${reason}${output.join('')}`, {
    where: `image ${image}`,
    cause,
  });
}

/** What was printed, line by line, however it was cut. Pulls within a build report by status instead. */
async function* outputLines(progress: AsyncIterable<ProgressLine>): AsyncGenerator<string> {
  const trace = traceReader();
  let rest = '';
  for await (const { stream = '', id, aux } of progress) {
    const printed = id === 'moby.buildkit.trace' ? trace(String(aux)) : stream;
    const lines = (rest + printed).split('\n');
    rest = lines.pop() ?? '';
    yield* lines.filter((line) => line.trim() !== '');
  }
  if (rest.trim() !== '') yield rest;
}
