// Where a piece of evidence stands, as it is written behind what was seen: `[client1 frame 3]`, in both languages.

import type { Text } from '../../model/language.ts';

const french: Record<string, string> = {
  frame: 'trame',
  call: 'appel',
  'socket row': 'ligne de sockets',
};

/** The same evidence for both languages; only the words for its places differ. */
export const placed = (text: string): Text => ({
  en: text,
  fr: text.replace(
    /\[(\S+) (frame|call|socket row) (\d+)\]/g,
    (_, where: string, what: string, number: string) => `[${where} ${french[what] ?? what} ${number}]`,
  ),
});
