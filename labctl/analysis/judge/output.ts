// Judges `output`: did the program print this text?

import type { RunEvent } from '../../model/run.ts';
import type { ExpectationOf } from '../../model/scenario.ts';
import { cutShort, type Evidence, type Finding, isWithin } from './evidence.ts';

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

function blindness(program: string, evidence: Evidence): string | undefined {
  const { events } = evidence.found;
  const about = (kind: RunEvent['kind']): boolean =>
    events.some((event) => event.kind === kind && 'program' in event && event.program === program);
  if (!about('program-started')) return `${program} was never started`;
  return about('output-cut') ? `${program} printed more than was kept` : cutShort(evidence);
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
    expected: `${of} prints ${JSON.stringify(output)}`,
    seen: mine.length === 0 ? `${of} printed nothing` : `${of} printed ${shown(found ? [found] : mine)}`,
    proofs: found ? [{ kind: 'output', program: of, at: found.at }] : [],
    blind: blindness(of, evidence),
  };
}
