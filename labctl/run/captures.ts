// At the end of a run: each host's raw captures become its one pcapng, without the markers, with names and drop counts.

import { createReadStream } from 'node:fs';
import { isMarker } from '../evidence/marker.ts';
import { mergeCaptures } from '../evidence/merge.ts';
import { files } from '../folder/names.ts';
import type { RunFolderWriter } from '../folder/run-folder-writer.ts';
import type { RunEvent } from '../model/run.ts';
import { type Micros, now } from '../model/time.ts';
import type { CaptureEnd } from './recording.ts';

export interface CaptureMeta {
  nonce: string;
  /** Section comment: scenario, versions and steps. */
  comment: string;
  os: string;
  application: string;
  /** Interface name → where it stands. */
  descriptions: ReadonlyMap<string, string>;
  names: readonly (readonly [address: string, name: string])[];
}

export interface CaptureTotals {
  interface: string;
  captured: number;
  dropped: number;
  /** When the marker came by that ends the capture: what came before it was captured. */
  until?: Micros;
}

export type StepBegan = Extract<RunEvent, { kind: 'step-began' }>;

/** A line for each step: when it began, in seconds after the first one, and as the clock of the packets says. */
export const stepTimes = (steps: readonly StepBegan[]): string[] =>
  steps.map(({ at, step, summary }) => {
    const since = ((at - (steps[0]?.at ?? at)) / 1e6).toFixed(6);
    return `step ${step} at ${since} s (${new Date(at / 1000).toISOString().slice(11, 23)} UTC): ${summary.en}`;
  });

/** Writes `<host>.pcapng` and says how many packets each interface gave and lost. The raw captures must be on disk. */
export async function writeCapture(
  writer: RunFolderWriter,
  host: string,
  ends: readonly CaptureEnd[],
  meta: CaptureMeta,
): Promise<CaptureTotals[]> {
  const totals: CaptureTotals[] = ends.map(({ interface: name, counts }) => ({
    interface: name,
    captured: 0,
    dropped: counts?.dropped ?? 0,
  }));
  const inputs = ends.map(({ interface: name, counts }, index) => ({
    name: `${host}/${name}`,
    description: meta.descriptions.get(name),
    chunks: createReadStream(writer.path(files.rawCapture(host, name))),
    statistics: () => ({
      at: now(),
      received: counts?.received,
      osDropped: counts?.dropped,
      delivered: totals[index]?.captured,
    }),
  }));
  const { comment, os, application, names, nonce } = meta;
  const merged = mergeCaptures(inputs, {
    section: { comment, os, application },
    names,
    keep: ({ bytes, linkType, seconds, nanoseconds }, input) => {
      const total = totals[input];
      if (total === undefined) return false;
      if (isMarker(bytes, linkType, nonce)) total.until = seconds * 1_000_000 + Math.floor(nanoseconds / 1000);
      // Somebody else may capture this host too, and has markers of his own.
      if (isMarker(bytes, linkType)) return false;
      total.captured += 1;
      return true;
    },
  });
  await writer.write(files.capture(host), merged);
  return totals;
}
