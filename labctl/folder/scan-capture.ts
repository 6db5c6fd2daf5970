// Carries a capture file through the header scan, chunk by chunk, and tells what was wrong with it.

import type { Readable } from 'node:stream';
import type { Damage } from '../evidence/capture-frame.ts';
import { CaptureParser } from '../evidence/capture-reader.ts';
import type { TakeFrame } from '../evidence/frame-record.ts';
import { LabError } from '../model/lab-error.ts';
import { captureBytes } from './capture-bytes.ts';

export interface CaptureSource {
  /** A path, or `-` for standard input. */
  path: string;
  stdin: Readable;
  signal: AbortSignal;
}

export interface ScannedCapture {
  parser: CaptureParser;
  /** Why the capture was not read to its end; all frames before were taken. */
  damage?: Damage;
}

/**
 * Hands every frame of the capture to `take`; awaits `afterChunk` now and then, so that output can flow off. Throws
 * LabError `usage` for what is no capture, or an empty one.
 */
export async function scanCapture(
  source: CaptureSource,
  take: TakeFrame,
  afterChunk: () => Promise<void>,
): Promise<ScannedCapture> {
  const parser = new CaptureParser();
  let broken: string | undefined;
  try {
    const chunks = captureBytes(source.path, source.stdin, source.signal, (why) => (broken = why));
    for await (const some of chunks) {
      for (const { bytes, headroom } of some) parser.feed(bytes, headroom, take);
      await afterChunk();
      if (source.signal.aborted) return { parser };
    }
  } catch (error) {
    if (source.signal.aborted) return { parser };
    throw error instanceof LabError ? placed(error, source.path) : readFailure(error, source.path);
  }
  return { parser, damage: damageOf(parser, source.path, broken) };
}

const nameOf = (path: string): string => (path === '-' ? 'standard input' : path);

const placed = (error: LabError, path: string): LabError =>
  error.where === undefined
    ? new LabError(error.kind, error.message, { where: nameOf(path), hint: error.hint, cause: error })
    : error;

const readFailure = (error: unknown, path: string): unknown => {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === undefined
    ? error
    : new LabError('usage', `cannot read the capture: ${message}`, { where: nameOf(path) });
};

function damageOf(parser: CaptureParser, path: string, broken: string | undefined): Damage | undefined {
  const damage = parser.end();
  if (damage && parser.interfaces.length === 0 && damage.at === 0)
    throw new LabError(
      'usage',
      `not a capture: ${damage.missing === undefined ? damage.why : 'the capture ends in its header'}`,
      {
        where: nameOf(path),
      },
    );
  return broken === undefined ? damage : { at: damage?.at ?? 0, why: `the compressed file is damaged (${broken})` };
}
