// What is wrong with a user's input, as text: `file:line:col  message`, and below it one thing to try.

import { type LabError, LabErrors, type Place, placeText } from '../model/lab-error.ts';
import { paint, type TerminalStyle } from './style.ts';
import { visible } from './visible.ts';
import { textWidth, wrap } from './width.ts';

const whereText = (where: Place | string): string => (typeof where === 'string' ? where : placeText(where));

/** The place stays on one line so that editors and terminals can follow it; the message wraps beside or below it. */
function oneError(error: LabError, style: TerminalStyle): string[] {
  const where = error.where === undefined ? '' : visible(whereText(error.where), style);
  const lines = error.message.split('\n').map((line) => visible(line, style));
  const beside = where !== '' && textWidth(where) + 2 + textWidth(lines[0] ?? '') <= style.width;
  const message = lines.flatMap((line) => wrap(line, style.width - 2));
  const head = paint(style, 'strong', where);
  const hint = error.hint === undefined ? [] : wrap(visible(`→ ${error.hint}`, style), style.width - 2, 2);
  const body = beside
    ? [
        `${head}  ${paint(style, 'bad', lines[0] ?? '')}`,
        ...lines
          .slice(1)
          .flatMap((line) => wrap(line, style.width - 2))
          .map((line) => `  ${line}`),
      ]
    : [];
  const below = [
    ...(where === '' ? [] : [head]),
    ...message.map((line, index) => (where === '' && index === 0 ? '' : '  ') + paint(style, 'bad', line)),
  ];
  return [...(beside ? body : below), ...hint.map((line) => `  ${line}`)];
}

/** One error, or all complaints about one input, each with its place. */
export function errorText(error: LabError, style: TerminalStyle): string {
  const errors = error instanceof LabErrors ? error.errors : [error];
  return errors.flatMap((each) => oneError(each, style)).join('\n');
}
