// A report of which the ladder shows some packets alone: those of which one capture at least has a matching frame.

import type { Passage, Report, Sighting } from '../model/report.ts';

/** Host → frame numbers of its capture. */
export type Frames = ReadonlyMap<string, ReadonlySet<number>>;

const isIn = (frames: Frames, seen: Sighting | undefined): boolean =>
  seen !== undefined && frames.get(seen.point.host)?.has(seen.frame) === true;

const matches = ({ sent, arrived, copies = [] }: Passage, frames: Frames): boolean =>
  [sent, arrived, ...copies].some((seen) => isIn(frames, seen));

/** The same report; on its time line nothing but packets, and of those the matching ones. */
export function onlyMatching(report: Report, frames: Frames): Report {
  const kept = new Set(report.passages.filter((passage) => matches(passage, frames)).map(({ number }) => number));
  const moments = report.moments.filter((moment) => 'passage' in moment && kept.has(moment.passage));
  return { ...report, moments };
}
