// What the page is steered by: links to its parts, and the controls over the ladder, which its script brings to life.

import { type Element, h } from '../element.ts';
import type { Sheet } from './sheet.ts';

/** Links to the parts, by their identifiers. */
export function navigation(parts: readonly (readonly [id: string, name: string])[], { words }: Sheet): Element {
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
export function toolbar({ words, report }: Sheet): Element {
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
        report.conversations.map(({ index, initiator, responder }) =>
          option(
            String(index + 1),
            `${index + 1} · ${initiator.host} :${initiator.endpoint.port} → :${responder.endpoint.port}`,
          ),
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
