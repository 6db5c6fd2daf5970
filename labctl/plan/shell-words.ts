// Splits a command line as Compose does (POSIX quoting, nothing expanded): `sh -c "a b"` is three words.

/** The words, or undefined when a quote is left open. */
export function shellWords(text: string): string[] | undefined {
  const words: string[] = [];
  const word = /\s*((?:[^\s"'\\]|\\[\s\S]|'[^']*'|"(?:[^"\\]|\\[\s\S])*")+)/y;
  while (word.lastIndex < text.trimEnd().length) {
    const match = word.exec(text);
    if (match === null) return undefined;
    words.push(unquote(match[1] ?? ''));
  }
  return words;
}

const unquote = (word: string): string =>
  word.replace(
    /'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])/g,
    (_, single?: string, double?: string, escaped?: string) => {
      if (single !== undefined) return single;
      if (double !== undefined) return double.replace(/\\(["\\$`])/g, '$1').replaceAll('\\\n', '');
      return escaped === '\n' ? '' : (escaped ?? '');
    },
  );

/** The words as one line that a shell (POSIX) reads back as these words. */
export const shellLine = (words: readonly string[]): string =>
  words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');
