// Chooses the phrases of a language; both tables have the same type, so none can be missing.

import type { Language } from '../model/language.ts';
import { english, type Words } from './words-en.ts';
import { french } from './words-fr.ts';

export type { Words } from './words-en.ts';

const byLanguage: Record<Language, Words> = { en: english, fr: french };

export const wordsOf = (language: Language): Words => byLanguage[language];
