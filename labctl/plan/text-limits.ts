// What a text must keep to before a YAML parser may see it: size, readable characters, nesting.

import { Lexer } from 'yaml';
import type { Place } from '../model/lab-error.ts';
import { LabError } from '../model/lab-error.ts';

const maxCharacters = 1024 * 1024;
/** Deeper than any sensible file; a recursive parser with ten thousand frames of stack stays far from its end. */
export const maxDepth = 60;

const at = (text: string, offset: number, file: string): Place => {
  const lines = text.slice(0, offset).split('\n');
  return { file, line: lines.length, col: (lines.at(-1)?.length ?? 0) + 1 };
};

/** Control characters that YAML 1.2 (section 5.1) forbids, and what a decoder leaves where the text was not UTF-8. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
// oxlint-disable-next-line no-control-regex
const unreadable = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F\uFFFD\uFFFE\uFFFF]/;

/** Throws LabError (usage) with its place for a text that is too large, not text, or nested too deeply. */
export function checkText(text: string, file: string): void {
  if (text.length > maxCharacters)
    throw new LabError('usage', `the file is larger than ${maxCharacters / 1024} KiB`, {
      where: at(text, maxCharacters, file),
    });
  const bad = text.search(unreadable);
  if (bad >= 0)
    throw new LabError('usage', `the file is not UTF-8 text: character ${codePoint(text, bad)}`, {
      where: at(text, bad, file),
    });
  const deep = mayBeDeep(text) ? tooDeep(text) : undefined;
  if (deep !== undefined)
    throw new LabError('usage', `nested more than ${maxDepth} deep`, { where: at(text, deep, file) });
}

const codePoint = (text: string, offset: number): string =>
  `U+${text.charCodeAt(offset).toString(16).toUpperCase().padStart(4, '0')}`;

const count = (text: string, of: RegExp): number => text.match(of)?.length ?? 0;

/** No sensible file may be: it has too few brackets and indicators for that. To lex takes half as long as to parse. */
const mayBeDeep = (text: string): boolean =>
  count(text, /[[{]/g) > maxDepth || text.split('\n').some((line) => count(line, /[-?:]/g) > maxDepth);

/** What the lexer says before a scalar; the next lexeme is its text and opens nothing. */
const scalarFollows = '\u001F';

/**
 * Offset at which flow collections, or block indicators on one line (`- - - -`), nest too deeply. Indentation needs
 * no look: a megabyte holds too little of it to exhaust a stack.
 */
function tooDeep(text: string): number | undefined {
  let flow = 0;
  let line = 0;
  let offset = 0;
  let scalar = false;
  for (const lexeme of new Lexer().lex(text)) {
    if (!scalar && (lexeme === '[' || lexeme === '{')) flow++;
    else if (!scalar && (lexeme === ']' || lexeme === '}')) flow--;
    // Within brackets these separate, and nest nothing.
    else if (!scalar && flow === 0 && (lexeme === '-' || lexeme === '?' || lexeme === ':')) line++;
    if (lexeme.includes('\n')) line = 0;
    if (flow > maxDepth || line > maxDepth) return offset;
    scalar = lexeme === scalarFollows;
    if (!isControl(lexeme)) offset += lexeme.length;
  }
  return undefined;
}

/** The lexer's own marks (document start, flow end on error, scalar follows) stand for no text. */
const isControl = (lexeme: string): boolean => lexeme === '\u0002' || lexeme === '\u0018' || lexeme === scalarFollows;
