// What the network was told to do: its rules, what each one counted and took, and what hosts were set to for the run.

import { type Element, h } from '../element.ts';
import { countText } from '../format.ts';
import { settingsText } from '../ladder-notes.ts';
import { wordsOf } from '../words.ts';
import { anchors, link, part, type TableRow, table } from './part.ts';
import type { Sheet } from './sheet.ts';

const mostLinks = 12;

function takenCell(rule: string, { report }: Sheet): Element {
  const taken = report.passages.filter(({ takenBy }) => takenBy?.rule === rule).map(({ number }) => number);
  const links = taken
    .slice(0, mostLinks)
    .flatMap((number, index) => [index > 0 ? ', ' : '', link(anchors.packet(number), `#${number}`)]);
  return h('span', {}, links, taken.length > mostLinks && ' …');
}

function ruleRows(sheet: Sheet): TableRow[] {
  const { report, language } = sheet;
  const summaries = new Map(
    report.events.flatMap((event) =>
      event.kind === 'rule-added' ? [[event.rule, event.summary[language]] as const] : [],
    ),
  );
  return (report.run.wire ?? []).map(({ rule, passed, hit }) => ({
    cells: [
      h('code', {}, rule),
      summaries.get(rule) ?? '',
      countText(passed),
      hit === 0 ? { text: '0', tone: 'bad' } : countText(hit),
      takenCell(rule, sheet),
    ],
  }));
}

/** Hosts that were made anew for this run, with other settings than their kernel's own. */
function settings({ report, language }: Sheet): Element[] {
  const { ladder } = wordsOf(language);
  return report.events.flatMap((event) =>
    event.kind === 'host-tuned' ? [h('p', {}, ladder.tuned(event.host, settingsText(event.sysctls)))] : [],
  );
}

/** No section where the network was left alone. */
export function wirePart(sheet: Sheet): Element | undefined {
  const { wire } = sheet.words;
  const [rows, tuned] = [ruleRows(sheet), settings(sheet)];
  if (rows.length + tuned.length === 0) return undefined;
  const columns = [
    { title: wire.rule },
    { title: wire.does },
    { title: wire.passed, kind: 'number' as const },
    { title: wire.hit, kind: 'number' as const },
    { title: wire.packets },
  ];
  return part('wire', wire.heading, ...(rows.length > 0 ? [table(wire.heading, columns, rows)] : []), ...tuned);
}
