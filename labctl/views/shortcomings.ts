// What a run lacks, in sentences that stand before everything else: how it ended, what the recording missed, and a clock
// that was set meanwhile.

import type { Language } from '../model/language.ts';
import type { Report } from '../model/report.ts';
import type { Micros } from '../model/time.ts';
import { countText } from './format.ts';
import { wordsOf } from './words.ts';

/** `+3600 s`, `-0.25 s`. */
export const stepText = (by: Micros): string => `${by < 0 ? '-' : '+'}${Number((Math.abs(by) / 1e6).toFixed(2))} s`;

/** The packets that a recording missed, and at which capture points; undefined where it missed none. */
export function droppedText({ run }: Report, language: Language): string | undefined {
  const missed = run.drops.filter(({ dropped }) => dropped > 0);
  if (missed.length === 0) return undefined;
  const total = missed.reduce((sum, { dropped }) => sum + dropped, 0);
  const where = missed.map(({ host, interface: name }) => `${host}/${name}`).join(', ');
  return wordsOf(language).files.dropped(countText(total), where);
}

/** Empty for a run that was complete, with every packet. */
export function shortcomings(report: Report, language: Language): string[] {
  const words = wordsOf(language);
  const { run, events } = report;
  const dropped = droppedText(report, language);
  return [
    ...(run.outcome === 'complete' ? [] : [words.outcome[run.outcome]]),
    // What the user or a step did is told where it happened.
    ...(run.outcome === 'engine-failed'
      ? events.flatMap((event) => (event.kind === 'stopped' ? [words.progress.stopped(event.why)] : [])).slice(0, 1)
      : []),
    ...(dropped === undefined ? [] : [dropped]),
    ...events.flatMap((event) =>
      event.kind === 'clock-stepped' ? [words.progress.clockStepped(stepText(event.by))] : [],
    ),
  ];
}
