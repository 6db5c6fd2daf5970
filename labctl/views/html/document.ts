// The report page as one file: its head with a strict content security policy, its parts in reading order, its data.

import { createHash } from 'node:crypto';
import { type Child, type Element, h, markup } from '../element.ts';
import { countText, dateText } from '../format.ts';
import { ladderOf } from '../ladder-rows.ts';
import { ladderSlices } from '../picture/slices.ts';
import { windowed } from '../terminal/ladder.ts';
import { wordsOf } from '../words.ts';
import { dataText, pageData } from './data.ts';
import { lessonPart } from './lesson.ts';
import { looksPart, processesPart } from './looks.ts';
import { anchors, part, table } from './part.ts';
import type { Sheet } from './sheet.ts';
import { conversationsPart, countersPart, programParts } from './tables.ts';
import { verdictMarks, verdictSummary, verdictsPart } from './verdicts.ts';

export interface PageFiles {
  css: string;
  script: string;
}

/** Rows that stand in the page without its script; the rest needs it. */
const mostStatic = 300;
/** A page with more rows would take long to write and to open; their middle is left out. */
const mostRows = 20_000;
const pictureWidth = 1080;

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Nothing is loaded, nothing is sent, nothing runs but this script and this style sheet; no text becomes markup. */
const policyOf = ({ css, script }: PageFiles): string =>
  [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(css)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');

const icon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath d='M3 1v14M13 1v14M3 4h9M13 9H4' stroke='%232a9a5f' stroke-width='1.6' fill='none'/%3E%3C/svg%3E";

/** A style sheet or script as its own text: it is ours, and cannot end its element. */
const raw = (tag: 'style' | 'script', text: string, attributes = ''): string => {
  if (text.toLowerCase().includes(`</${tag}`)) throw new Error(`a ${tag} that would end itself`);
  return `<${tag}${attributes}>${text}</${tag}>`;
};

function headText({ report, language }: Sheet, files: PageFiles): string {
  return [
    '<meta charset="utf-8">',
    markup(h('meta', { 'http-equiv': 'Content-Security-Policy', content: policyOf(files) })),
    markup(h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' })),
    markup(h('meta', { name: 'generator', content: `labctl ${report.run.labctl}` })),
    markup(h('title', {}, `${report.scenario.title[language]} · labctl`)),
    markup(h('link', { rel: 'icon', href: icon })),
    raw('style', files.css),
  ].join('\n');
}

function banner({ report, words, language }: Sheet): Element {
  const { scenario, run, verdict, verdicts } = report;
  const views = wordsOf(language);
  return h(
    'header',
    { class: 'banner' },
    h(
      'div',
      {},
      h('h1', {}, scenario.title[language]),
      h('p', { class: 'about' }, scenario.about[language].trim().replace(/\s+/g, ' ')),
      h(
        'p',
        { class: 'meta' },
        [
          `${dateText(run.started)} ${words.facts.utc}`,
          `${run.engine.name} ${run.engine.version}`,
          `Linux ${run.kernel}`,
          run.lab,
        ].join(' · '),
      ),
      run.outcome !== 'complete' && h('p', { class: 'tone-bad' }, `✗ ${views.outcome[run.outcome]}`),
    ),
    verdicts.length > 0 &&
      h(
        'a',
        { class: `summary verdict-${verdict}`, href: '#verdicts' },
        h('strong', {}, `${verdictMarks[verdict]} ${words.verdict[verdict]}`),
        h('span', {}, verdictSummary(report, views)),
      ),
  );
}

function navigation(parts: readonly (readonly [id: string, name: string])[], { words }: Sheet): Element {
  return h(
    'nav',
    { 'aria-label': words.nav.label },
    h(
      'ul',
      {},
      parts.map(([id, name]) => h('li', {}, h('a', { href: `#${id}` }, name))),
    ),
    h('button', { type: 'button', id: 'theme', hidden: true }, words.tool.theme.auto),
  );
}

/** The controls stay hidden until the script that serves them runs. */
function toolbar({ words, report }: Sheet): Element {
  const { tool, cursor } = words;
  const option = (value: string, name: string): Element => h('option', { value }, name);
  return h(
    'div',
    { class: 'toolbar', role: 'group', 'aria-label': tool.label, hidden: true, id: 'tools' },
    h(
      'label',
      {},
      h('span', {}, tool.conversation),
      h(
        'select',
        { id: 'conversation' },
        option('', tool.all),
        report.conversations.map(({ index, initiator }) =>
          option(String(index + 1), `${index + 1} · ${initiator.host} :${initiator.endpoint.port}`),
        ),
      ),
    ),
    h(
      'label',
      { class: 'wide' },
      h('span', {}, tool.filter),
      h('input', {
        id: 'filter',
        type: 'search',
        placeholder: tool.filterHint,
        autocomplete: 'off',
        spellcheck: 'false',
        'aria-describedby': 'filter-help filter-said',
      }),
    ),
    h(
      'details',
      { class: 'help' },
      h('summary', { 'aria-label': tool.help }, '?'),
      h('p', { id: 'filter-help' }, tool.filterHelp),
    ),
    h(
      'label',
      {},
      h('span', {}, tool.time),
      h('select', { id: 'scale' }, option('events', tool.byEvent), option('time', tool.uniform)),
    ),
    h(
      'span',
      { class: 'zoom', id: 'zoom', hidden: true },
      h('button', { type: 'button', id: 'wider', 'aria-label': tool.wider }, '−'),
      h('button', { type: 'button', id: 'closer', 'aria-label': tool.closer }, '+'),
    ),
    h('output', { id: 'filter-said', role: 'status', for: 'filter' }),
    h(
      'div',
      { class: 'cursor', role: 'group', 'aria-label': cursor.label },
      h('button', { type: 'button', id: 'before', 'aria-label': cursor.previous }, '◂'),
      h('input', { type: 'range', id: 'cursor', min: '0', max: '0', value: '0', 'aria-label': cursor.label }),
      h('button', { type: 'button', id: 'after', 'aria-label': cursor.next }, '▸'),
      h(
        'label',
        {},
        h('input', {
          id: 'clock',
          inputmode: 'decimal',
          autocomplete: 'off',
          'aria-label': `${cursor.label}, ${cursor.seconds}`,
        }),
        h('span', {}, 's'),
      ),
    ),
  );
}

function ladderPart(sheet: Sheet): { element: Element; data: string } {
  const { report, words, language, tracks, zero } = sheet;
  const whole = ladderOf(report, { language });
  const ladder = windowed(whole, mostRows);
  const first = { ...ladder, rows: ladder.rows.slice(0, mostStatic) };
  const pictures = ladderSlices(first, tracks.sockets, {
    width: pictureWidth,
    words: words.heads,
    title: words.ladder.label,
    idOf: anchors.packet,
  });
  const { ladder: views } = wordsOf(language);
  const notes = [
    h('p', { class: 'unseen', id: 'ladder-keys' }, words.ladder.keys),
    ...(ladder.rows.length > mostStatic ? [h('p', { class: 'static' }, words.ladder.needsScript(mostStatic))] : []),
    ...(ladder.rows.length < whole.rows.length
      ? [h('p', { class: 'tone-warning' }, views.omitted(countText(whole.rows.length - mostRows)))]
      : []),
    ...(ladder.rows.length === 0 ? [h('p', {}, views.nothing)] : []),
    ...(ladder.hidden > 0 ? [h('p', { class: 'tone-dim' }, views.hidden(ladder.hidden))] : []),
  ];
  const element = part(
    'ladder',
    words.heading.ladder,
    toolbar(sheet),
    h(
      'div',
      { class: 'stage' },
      h('div', { class: 'pane', id: 'pane' }, pictures),
      h(
        'aside',
        { id: 'aside', hidden: true },
        h(
          'section',
          { 'aria-labelledby': 'details-title', tabindex: 0 },
          h('h2', { id: 'details-title' }, words.details.title),
          h('div', { id: 'details' }),
        ),
        h(
          'section',
          { 'aria-labelledby': 'instant-title', tabindex: 0 },
          h('h2', { id: 'instant-title' }, words.cursor.instant),
          h('div', { id: 'instant' }),
        ),
      ),
    ),
    ...notes,
  );
  return { element, data: dataText(pageData(report, ladder, tracks, zero, language)) };
}

function runPart({ report, words }: Sheet): Element {
  const { run, scenario } = report;
  const { facts } = words;
  const dropped = run.drops.reduce((sum, drop) => sum + drop.dropped, 0);
  const captured = run.drops.reduce((sum, drop) => sum + drop.captured, 0);
  const pairs: [string, Child][] = [
    [facts.scenario, h('code', {}, scenario.name)],
    [facts.lab, h('code', {}, run.lab)],
    [facts.started, `${dateText(run.started)} ${facts.utc}`],
    [facts.engine, `${run.engine.name} ${run.engine.version}`],
    [facts.kernel, run.kernel],
  ];
  const hosts = run.hosts.map(({ name, interfaces, congestionControl }) => ({
    cells: [name, interfaces.flatMap(({ addresses }) => addresses).join(', '), congestionControl],
  }));
  return part(
    'run',
    words.heading.run,
    h(
      'dl',
      { class: 'facts' },
      pairs.flatMap(([term, value]) => [h('dt', {}, term), h('dd', {}, value)]),
    ),
    ...(hosts.length > 0
      ? [
          table(
            words.facts.addresses,
            [{ title: facts.host }, { title: facts.addresses, kind: 'mono' }, { title: facts.congestion }],
            hosts,
          ),
        ]
      : []),
    ...(run.drops.length > 0
      ? [
          h(
            'p',
            { class: dropped > 0 ? 'tone-bad' : 'tone-dim' },
            dropped > 0 ? facts.dropped(dropped) : facts.noneDropped(captured),
          ),
        ]
      : []),
  );
}

/** The whole page as text. Everything that was captured, typed or printed appears in it as text alone. */
export function reportPage(sheet: Sheet, files: PageFiles): string {
  const { words, language, report } = sheet;
  const ladder = ladderPart(sheet);
  const programs = programParts(sheet);
  const named: [string, string, Element | undefined][] = [
    ['conversations', words.nav.conversations, conversationsPart(sheet)],
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
  const parts = named.filter(([, , each]) => each !== undefined);
  const links = [
    ['ladder', words.nav.ladder] as const,
    ...parts.filter(([, name]) => name !== '').map(([id, name]) => [id, name] as const),
  ];
  const body = [
    h('a', { class: 'skip', href: '#ladder' }, words.skip.ladder),
    h('a', { class: 'skip', href: '#verdicts' }, words.skip.verdicts),
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
