// Writes a run folder beside its final name, piece by piece as the run goes, and renames it when it is whole.

import { closeSync, createWriteStream, existsSync, openSync, writeSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LabError } from '../model/lab-error.ts';
import type { RunEvent } from '../model/run.ts';
import type { Micros } from '../model/time.ts';
import { type GrowingFile, growingFile } from './growing-file.ts';
import { files, partSuffix, runName, safeName } from './names.ts';

export class RunFolderWriter {
  /** Absolute path once the run is whole. */
  readonly folder: string;
  readonly #part: string;
  /** Closed once the folder is whole. */
  #events: number | undefined;
  readonly #growing: GrowingFile[] = [];
  readonly #made = new Set<string>();

  private constructor(folder: string) {
    this.folder = folder;
    this.#part = folder + partSuffix;
    this.#events = openSync(join(this.#part, files.events), 'a');
  }

  /** Makes `<runsFolder>/<lab>/<time>-<scenario>.part`. Throws LabError `usage` when the folder cannot be written. */
  static async create(runsFolder: string, lab: string, scenario: string, started: Micros): Promise<RunFolderWriter> {
    const base = join(runsFolder, safeName(lab), runName(started, scenario));
    try {
      await mkdir(dirname(base), { recursive: true });
      for (let number = 1; ; number += 1) {
        const folder = number === 1 ? base : `${base}~${number}`;
        if (await taken(folder)) continue;
        return new RunFolderWriter(folder);
      }
    } catch (error) {
      throw unwritable(base, error);
    }
  }

  /** Path of a file of this run while it is being written. */
  path(file: string): string {
    return join(this.#part, file);
  }

  async write(file: string, content: string | Uint8Array | AsyncIterable<Uint8Array>): Promise<void> {
    try {
      await this.#folderOf(file);
      await writeFile(this.path(file), content);
    } catch (error) {
      throw error instanceof LabError ? error : unwritable(this.path(file), error);
    }
  }

  /** Replaces the file in one stroke: a crash leaves the old text or the new one. */
  async writeJson(file: string, value: unknown): Promise<void> {
    const fresh = `${file}.new`;
    await this.write(fresh, `${JSON.stringify(value, null, 2)}\n`);
    await rename(this.path(fresh), this.path(file));
  }

  read(file: string): Promise<string> {
    return readFile(this.path(file), 'utf8');
  }

  /** A file that is appended to as the run goes; it is there, empty, from the start. */
  async grow(file: string): Promise<GrowingFile> {
    await this.#folderOf(file);
    const growing = growingFile(createWriteStream(this.path(file)), unwritable);
    this.#growing.push(growing);
    return growing;
  }

  /** Written at once, so that a crash loses nothing that was told. */
  event(event: RunEvent): void {
    if (this.#events === undefined) return;
    try {
      writeSync(this.#events, `${JSON.stringify(event)}\n`);
    } catch (error) {
      throw unwritable(this.path(files.events), error);
    }
  }

  /** Everything handed to a growing file is on its way to the disk. */
  async settle(): Promise<void> {
    await Promise.all(this.#growing.map((growing) => growing.end()));
  }

  remove(path: string): Promise<void> {
    return rm(this.path(path), { recursive: true, force: true });
  }

  /** Gives the folder its final name. */
  async finish(): Promise<string> {
    await this.settle();
    this.#closeEvents();
    await rename(this.#part, this.folder);
    return this.folder;
  }

  /** Removes everything: there was nothing to keep. */
  async discard(): Promise<void> {
    await this.settle();
    this.#closeEvents();
    await rm(this.#part, { recursive: true, force: true });
  }

  #closeEvents(): void {
    if (this.#events !== undefined) closeSync(this.#events);
    this.#events = undefined;
  }

  async #folderOf(file: string): Promise<void> {
    const folder = dirname(this.path(file));
    if (this.#made.has(folder)) return;
    await mkdir(folder, { recursive: true });
    this.#made.add(folder);
  }
}

const unwritable = (where: string, error: unknown): LabError =>
  new LabError('usage', `the run cannot be written: ${(error as Error).message}`, { where, cause: error });

/** Whether the name is somebody else's; if not, it is ours from now on. */
async function taken(folder: string): Promise<boolean> {
  try {
    await mkdir(folder + partSuffix);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return true;
    throw error;
  }
  // A finished run of the same second has no `.part` any more; renaming over it must not happen.
  if (!existsSync(folder)) return false;
  await rm(folder + partSuffix, { recursive: true });
  return true;
}
