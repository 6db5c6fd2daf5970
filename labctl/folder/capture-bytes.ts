// Opens a capture wherever it lies (a file, a pipe, standard input, gzip or not) and hands over its bytes in chunks.

import { createReadStream, readSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
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

const chunkSize = 1024 * 1024;
const headroom = 64 * 1024;
const fileChunk = 128 * 1024;
const chunksBetweenSignals = 64;

/** Told when a compressed capture breaks off or is damaged: everything before was delivered. */
export type OnBroken = (why: string) => void;

/**
 * The bytes of a capture; `-` is standard input. The memory of a chunk is used again for the next one. Throws LabError
 * `usage` where there is nothing to read.
 */
export async function* captureBytes(
  path: string,
  stdin: Readable,
  signal: AbortSignal,
  onBroken: OnBroken,
): AsyncGenerator<CaptureChunk> {
  const chunks = path === '-' ? streamed(addAbortSignal(signal, stdin)) : await opened(path, signal);
  try {
    const first = await chunks.next();
    if (first.done) return;
    const { bytes } = first.value;
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

async function opened(path: string, signal: AbortSignal): Promise<AsyncGenerator<CaptureChunk>> {
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
async function* fileChunks(path: string): AsyncGenerator<CaptureChunk> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    throw cannotRead(path, error);
  });
  const buffer = new Uint8Array(headroom + fileChunk);
  try {
    for (let turn = 1; ; turn += 1) {
      const length = readSync(file.fd, buffer, headroom, fileChunk, null);
      if (length === 0) return;
      yield { bytes: buffer.subarray(headroom, headroom + length), headroom };
      if (turn % chunksBetweenSignals === 0) await setImmediate();
    }
  } finally {
    await file.close();
  }
}

async function* streamed(stream: Readable): AsyncGenerator<CaptureChunk> {
  for await (const bytes of stream as AsyncIterable<Uint8Array>) yield { bytes, headroom: 0 };
}

async function* unpacked(
  first: Uint8Array,
  rest: AsyncIterable<CaptureChunk>,
  onBroken: OnBroken,
): AsyncGenerator<CaptureChunk> {
  async function* packed(): AsyncGenerator<Uint8Array> {
    yield first;
    for await (const { bytes } of rest) yield bytes;
  }
  try {
    for await (const bytes of gunzipped(packed(), chunkSize)) yield { bytes, headroom: 0 };
  } catch (error) {
    if (error instanceof LabError) throw error;
    onBroken((error as Error).message);
  }
}
