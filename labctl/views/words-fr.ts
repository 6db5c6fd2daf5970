// Every fixed phrase of the views in French.

import { report } from './words/report-fr.ts';
import { timeLine } from './words/time-line-fr.ts';
import { work } from './words/work-fr.ts';
import type { Words } from './words-en.ts';

export const french: Words = { ...timeLine, ...report, ...work };
