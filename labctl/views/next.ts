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

/** The widest command that leaves room for its explanation beside it. */
function besideWidth(commands: readonly NextCommand[], width: number): number {
  const fitting = commands.filter(({ command, why }) => textWidth(command) + 4 + textWidth(why) <= width);
  return Math.max(0, ...fitting.map(({ command }) => textWidth(command)));
}

/** Commands one below the other, each explained beside it, or below where the width does not allow. */
export function nextLines(commands: readonly NextCommand[], style: TerminalStyle): string[] {
  const shown = commands.map(({ command, why }) => ({ command: visible(command, style), why: visible(why, style) }));
  const width = besideWidth(shown, style.width);
  return shown.flatMap(({ command, why }) => {
    const beside = textWidth(command) <= width && width + 4 + textWidth(why) <= style.width;
    if (why === '') return [`  ${paint(style, 'strong', command)}`];
    if (beside) return [`  ${paint(style, 'strong', padEnd(command, width))}  ${paint(style, 'dim', why)}`];
    return [
      `  ${paint(style, 'strong', command)}`,
      ...wrap(why, style.width - 4).map((line) => `    ${paint(style, 'dim', line)}`),
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
