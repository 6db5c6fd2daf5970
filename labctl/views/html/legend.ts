// What the signs of the ladder mean: stands in the panel of the chosen row as long as none is chosen.

import { type Element, h } from '../element.ts';
import type { LadderRow } from '../ladder-rows.ts';
import type { PageWords } from './words.ts';

/** The signs that this ladder can show: a capture from elsewhere has packets alone. */
export function legendElement(rows: readonly LadderRow[], { signs }: PageWords): Element {
  const packets: [sign: string, meaning: string][] = [
    ['→', signs.packet],
    ['✗', signs.lost],
    ['┈▸', signs.again],
  ];
  const programs: [sign: string, meaning: string][] = [
    ['●', signs.call],
    ['$ ■', signs.program],
    ['» «', signs.text],
    ['◆', signs.look],
    ['┃', signs.state],
  ];
  const shown = rows.some(({ kind }) => kind === 'note') ? [...packets, ...programs] : packets;
  return h(
    'dl',
    { class: 'facts signs' },
    shown.flatMap(([sign, meaning]) => [h('dt', {}, sign), h('dd', {}, meaning)]),
  );
}
