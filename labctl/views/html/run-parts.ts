// What run this is: the banner at the top of the page, and the facts at its end.

import { type Child, type Element, h } from '../element.ts';
import { dateText } from '../format.ts';
import { shortcomings } from '../shortcomings.ts';
import { wordsOf } from '../words.ts';
import { part, table, tied } from './part.ts';
import type { Sheet } from './sheet.ts';
import { verdictMarks, verdictSummary } from './verdicts.ts';

/** Title, circumstances, and the verdict on the whole. */
export function banner({ report, words, language }: Sheet): Element {
  const { scenario, run, verdict, verdicts } = report;
  const views = wordsOf(language);
  return h(
    'header',
    { class: 'banner' },
    h(
      'div',
      {},
      h('h1', {}, scenario.title[language]),
      h('p', { class: 'about' }, tied(scenario.about[language].trim().replace(/\s+/g, ' '))),
      h(
        'p',
        { class: 'meta' },
        [
          `${dateText(run.started)} ${words.facts.utc}`,
          `${run.engine.name} ${run.engine.version}`.trim(),
          run.kernel && `Linux ${run.kernel}`,
          run.lab,
        ]
          .filter(Boolean)
          .join(' · '),
      ),
      ...shortcomings(report, language).map((text) => h('p', { class: 'tone-bad' }, `✗ ${text}`)),
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

/** Scenario, lab, engine, hosts, and whether any packet was missed. */
export function runPart({ report, words }: Sheet): Element {
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
