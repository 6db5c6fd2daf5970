// What labctl knows of each frame of a host's capture, as the comment that Wireshark shows with it.

import type { Language } from '../model/language.ts';
import type { Passage, Report, Sighting, TracedCall } from '../model/report.ts';
import type { RunEvent } from '../model/run.ts';
import { surroundings } from './around.ts';
import { passageComment } from './comments.ts';
import { type CallNamer, callNamer } from './ladder-notes.ts';
import { type Words, wordsOf } from './words.ts';

type StepBegan = Extract<RunEvent, { kind: 'step-began' }>;

interface Context {
  report: Report;
  words: Words;
  language: Language;
  around: ReturnType<typeof surroundings>;
  nameCall: CallNamer;
  steps: readonly StepBegan[];
  /** Passage → the calls that caused it. */
  callers: ReadonlyMap<number, TracedCall[]>;
}

/** Host → frame number in its capture → the comment. Frames that no passage tells of have none. */
export function frameComments(report: Report, language: Language): Map<string, Map<number, string>> {
  const context = contextOf(report, language);
  const comments = new Map(report.run.hosts.map(({ name }) => [name, new Map<number, string>()]));
  for (const passage of report.passages)
    for (const seen of sightings(passage)) {
      const frames = comments.get(seen.point.host);
      // Loopback shows both ends in one frame.
      if (frames && !frames.has(seen.frame)) frames.set(seen.frame, commentOf(passage, seen, context));
    }
  return comments;
}

function contextOf(report: Report, language: Language): Context {
  const words = wordsOf(language);
  const callers = new Map<number, TracedCall[]>();
  for (const call of report.calls)
    for (const passage of call.caused) callers.set(passage, [...(callers.get(passage) ?? []), call]);
  return {
    ...{ report, words, language, callers, around: surroundings(report) },
    nameCall: callNamer(report, words, language),
    steps: report.events.filter((event) => event.kind === 'step-began'),
  };
}

const sightings = ({ sent, arrived, copies = [] }: Passage): Sighting[] =>
  [sent, arrived, ...copies].filter((seen) => seen !== undefined);

/** The ladder's number and words first, then what this host's file adds to them. */
function commentOf(passage: Passage, seen: Sighting, context: Context): string {
  const { words, around } = context;
  const parts = [
    `#${passage.number} ${passageComment(passage, around(passage), words)}`.trimEnd(),
    passage.lost ? words.frame.neverAt(passage.to) : '',
    repeated(passage, seen, context),
    passage.copies?.includes(seen) ? words.frame.copy : '',
    ...(seen === passage.sent ? (context.callers.get(passage.number) ?? []) : []).map((call) =>
      words.frame.call(context.nameCall(call), call.program),
    ),
    stepOf(passage, context),
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

/** Wireshark counts frames of one file: the original is named by its number there, if it came by at all. */
function repeated({ tcp }: Passage, { point }: Sighting, { report, words }: Context): string {
  if (tcp?.repeats === undefined) return '';
  const original = report.passages[tcp.repeats.passage - 1];
  const here = original && sightings(original).find((seen) => seen.point.host === point.host);
  return here ? words.frame.again(here.frame) : words.frame.againUnseen;
}

function stepOf({ at }: Passage, { steps, words, language }: Context): string {
  const step = steps.findLast((began) => began.at <= at);
  return step === undefined ? '' : words.frame.step(step.step, step.summary[language]);
}
