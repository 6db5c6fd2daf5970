// Grades as one page that stands for itself: a table, and below each unmet grade its reason and where to look next.

import { type Grade, metOf } from '../../model/grade.ts';
import type { Language } from '../../model/language.ts';
import type { VerdictWord } from '../../model/report.ts';
import { h, markup } from '../element.ts';
import { visible } from '../visible.ts';
import { wordsOf } from '../words.ts';

const look = `
main { max-width: 75rem; margin: 2rem auto; padding: 0 1rem; }
body { background: var(--paper); color: var(--ink); font: 1rem/1.5 var(--sans); margin: 0; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid var(--rule); padding: .45rem .7rem; text-align: left; vertical-align: top; }
thead th { color: var(--dim); font-weight: 600; }
tbody th { font-weight: 600; overflow-wrap: anywhere; }
td { overflow-wrap: anywhere; }
.number { text-align: right; white-space: nowrap; }
.met { color: var(--good); } .unmet { color: var(--bad); } .not-observable { color: var(--warning); }
.verdict { white-space: nowrap; font-weight: 600; }
.hint { color: var(--dim); }
pre { background: var(--sunk); overflow: auto; padding: .5rem; font: .85rem/1.4 var(--mono); max-height: 20rem; }`;

const marks: Record<VerdictWord, string> = { met: '✓', unmet: '✗', 'not-observable': '?' };

function row(grade: Grade, language: Language) {
  const { check } = wordsOf(language);
  const { submission, scenario, verdict, reason, hints, messages, expectations, seconds } = grade;
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, visible(submission, { unicode: true })),
    h('td', {}, scenario),
    h('td', { class: `verdict ${verdict}` }, `${marks[verdict]} ${check.verdict[verdict]}`),
    h('td', { class: 'number' }, `${metOf(grade)}/${expectations.length}`),
    h(
      'td',
      {},
      h('div', {}, `${check.kind[reason.kind]}: ${reason.text[language]}`),
      hints.length > 0 && h('div', { class: 'hint' }, `▸ ${hints[0]?.[language] ?? ''}`),
      messages.trim() !== '' && h('details', {}, h('summary', {}, check.messages), h('pre', { tabindex: 0 }, messages)),
    ),
    h('td', { class: 'number' }, `${seconds.toFixed(1)} s`),
  );
}

/** `palette` is the style sheet with the colours of every page. */
export function gradesHtml(grades: readonly Grade[], language: Language, palette: string): string {
  const { check, column } = wordsOf(language);
  const heads = [
    check.submission,
    column.scenario,
    check.verdictColumn,
    check.metColumn,
    check.reason,
    column.duration,
  ];
  const page = h(
    'html',
    { lang: language },
    h(
      'head',
      {},
      h('meta', { charset: 'utf-8' }),
      h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
      h('title', {}, check.title),
      h('style', {}, 'STYLE'),
    ),
    h(
      'body',
      {},
      h(
        'main',
        {},
        h('h1', {}, check.title),
        h(
          'table',
          {},
          h('thead', {}, h('tr', {}, ...heads.map((head) => h('th', { scope: 'col' }, head)))),
          h('tbody', {}, ...grades.map((grade) => row(grade, language))),
        ),
      ),
    ),
  );
  // The sheets are ours, and no text that could be escaped.
  return `<!doctype html>\n${markup(page).replace('STYLE', () => palette + look)}\n`;
}
