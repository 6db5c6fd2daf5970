// Files without a name in the folder for temporary files, for what memory has no room for; gone with the process at the
// latest, whatever ends it.

import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Spill } from '../analysis/tcp/row-store.ts';
import { LabError } from '../model/lab-error.ts';

const noRoom = (error: unknown): LabError =>
  new LabError('usage', `no room for a table of conversations in ${tmpdir()}: ${(error as Error).message}`, {
    hint: 'Set TMPDIR to a folder on a disk with room for as much as the capture.',
    cause: error,
  });

function openFile(): number {
  const path = join(tmpdir(), `labctl-${randomUUID()}`);
  const file = openSync(path, 'wx+', 0o600);
  unlinkSync(path);
  return file;
}

/** Opens spills, and closes them all at once. */
export class SpillFiles {
  readonly #files: number[] = [];

  /** Throws LabError `usage`, as its spill does, where there is no room. */
  readonly open = (): Spill => {
    try {
      const file = openFile();
      this.#files.push(file);
      return { write: (bytes, at) => writeAll(file, bytes, at), read: (bytes, at) => readAll(file, bytes, at) };
    } catch (error) {
      throw noRoom(error);
    }
  };

  [Symbol.dispose](): void {
    for (const file of this.#files.splice(0)) closeSync(file);
  }
}

function writeAll(file: number, bytes: Uint8Array, at: number): void {
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done, bytes.length - done, at + done);
  } catch (error) {
    throw noRoom(error);
  }
}

/** What lies behind the end was never written. */
function readAll(file: number, bytes: Uint8Array, at: number): void {
  let done = 0;
  for (let read = 1; read > 0 && done < bytes.length; done += read)
    read = readSync(file, bytes, done, bytes.length - done, at + done);
  bytes.fill(0, done);
}
