// Chooses the page's phrases by language.

import type { Language } from '../../model/language.ts';
import { english, type PageWords } from './words-en.ts';
import { french } from './words-fr.ts';

export type { PageWords } from './words-en.ts';

const byLanguage: Record<Language, PageWords> = { en: english, fr: french };

export const pageWordsOf = (language: Language): PageWords => byLanguage[language];
