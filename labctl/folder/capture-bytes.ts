// Opens a capture wherever it lies (a file, a pipe, standard input, gzip or not) and hands over its bytes in chunks.

import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { addAbortSignal } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { LabError } from '../model/lab-error.ts';
import { gunzipped } from './gunzip.ts';

export interface CaptureChunk {
  bytes: Uint8Array;
  /** So many bytes before these, in the same buffer, are free to be overwritten. */
  headroom: number;
}

/** Some chunks, each to be used up before the next one is asked for. The first of these holds exactly one. */
type Chunks = Iterable<CaptureChunk>;

const chunkSize = 1024 * 1024;
/** Node lays such a buffer 16 bytes behind the beginning of a page; the kernel copies a fifth faster to where one begins. */
const headroom = 64 * 1024 - 16;
const fileChunk = 128 * 1024;
/** So many chunks of a file are read before output flows off; so many times that, before signals are heard. */
const chunksInARow = 8;
const rowsBetweenSignals = 8;

/** Told when a compressed capture breaks off or is damaged: everything before was delivered. */
export type OnBroken = (why: string) => void;

/**
 * The bytes of a capture; `-` is standard input. They come some chunks at a time, because to wait costs as much as to read
 * one; the memory of a chunk is used again for the next one. Throws LabError `usage` where there is nothing to read.
 */
export async function* captureBytes(
  path: string,
  stdin: Readable,
  signal: AbortSignal,
  onBroken: OnBroken,
): AsyncGenerator<Chunks> {
  const chunks = path === '-' ? streamed(addAbortSignal(signal, stdin)) : await opened(path, signal);
  try {
    const first = await chunks.next();
    if (first.done) return;
    const [{ bytes }] = first.value as [CaptureChunk];
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) yield* unpacked(bytes, chunks, onBroken);
    else {
      yield first.value;
      yield* chunks;
    }
  } finally {
    // Whoever wants no more after the first chunk has not come to what closes the file.
    await chunks.return(undefined);
  }
}

/** Whether there is something at this path that can be read as a capture: all but folders. */
export async function isReadable(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && !found.isDirectory();
}

async function opened(path: string, signal: AbortSignal): Promise<AsyncGenerator<Chunks>> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw cannotRead(path, error);
  });
  return found.isFile() ? fileChunks(path) : streamed(createReadStream(path, { signal, highWaterMark: chunkSize }));
}

const cannotRead = (path: string, error: NodeJS.ErrnoException): LabError =>
  new LabError(
    'usage',
    `cannot read the capture: ${error.code === 'ENOENT' ? 'there is no such file' : error.message}`,
    {
      where: path,
      cause: error,
    },
  );

/**
 * One small buffer, again and again, behind the room for what a chunk leaves over: it stays in the processor's cache. Reads
 * wait, which costs less than asking another thread; signals are heard in between.
 */
async function* fileChunks(path: string): AsyncGenerator<Chunks> {
  const file = openedFile(path);
  const buffer = new Uint8Array(headroom + fileChunk);
  const state = { ended: false };
  const read = (): CaptureChunk | undefined => {
    const length = readSync(file, buffer, headroom, fileChunk, null);
    state.ended = length === 0;
    return state.ended ? undefined : { bytes: buffer.subarray(headroom, headroom + length), headroom };
  };
  try {
    const first = read();
    if (first) yield [first];
    for (let row = 1; !state.ended; row += 1) {
      yield inARow(read);
      if (row % rowsBetweenSignals === 0) await setImmediate();
    }
  } finally {
    closeSync(file);
  }
}

function* inARow(read: () => CaptureChunk | undefined): Generator<CaptureChunk> {
  for (let left = chunksInARow; left > 0; left -= 1) {
    const chunk = read();
    if (!chunk) return;
    yield chunk;
  }
}

function openedFile(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    throw cannotRead(path, error as NodeJS.ErrnoException);
  }
}

async function* streamed(stream: Readable): AsyncGenerator<Chunks> {
  for await (const bytes of stream as AsyncIterable<Uint8Array>) yield [{ bytes, headroom: 0 }];
}

async function* unpacked(first: Uint8Array, rest: AsyncIterable<Chunks>, onBroken: OnBroken): AsyncGenerator<Chunks> {
  async function* packed(): AsyncGenerator<Uint8Array> {
    yield first;
    for await (const chunks of rest) for (const { bytes } of chunks) yield bytes;
  }
  try {
    for await (const bytes of gunzipped(packed(), chunkSize)) yield [{ bytes, headroom: 0 }];
  } catch (error) {
    if (error instanceof LabError) throw error;
    onBroken((error as Error).message);
  }
}
