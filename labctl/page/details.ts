// The panel of the chosen row; pointing at a header shows its bytes, and at bytes their header.

import type { PageData } from '../views/html/data.ts';
import { detailsElement, nothingChosen } from '../views/html/details.ts';
import type { LadderRow } from '../views/ladder-rows.ts';
import { mount, the } from './dom.ts';

const bytesFrom = (base64: string | undefined): Uint8Array | undefined =>
  base64 === undefined ? undefined : Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

interface Range {
  from: number;
  until: number;
}

function rangeOf(target: EventTarget | null): Range | undefined {
  if (!(target instanceof Element)) return undefined;
  const field = target.closest<HTMLElement>('[data-from]');
  if (field) return { from: Number(field.dataset.from), until: Number(field.dataset.until) };
  const byte = target.closest<HTMLElement>('[data-byte]');
  return byte ? { from: Number(byte.dataset.byte), until: Number(byte.dataset.byte) + 1 } : undefined;
}

export class Details {
  readonly #panel = the('details', HTMLElement);
  readonly #data: PageData;
  #shown: LadderRow | undefined;

  constructor(data: PageData) {
    this.#data = data;
    for (const kind of ['pointerover', 'focusin'] as const)
      this.#panel.addEventListener(kind, ({ target }) => this.#light(rangeOf(target)));
    for (const kind of ['pointerleave', 'focusout'] as const)
      this.#panel.addEventListener(kind, () => this.#light(undefined));
    this.show(undefined);
  }

  show(row: LadderRow | undefined): void {
    if (row !== undefined && row === this.#shown) return;
    this.#shown = row;
    const packet = row?.kind === 'arrow' ? this.#data.packets[row.number] : undefined;
    const { rows, language } = this.#data;
    const chosen = row && { row, data: this.#data, bytes: bytesFrom(packet?.bytes) };
    mount(this.#panel, chosen ? detailsElement(chosen, language) : nothingChosen(rows, language));
  }

  #light(range: Range | undefined): void {
    const within = (at: number): boolean => range !== undefined && at >= range.from && at < range.until;
    for (const byte of this.#panel.querySelectorAll<HTMLElement>('[data-byte]'))
      byte.classList.toggle('lit', within(Number(byte.dataset.byte)));
    for (const field of this.#panel.querySelectorAll<HTMLElement>('.field')) {
      const [from, until] = [Number(field.dataset.from), Number(field.dataset.until)];
      field.classList.toggle('lit', range !== undefined && from < range.until && until > range.from);
    }
  }
}
