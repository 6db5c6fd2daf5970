// Judges `output`: did the program print this text?

import type { ExpectationOf } from '../../model/expectation.ts';
import { same, type Text } from '../../model/language.ts';
import type { RunEvent } from '../../model/run.ts';
import { matchingLines, parseTextPattern } from '../../model/text-pattern.ts';
import { compared, counted } from './count.ts';
import { cutShort, type Evidence, type Finding, isWithin, neverStarted } from './evidence.ts';

type Output = Extract<RunEvent, { kind: 'output' }>;
type Wanted = ExpectationOf<'output'>['output'];

const longestShown = 200;

/** The pieces in which the places lie, within what was printed one after the other. */
function piecesAt(places: readonly number[], pieces: readonly Output[]): Output[] {
  let end = 0;
  const ends = pieces.map(({ text }) => (end += text.length));
  return places.flatMap((place) => pieces[ends.findIndex((one) => place < one)] ?? []);
}

/** Where the text begins, each time; or where each line begins that the pattern fits. */
function placesOf(wanted: Wanted, printed: string): number[] {
  if (typeof wanted !== 'string') {
    const pattern = parseTextPattern(wanted.matches);
    return 'value' in pattern ? matchingLines(pattern.value, printed) : [];
  }
  const places: number[] = [];
  for (let at = printed.indexOf(wanted); at >= 0; at = printed.indexOf(wanted, at + wanted.length)) places.push(at);
  return places;
}

const piecesWith = (wanted: Wanted, pieces: readonly Output[]): Output[] =>
  piecesAt(placesOf(wanted, pieces.map(({ text }) => text).join('')), pieces);

function shown(pieces: readonly Output[]): string {
  const all = pieces.map(({ text }) => text).join('');
  return JSON.stringify(all.length > longestShown ? `…${all.slice(-longestShown)}` : all);
}

const cut = (program: string): Text => ({
  en: `${program} printed more than was kept`,
  fr: `${program} a affiché plus que ce qui a été gardé`,
});

function seenText(program: string, pieces: readonly Output[]): Text {
  if (pieces.length === 0) return { en: `${program} printed nothing`, fr: `${program} n’a rien affiché` };
  return { en: `${program} printed ${shown(pieces)}`, fr: `${program} a affiché ${shown(pieces)}` };
}

function blindness(program: string, evidence: Evidence): Text | undefined {
  const { events } = evidence.found;
  const about = (kind: RunEvent['kind']): boolean =>
    events.some((event) => event.kind === kind && 'program' in event && event.program === program);
  if (!about('program-started')) return neverStarted(program);
  return about('output-cut') ? cut(program) : cutShort(evidence);
}

/** `"connected"`, or `a line like /^connected/`. */
function wantedText(wanted: Wanted): Text {
  if (typeof wanted === 'string') return same(JSON.stringify(wanted));
  return { en: `a line like /${wanted.matches}/`, fr: `une ligne comme /${wanted.matches}/` };
}

export function judgeOutput({ output, of, count }: ExpectationOf<'output'>, evidence: Evidence): Finding {
  const mine = evidence.found.events.filter(
    (event): event is Output => event.kind === 'output' && event.program === of && isWithin(evidence.window, event.at),
  );
  const found = (['stdout', 'stderr'] as const).flatMap((wanted) =>
    piecesWith(
      output,
      mine.filter(({ stream }) => stream === wanted),
    ),
  );
  const what = counted(count, wantedText(output));
  const pieces = [...new Set(found)];
  return {
    ...compared(found.length, count ?? { least: 1 }, blindness(of, evidence)),
    expected: { en: `${of} prints ${what.en}`, fr: `${of} affiche ${what.fr}` },
    seen: seenText(of, pieces.length > 0 ? pieces : mine),
    proofs: pieces.map(({ at }) => ({ kind: 'output', program: of, at })),
  };
}
