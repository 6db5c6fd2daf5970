// The lesson's questions: hints and answers stay closed until somebody opens them.

import type { Question } from '../../model/lesson.ts';
import { type Element, h } from '../element.ts';
import { paragraphs, part, tied } from './part.ts';
import type { Sheet } from './sheet.ts';

function questionItem(question: Question, { language, words, answer }: Sheet): Element {
  return h(
    'li',
    {},
    h('p', { class: 'ask' }, tied(question.ask[language].trim())),
    ...(question.hints ?? []).map((hint) =>
      h('details', {}, h('summary', {}, words.sections.hint), paragraphs(hint[language])),
    ),
    h('details', { class: 'answer' }, h('summary', {}, words.sections.answer), paragraphs(answer(question))),
  );
}

/** No section where the scenario asks nothing. */
export function lessonPart(sheet: Sheet): Element | undefined {
  const questions = sheet.report.scenario.lesson ?? [];
  if (questions.length === 0) return undefined;
  return part(
    'lesson',
    sheet.words.heading.lesson,
    h(
      'ol',
      { class: 'questions' },
      questions.map((question) => questionItem(question, sheet)),
    ),
  );
}
