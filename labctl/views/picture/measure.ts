// How wide text will be: pictures are laid out where nobody can measure, so the estimate is on the wide side.

import { textWidth, wrap } from '../width.ts';

export const size = { mono: 12.5, text: 13, small: 11 } as const;

/** Fixed-width fonts advance by 0.6 em, give or take a hundredth. */
const monoAdvance = 0.605;
/** Running text of a wide font (DejaVu Sans, Verdana). */
const textAdvance = 0.58;

/** Pixels that fixed-width text takes. */
export const monoWidth = (text: string, fontSize: number = size.mono): number =>
  textWidth(text) * fontSize * monoAdvance;

/** Most texts fit: breaking them at their words is what takes time in a long ladder. */
function lines(text: string, columns: number): string[] {
  if (!text.includes('\n') && textWidth(text) <= columns) return [text];
  return text.split('\n').flatMap((line) => wrap(line, Math.max(8, columns)));
}

/** Lines of running text that fit into so many pixels. */
export const wrapText = (text: string, width: number, fontSize: number = size.text): string[] =>
  lines(text, Math.floor(width / (fontSize * textAdvance)));

/** The same for fixed-width text. */
export const wrapMono = (text: string, width: number, fontSize: number = size.mono): string[] =>
  lines(text, Math.floor(width / (fontSize * monoAdvance)));
