// What `labctl validate` says of a file in which nothing is wrong.

import { paint, type TerminalStyle } from './style.ts';
import { visible } from './visible.ts';
import { wordsOf } from './words.ts';

export function validatedText(file: string, kind: 'scenario' | 'compose', style: TerminalStyle): string {
  const { validate } = wordsOf(style.language);
  const mark = paint(style, 'good', visible('✓', style));
  return `${mark} ${visible(file, style)}: ${validate[kind]}`;
}
