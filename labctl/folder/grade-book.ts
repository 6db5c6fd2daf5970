// The grades that were given so far, kept line by line so that a grading which was stopped goes on where it was.

import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Grade } from '../model/grade.ts';
import { LabError } from '../model/lab-error.ts';

interface Line {
  /** Of all that a grade depends on. */
  key: string;
  grade: Grade;
}

export class GradeBook {
  readonly folder: string;
  readonly #grades: Map<string, Grade>;
  #writing: Promise<void> = Promise.resolve();

  private constructor(folder: string, grades: Map<string, Grade>) {
    this.folder = folder;
    this.#grades = grades;
  }

  /** Throws LabError `usage` when the folder cannot be written. */
  static async open(folder: string): Promise<GradeBook> {
    try {
      await mkdir(folder, { recursive: true });
      const text = await readFile(join(folder, fileName), 'utf8').catch(() => '');
      return new GradeBook(
        folder,
        new Map(
          text
            .split('\n')
            .flatMap(lineOf)
            .map(({ key, grade }) => [key, grade]),
        ),
      );
    } catch (error) {
      throw new LabError('usage', `the grades cannot be written: ${(error as Error).message}`, { where: folder });
    }
  }

  get(key: string): Grade | undefined {
    return this.#grades.get(key);
  }

  /** Settles once it is on the disk. */
  async add(key: string, grade: Grade): Promise<void> {
    this.#grades.set(key, grade);
    const line = `${JSON.stringify({ key, grade } satisfies Line)}\n`;
    this.#writing = this.#writing.then(() => appendFile(join(this.folder, fileName), line));
    await this.#writing;
  }
}

const fileName = 'grades.jsonl';

/** A line that was cut off by a crash is no grade. */
function lineOf(text: string): Line[] {
  try {
    return [JSON.parse(text) as Line];
  } catch {
    return [];
  }
}
