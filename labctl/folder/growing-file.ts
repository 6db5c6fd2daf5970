// A file that is appended to for as long as something goes on, no faster than the disk.

import { createWriteStream, type WriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { LabError } from '../model/lab-error.ts';

/** A file that grows; `write` settles when the disk keeps up. */
export interface GrowingFile {
  write(bytes: Uint8Array): void | Promise<void>;
  /** Settles when everything is on its way to the disk, or never will be. */
  end(): Promise<void>;
}

/** Appends to the stream. `unwritable` makes the error that `write` throws once the disk refused something. */
export function growingFile(stream: WriteStream, unwritable: (where: string, error: unknown) => LabError): GrowingFile {
  let failed: Error | undefined;
  stream.on('error', (error) => {
    failed = error;
  });
  return {
    write: (bytes) => {
      if (failed) throw unwritable(String(stream.path), failed);
      if (stream.writableEnded || stream.write(bytes)) return;
      return new Promise((resolve) => {
        const settle = () => {
          stream.off('drain', settle).off('close', settle);
          resolve();
        };
        stream.on('drain', settle).on('close', settle);
      });
    },
    end: async () => {
      stream.end();
      await finished(stream).catch(() => undefined);
    },
  };
}

/** A capture file of the user's choice, empty at first. Throws LabError `usage` when it cannot be written. */
export async function captureFile(path: string): Promise<GrowingFile> {
  const unwritable = (where: string, error: unknown): LabError =>
    new LabError('usage', `the capture cannot be written: ${(error as Error).message}`, { where, cause: error });
  const file = await open(path, 'w').catch((error: unknown) => {
    throw unwritable(path, error);
  });
  return growingFile(createWriteStream(path, { fd: file }), unwritable);
}
