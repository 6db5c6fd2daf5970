// Fills the places in a lesson's answers with what this run showed.

import type { Language } from '../model/language.ts';
import type { Question } from '../model/lesson.ts';
import type { Report } from '../model/report.ts';
import { factOf, portRange } from './facts.ts';

const place = /\{([a-z][a-z0-9-]*)(?:\.([a-z-]+))?\}/g;

const gap = (text: string, language: Language): string =>
  language === 'fr' ? `⟨${text} : pas vu dans cette exécution⟩` : `⟨${text}: not seen in this run⟩`;

function valueOf(name: string, fact: string | undefined, report: Report): string | undefined {
  if (fact !== undefined) return factOf(name, fact, report);
  return name === 'port-range' ? portRange(report) : undefined;
}

/**
 * The answer of a question with its places filled: `{client1.port}`, `{server.endpoint}`, `{port-range}`. A place that
 * this run cannot fill stays visible as a gap.
 */
export function answerText(question: Question, report: Report, language: Language): string {
  return question.answer[language].replace(place, (whole, name: string, fact: string | undefined) => {
    return valueOf(name, fact, report) ?? gap(whole.slice(1, -1), language);
  });
}
