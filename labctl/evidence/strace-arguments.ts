// Takes a call's text apart: where its arguments begin and end, through strings, structures and `-y` annotations.

/** The only characters that need a look; everything between them is passed over at once. */
const remarkable = /["()[\]{},<]|\/\*/g;

function nextRemarkable(text: string, from: number): number {
  remarkable.lastIndex = from;
  return remarkable.exec(text)?.index ?? text.length;
}

const openers = '([{';
const closers = ')]}';

/** The position after a string that opens at `at`; escapes hide quotes. A string cut off ends with the text. */
function skipString(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i += 1) {
    if (text[i] === '\\') i += 1;
    else if (text[i] === '"') return i + 1;
  }
  return text.length;
}

const isDigit = (text: string, at: number): boolean => /\d/.test(text[at] ?? '');

/** The position after the annotation of a descriptor, `3<socket:[12]>`; an arrow inside (`->`) does not close it. */
function skipAnnotation(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i += 1) {
    if (text[i] === '>' && text[i - 1] !== '-') return i + 1;
  }
  return text.length;
}

/** An opening angle bracket belongs to a descriptor only directly after its number; `1<<2` is a shift. */
const opensAnnotation = (text: string, at: number): boolean =>
  text[at] === '<' && isDigit(text, at - 1) && text[at + 1] !== '<' && text[at + 1] !== ' ';

/** The position after whatever stands at `at` that may hide commas and brackets, or undefined. */
function skipHidden(text: string, at: number): number | undefined {
  if (text[at] === '"') return skipString(text, at);
  if (opensAnnotation(text, at)) return skipAnnotation(text, at);
  if (!text.startsWith('/*', at)) return undefined;
  const end = text.indexOf('*/', at);
  return end < 0 ? text.length : end + 2;
}

export interface ScannedArguments {
  args: string[];
  /** Position after the closing bracket; undefined where the text ends before it. */
  end: number | undefined;
}

/** The arguments that follow the opening bracket before `start`, split at commas of the outermost level. */
export function scanArguments(text: string, start: number): ScannedArguments {
  const args: string[] = [];
  let from = start;
  let depth = 0;
  const take = (to: number) => {
    const arg = text.slice(from, to).trim();
    if (arg !== '' || args.length > 0) args.push(arg);
    from = to + 1;
  };
  for (let i = nextRemarkable(text, start); i < text.length; ) {
    const after = skipHidden(text, i);
    const char = text[i] ?? '';
    if (after === undefined && depth === 0 && char === ')') {
      take(i);
      return { args, end: i + 1 };
    }
    if (after === undefined && depth === 0 && char === ',') take(i);
    else if (after === undefined && openers.includes(char)) depth += 1;
    else if (after === undefined && closers.includes(char)) depth -= 1;
    i = nextRemarkable(text, after ?? i + 1);
  }
  take(text.length);
  // A call cut off after a comma has no argument there yet.
  if (args.at(-1) === '') args.pop();
  return { args, end: undefined };
}
