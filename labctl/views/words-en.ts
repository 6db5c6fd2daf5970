// Every fixed phrase of the views in English. Its shape is the contract: words-fr.ts does not compile with one missing.

import { report } from './words/report-en.ts';
import { timeLine } from './words/time-line-en.ts';
import { work } from './words/work-en.ts';

export const english = { ...timeLine, ...report, ...work };

export type Words = typeof english;
