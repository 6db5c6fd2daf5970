// Judges `output`: did the program print this text?

import type { Text } from '../../model/language.ts';
import type { RunEvent } from '../../model/run.ts';
import type { ExpectationOf } from '../../model/scenario.ts';
import { cutShort, type Evidence, type Finding, isWithin, neverStarted } from './evidence.ts';

type Output = Extract<RunEvent, { kind: 'output' }>;

const longestShown = 200;

/** Where the text begins within pieces that were printed one after the other. */
function pieceWith(text: string, pieces: readonly Output[]): Output | undefined {
  let place = pieces
    .map((piece) => piece.text)
    .join('')
    .indexOf(text);
  if (place < 0) return undefined;
  for (const piece of pieces) {
    if (place < piece.text.length) return piece;
    place -= piece.text.length;
  }
  return undefined;
}

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

export function judgeOutput({ output, of }: ExpectationOf<'output'>, evidence: Evidence): Finding {
  const mine = evidence.found.events.filter(
    (event): event is Output => event.kind === 'output' && event.program === of && isWithin(evidence.window, event.at),
  );
  const found =
    pieceWith(
      output,
      mine.filter(({ stream }) => stream === 'stdout'),
    ) ??
    pieceWith(
      output,
      mine.filter(({ stream }) => stream === 'stderr'),
    );
  return {
    matched: found !== undefined,
    expected: { en: `${of} prints ${JSON.stringify(output)}`, fr: `${of} affiche ${JSON.stringify(output)}` },
    seen: seenText(of, found ? [found] : mine),
    proofs: found ? [{ kind: 'output', program: of, at: found.at }] : [],
    blind: blindness(of, evidence),
  };
}
