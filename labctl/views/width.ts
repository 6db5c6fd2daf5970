// How much room text takes on a terminal, and how it is cut, padded and wrapped to fit. Knows no colours.

import { eastAsianWidth } from 'get-east-asian-width';

// ASCII, Latin letters, punctuation, arrows, lines and blocks: one column and one UTF-16 unit each. Only for speed.
const simple = /^[\x20-\x7e\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2190-\u21ff\u2500-\u25fc\u22ee\u2713\u2717]*$/;
const zeroWidth = /^[\p{M}\p{Cf}]/u;
const emojiStyle = /\ufe0f|^\p{Regional_Indicator}{2}/u;
// Loading ICU's rules takes longer than drawing a small report, and few reports need them.
let segmenter: Intl.Segmenter | undefined;

/** User-perceived characters (UAX #29): never cut inside one. */
export function graphemes(text: string): string[] {
  if (simple.test(text)) return text.split('');
  segmenter ??= new Intl.Segmenter();
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** Columns of one grapheme: its first character decides; marks that stand alone take none. */
function graphemeWidth(grapheme: string): number {
  if (simple.test(grapheme)) return 1;
  if (zeroWidth.test(grapheme)) return 0;
  return emojiStyle.test(grapheme) ? 2 : eastAsianWidth(grapheme.codePointAt(0) ?? 0);
}

/** Columns that the text takes; ambiguous characters count as narrow (UAX #11). */
export const textWidth = (text: string): number =>
  simple.test(text) ? text.length : graphemes(text).reduce((sum, grapheme) => sum + graphemeWidth(grapheme), 0);

/** The longest beginning that fits, without a mark for what was cut. */
function beginning(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let used = 0;
  let kept = '';
  for (const grapheme of graphemes(text)) {
    used += graphemeWidth(grapheme);
    if (used > width) break;
    kept += grapheme;
  }
  return kept;
}

/** The text in at most `width` columns, its end replaced by `mark` where it is too long. */
export function cut(text: string, width: number, mark = '…'): string {
  if (textWidth(text) <= width) return text;
  return width <= textWidth(mark) ? beginning(mark, width) : beginning(text, width - textWidth(mark)) + mark;
}

export const padEnd = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - textWidth(text)));
export const padStart = (text: string, width: number): string =>
  ' '.repeat(Math.max(0, width - textWidth(text))) + text;

/** A word longer than the line, in pieces that fit. */
function pieces(word: string, width: number): string[] {
  const first = beginning(word, width);
  if (first === word) return [word];
  // A line narrower than one wide character still gets that character, or this would never end.
  const piece = first === '' ? (graphemes(word)[0] ?? word) : first;
  return [piece, ...pieces(word.slice(piece.length), width)];
}

// A number keeps its unit, French punctuation its word.
const breakable = /(?<!«) (?!(?:[µu]s|ms|s|°)(?:$|[\s;,.)])|[:;?!»](?:$|\s))/;

/** The pieces of a text between which a line may be broken. */
export const words = (text: string): string[] => text.split(breakable);

/** The text in lines of at most `width` columns, broken at spaces; later lines are indented by `hang`. */
export function wrap(text: string, width: number, hang = 0): string[] {
  const indent = ' '.repeat(hang);
  const room = Math.max(2, width - hang);
  const lines: string[] = [];
  let line = '';
  for (const word of words(text).flatMap((each) => pieces(each, room))) {
    const wider = line === '' ? word : `${line} ${word}`;
    if (line !== '' && textWidth(wider) > (lines.length === 0 ? width : room)) {
      lines.push(line);
      line = word;
    } else line = wider;
  }
  return [...lines, line].map((each, index) => (index === 0 ? each : indent + each));
}
