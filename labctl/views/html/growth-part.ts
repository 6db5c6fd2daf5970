// How full the measured connections were: a chart for each.

import { type Element, h } from '../element.ts';
import { growthsOf, mostOf, peerWindowOf } from '../growth.ts';
import { growthPicture } from '../picture/growth.ts';
import { wordsOf } from '../words.ts';
import { part } from './part.ts';
import type { Sheet } from './sheet.ts';

/** No section where nothing was measured. */
export function growthPart({ report, language }: Sheet): Element | undefined {
  const growths = growthsOf(report);
  if (growths.length === 0) return undefined;
  const { growth: words } = wordsOf(language);
  const charts = growths.map((growth) => {
    const title = words.title(growth);
    const description = [words.most(...mostOf(growth)), ...peerWindowOf(growth, words.peer)].join('; ');
    return h(
      'figure',
      {},
      h('figcaption', {}, h('strong', {}, title), ` · ${description}`),
      h('div', { class: 'scroll', role: 'region', tabindex: '0', 'aria-label': title }, [
        growthPicture(growth, { ...words, title, description }),
      ]),
    );
  });
  return part('growth', words.heading, ...charts);
}
