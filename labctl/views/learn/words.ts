// Chooses the phrases of a lesson at the terminal by language.

import type { Language } from '../../model/language.ts';
import { english, type LearnWords } from './words-en.ts';
import { french } from './words-fr.ts';

export type { LearnWords } from './words-en.ts';

const byLanguage: Record<Language, LearnWords> = { en: english, fr: french };

export const learnWordsOf = (language: Language): LearnWords => byLanguage[language];
