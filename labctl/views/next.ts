// What to type next, as it works right now.

import { paint, type TerminalStyle } from './style.ts';
import { visible } from './visible.ts';
import { padEnd, textWidth, wrap } from './width.ts';
import { wordsOf } from './words.ts';

/** A command to type, with a word on what it shows. */
export interface NextCommand {
  command: string;
  why: string;
}

/** Commands one below the other, each explained beside it, or below where the width does not allow. */
export function nextLines(commands: readonly NextCommand[], style: TerminalStyle): string[] {
  const width = Math.max(...commands.map(({ command }) => textWidth(command)));
  return commands.flatMap(({ command, why }) => {
    const [shown, words] = [visible(command, style), visible(why, style)];
    const beside = width + 4 + textWidth(words) <= style.width;
    if (words === '' || beside)
      return [
        `  ${paint(style, 'strong', words === '' ? shown : padEnd(shown, width))}  ${paint(style, 'dim', words)}`.trimEnd(),
      ];
    return [
      `  ${paint(style, 'strong', shown)}`,
      ...wrap(words, style.width - 4).map((line) => `    ${paint(style, 'dim', line)}`),
    ];
  });
}

/** `Next:` and the commands. */
export function nextText(commands: readonly string[], style: TerminalStyle): string {
  const { next } = wordsOf(style.language).heading;
  return [
    '',
    paint(style, 'strong', visible(next, style)),
    ...nextLines(
      commands.map((command) => ({ command, why: '' })),
      style,
    ),
  ].join('\n');
}
