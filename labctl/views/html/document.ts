// The report page as one file: its head, its parts in reading order, its data and its script.

import { type Element, h, markup } from '../element.ts';
import { growthPart } from './growth-part.ts';
import { headText, type PageFiles, raw } from './head.ts';
import { ladderPart } from './ladder-part.ts';
import { lessonPart } from './lesson.ts';
import { looksPart, processesPart } from './looks.ts';
import { banner, runPart } from './run-parts.ts';
import { isCapture, type Sheet } from './sheet.ts';
import { conversationsPart, countersPart, programParts } from './tables.ts';
import { navigation } from './toolbar.ts';
import { verdictsPart } from './verdicts.ts';
import { wirePart } from './wire-part.ts';

export type { PageFiles } from './head.ts';

/** The whole page as text. Everything that was captured, typed or printed appears in it as text alone. */
export function reportPage(sheet: Sheet, files: PageFiles): string {
  const { words, language, report } = sheet;
  const ladder = ladderPart(sheet);
  const programs = programParts(sheet);
  const named: [string, string, Element | undefined][] = [
    ['conversations', words.nav.conversations, conversationsPart(sheet)],
    ['wire', words.nav.wire, wirePart(sheet)],
    ['growth', words.nav.growth, growthPart(sheet)],
    ['verdicts', words.nav.verdicts, verdictsPart(sheet)],
    ['lesson', words.nav.lesson, lessonPart(sheet)],
    ...programs.map((program, index): [string, string, Element] => [
      `program-${index + 1}`,
      index === 0 ? words.nav.programs : '',
      program,
    ]),
    ['processes', words.nav.processes, processesPart(sheet)],
    ['looks', words.nav.looks, looksPart(sheet)],
    ['counters', words.nav.counters, countersPart(sheet)],
    ['run', words.nav.run, runPart(sheet)],
  ];
  // Of a capture that anyone made nothing else is known.
  const told = isCapture(report) ? named.slice(0, 1) : named;
  const parts = told.filter(([, , each]) => each !== undefined);
  const links = [
    ['ladder', words.nav.ladder] as const,
    ...parts.filter(([, name]) => name !== '').map(([id, name]) => [id, name] as const),
  ];
  const body = [
    h('a', { class: 'skip', href: '#ladder' }, words.skip.ladder),
    ...(isCapture(report) ? [] : [h('a', { class: 'skip', href: '#verdicts' }, words.skip.verdicts)]),
    banner(sheet),
    navigation(links, sheet),
    h('main', {}, ladder.element, ...parts.flatMap(([, , each]) => each ?? [])),
    h('footer', {}, h('p', {}, words.facts.made(report.run.labctl))),
  ];
  return [
    '<!doctype html>',
    `<html lang="${language}">`,
    `<head>\n${headText(sheet, files)}\n</head>`,
    `<body>\n${body.map(markup).join('\n')}`,
    raw('script', ladder.data, ' type="application/json" id="data"'),
    raw('script', files.script),
    '</body>\n</html>\n',
  ].join('\n');
}
