// What a run's evidence is blind to, in sentences that stand under the ladder.

import type { Language } from '../model/language.ts';
import type { Report } from '../model/report.ts';
import { wordsOf } from './words.ts';

/** Empty for most runs. */
export function blindNotes({ blind }: Report, language: Language): string[] {
  const { ladder: words } = wordsOf(language);
  if (blind === undefined) return [];
  const { loopback, uring } = blind;
  return [
    ...(loopback.length === 0 ? [] : [words.loopback(loopback.join(', '))]),
    ...(uring.length === 0 ? [] : [words.uring(uring.join(', '))]),
  ];
}
