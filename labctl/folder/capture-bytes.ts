// Opens a capture wherever it lies (a file, a pipe, standard input, gzip or not) and hands over its bytes in chunks.

import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { addAbortSignal } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { LabError } from '../model/lab-error.ts';

export interface CaptureChunk {
  bytes: Uint8Array;
  /** So many bytes before these, in the same buffer, are free to be overwritten. */
  headroom: number;
}

const chunkSize = 1024 * 1024;
const headroom = 64 * 1024;

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
  const first = await chunks.next();
  if (first.done) return;
  const { bytes } = first.value;
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) yield* unpacked(bytes, chunks, onBroken);
  else {
    yield first.value;
    yield* chunks;
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

/** Two buffers in turn: the next chunk is read while this one is looked at, behind the room for what it leaves over. */
async function* fileChunks(path: string): AsyncGenerator<CaptureChunk> {
  const handle = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    throw cannotRead(path, error);
  });
  const buffers = [new Uint8Array(headroom + chunkSize), new Uint8Array(headroom + chunkSize)] as const;
  const read = (turn: 0 | 1) => handle.read(buffers[turn], headroom, chunkSize);
  let pending = read(0);
  try {
    for (let turn: 0 | 1 = 0; ; turn = turn === 0 ? 1 : 0) {
      const { bytesRead } = await pending;
      if (bytesRead === 0) return;
      pending = read(turn === 0 ? 1 : 0);
      yield { bytes: buffers[turn].subarray(headroom, headroom + bytesRead), headroom };
    }
  } finally {
    await pending.catch(() => undefined);
    await handle.close();
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
  const gunzip = createGunzip({ chunkSize });
  const feeding = feed(gunzip, first, rest);
  try {
    yield* streamed(gunzip);
  } catch (error) {
    onBroken((error as Error).message);
  } finally {
    gunzip.destroy();
    await feeding;
  }
}

/** Copies, because the memory of a chunk is used again while the packer still holds it. */
async function feed(gunzip: ReturnType<typeof createGunzip>, first: Uint8Array, rest: AsyncIterable<CaptureChunk>) {
  const write = (bytes: Uint8Array): Promise<void> =>
    new Promise((resolve) => {
      gunzip.once('close', resolve);
      gunzip.write(bytes.slice(), () => {
        gunzip.off('close', resolve);
        resolve();
      });
    });
  await write(first);
  for await (const { bytes } of rest) {
    if (gunzip.destroyed) return;
    await write(bytes);
  }
  gunzip.end();
}
