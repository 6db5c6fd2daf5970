// The building blocks of the page: sections with their headings, tables whose cells have tones, links to rows.

import { type Child, type Element, h } from '../element.ts';
import type { Cell } from '../table.ts';

/** Anchors of the page, so that links and their targets agree. */
export const anchors = {
  packet: (number: number) => `p${number}`,
  call: (index: number) => `c${index}`,
  moment: (at: number) => `t${at}`,
  look: (index: number) => `look${index}`,
  lookRow: (index: number, rows: 'sockets' | 'processes', row: number) => `look${index}-${rows}-${row}`,
};

/** A link within the page. */
export const link = (anchor: string, text: string): Element => h('a', { href: `#${anchor}` }, text);

/** A part of the page under its heading. */
export const part = (id: string, title: string, ...children: (Child | Child[])[]): Element =>
  h('section', { id, 'aria-labelledby': `${id}-title` }, h('h2', { id: `${id}-title` }, title), ...children);

export type PageCell = Cell | Element;

const isElement = (cell: PageCell): cell is Element => typeof cell === 'object' && 'tag' in cell;

/** What stands in the cell; its tone becomes a class. */
export function cellContent(cell: PageCell): Child {
  if (typeof cell === 'string' || isElement(cell)) return cell;
  return cell.tone === 'plain' ? cell.text : h('span', { class: `tone-${cell.tone}` }, cell.text);
}

export interface TableColumn {
  title: string;
  kind?: 'number' | 'mono' | 'text';
}

export interface TableRow {
  id?: string;
  cells: PageCell[];
}

/** A table that scrolls by itself where the page is narrower; its first column names the row. */
export function table(caption: string, columns: readonly TableColumn[], rows: readonly TableRow[]): Element {
  const classOf = (index: number): string | undefined => columns[index]?.kind;
  return h(
    'div',
    { class: 'scroll', role: 'region', tabindex: '0', 'aria-label': caption },
    h(
      'table',
      {},
      h('caption', { class: 'unseen' }, caption),
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          columns.map(({ title }, index) => h('th', { scope: 'col', class: classOf(index) }, title)),
        ),
      ),
      h(
        'tbody',
        {},
        rows.map(({ id, cells }) =>
          h(
            'tr',
            { id, tabindex: id === undefined ? undefined : '-1' },
            cells.map((cell, index) =>
              index === 0
                ? h('th', { scope: 'row', class: classOf(index) }, cellContent(cell))
                : h('td', { class: classOf(index) }, cellContent(cell)),
            ),
          ),
        ),
      ),
    ),
  );
}

/** French punctuation stays on the line of its word. */
export const tied = (text: string): string => text.replace(/ (?=[:;?!»](?:\s|$))/g, '\u00a0').replace(/« /g, '«\u00a0');

/** `#3` and `#3–5` in a text lead to their first packet. */
function linked(text: string): Child[] {
  return text.split(/(#\d+(?:–\d+)?)/).map((piece) => {
    const [, number] = /^#(\d+)/.exec(piece) ?? [];
    return number === undefined ? piece : link(anchors.packet(Number(number)), piece);
  });
}

/** A text whose blank lines are its author's paragraphs. */
export const paragraphs = (text: string): Element[] =>
  text
    .trim()
    .split(/\n\s*\n/)
    .map((each) => h('p', {}, linked(tied(each.replace(/\s+/g, ' ')))));
