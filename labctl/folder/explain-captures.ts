// Writes into each host's pcapng what the analysis knows of its frames, so that the file explains itself in Wireshark.

import { createReadStream } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withComments } from '../evidence/packet-comments.ts';
import { LabError } from '../model/lab-error.ts';
import type { Language } from '../model/language.ts';
import type { Report } from '../model/report.ts';
import { frameComments } from '../views/frame-comments.ts';
import { files } from './names.ts';

/**
 * Comments the captures of a run that has just ended; each file is replaced in one stroke. Throws LabError `usage` when one
 * cannot be written, and leaves it as it was.
 */
export async function explainCaptures(folder: string, report: Report, language: Language): Promise<void> {
  const comments = frameComments(report, language);
  await Promise.all(
    [...comments].filter(([, frames]) => frames.size > 0).map(([host, frames]) => explain(folder, host, frames)),
  );
}

async function explain(folder: string, host: string, frames: ReadonlyMap<number, string>): Promise<void> {
  const file = join(folder, files.capture(host));
  const fresh = `${file}.new`;
  try {
    await writeFile(
      fresh,
      withComments(createReadStream(file), (frame) => frames.get(frame)),
    );
    await rename(fresh, file);
  } catch (error) {
    await rm(fresh, { force: true });
    const why = (error as Error).message;
    throw new LabError('usage', `the comments cannot be written: ${why}`, { where: file, cause: error });
  }
}
