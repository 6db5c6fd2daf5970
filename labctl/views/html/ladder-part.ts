// The ladder's part of the page: controls, the picture until the script draws its own, panels, and the script's data.

import { blindNotes } from '../blind-notes.ts';
import { type Element, h } from '../element.ts';
import { countText } from '../format.ts';
import { type Ladder, ladderOf } from '../ladder-rows.ts';
import { ladderSlices } from '../picture/slices.ts';
import { windowed } from '../terminal/ladder.ts';
import { wordsOf } from '../words.ts';
import { dataText, pageData } from './data.ts';
import { anchors, part } from './part.ts';
import type { Sheet } from './sheet.ts';
import { toolbar } from './toolbar.ts';

/** Rows that stand in the page without its script; the rest needs it. */
const mostStatic = 300;
/** A page with more rows would take long to write and to open; their middle is left out. */
const mostRows = 20_000;
const pictureWidth = 1080;

/** The panels beside the ladder; only the page's script fills and shows them. */
function panels({ words }: Sheet): Element {
  const panel = (id: string, title: string): Element =>
    h(
      'section',
      { id: `${id}-panel`, 'aria-labelledby': `${id}-title`, tabindex: 0 },
      h('h2', { id: `${id}-title` }, title),
      h('div', { id }),
    );
  return h(
    'aside',
    { id: 'aside', hidden: true },
    panel('details', words.details.title),
    panel('instant', words.cursor.instant),
  );
}

/** What is said under the ladder: how it is used, and what it leaves out. */
function notesOf(ladder: Ladder, whole: Ladder, { report, words, language }: Sheet): Element[] {
  const { ladder: views } = wordsOf(language);
  const left = whole.rows.length - ladder.rows.length;
  return [
    h('p', { class: 'unseen', id: 'ladder-keys' }, words.ladder.keys),
    ...(ladder.rows.length > mostStatic ? [h('p', { class: 'static' }, words.ladder.needsScript(mostStatic))] : []),
    ...(left > 0 ? [h('p', { class: 'tone-warning' }, views.omitted(countText(left + 1)))] : []),
    ...(ladder.rows.length === 0 ? [h('p', {}, views.nothing)] : []),
    ...blindNotes(report, language).map((note) => h('p', { class: 'tone-dim' }, note)),
    ...(ladder.hidden > 0 ? [h('p', { class: 'tone-dim' }, views.hidden(ladder.hidden))] : []),
  ];
}

/** The part, and the data for the script. */
export function ladderPart(sheet: Sheet): { element: Element; data: string } {
  const { report, words, language, tracks, zero } = sheet;
  const whole = ladderOf(report, { language });
  const ladder = windowed(whole, mostRows);
  const first = { ...ladder, rows: ladder.rows.slice(0, mostStatic) };
  const options = { width: pictureWidth, words: words.heads, title: words.ladder.label, idOf: anchors.packet };
  const pictures = ladderSlices(first, tracks.sockets, options);
  const element = part(
    'ladder',
    words.heading.ladder,
    toolbar(sheet),
    h('div', { class: 'stage' }, h('div', { class: 'pane', id: 'pane' }, pictures), panels(sheet)),
    ...notesOf(ladder, whole, sheet),
  );
  return { element, data: dataText(pageData(report, ladder, tracks, zero, language)) };
}
