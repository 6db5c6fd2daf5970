// The rows that are drawn: made when they come into sight, removed when they leave it, left alone in between.

import type { Element as ElementValue } from '../views/element.ts';
import type { PageData } from '../views/html/data.ts';
import type { LadderRow } from '../views/ladder-rows.ts';
import type { Window } from '../views/picture/ground.ts';
import type { Picture } from '../views/picture/layout.ts';
import type { PlacedRow } from '../views/picture/placed.ts';
import { rowElement } from '../views/picture/row.ts';
import { createElement } from './dom.ts';
import { spoken } from './facts.ts';

export class DrawnRows {
  readonly #group: Element;
  readonly #data: PageData;
  readonly #drawn = new Map<LadderRow, Element>();
  #places = new Map<LadderRow, number>();
  #chosen: LadderRow | undefined;

  constructor(group: Element, data: PageData) {
    this.#group = group;
    this.#data = data;
  }

  /** Begins anew: these rows may be drawn from now on. */
  reset(rows: readonly LadderRow[]): void {
    this.#places = new Map(rows.map((row, index) => [row, index + 1]));
    this.#drawn.clear();
    this.#group.replaceChildren();
  }

  /** Identifier of a row's element, as `aria-activedescendant` wants it. */
  idOf(row: LadderRow): string {
    return `row-${this.#places.get(row) ?? 0}`;
  }

  choose(row: LadderRow | undefined): void {
    const before = this.#chosen;
    this.#chosen = row;
    for (const each of [before, row])
      if (each) this.#drawn.get(each)?.setAttribute('aria-selected', String(each === row));
  }

  /** The row whose picture a node belongs to. */
  rowAt(target: EventTarget | null): LadderRow | undefined {
    const group = target instanceof Element ? target.closest('.row') : null;
    for (const [row, element] of this.#drawn) if (element === group) return row;
    return undefined;
  }

  draw(picture: Picture, { top, bottom }: Window): void {
    const wanted = picture.rows.filter((placed) => placed.bottom >= top && placed.top <= bottom);
    const keep = new Set(wanted.map(({ row }) => row));
    for (const [row, element] of this.#drawn)
      if (!keep.has(row)) {
        element.remove();
        this.#drawn.delete(row);
      }
    // New rows come before, between or behind those that stay.
    let next = this.#group.firstElementChild;
    for (const placed of wanted) {
      const there = this.#drawn.get(placed.row);
      if (there) next = there.nextElementSibling;
      else {
        const made = createElement(rowElement(placed, picture.frame, this.#attributes(placed)));
        this.#drawn.set(placed.row, made);
        this.#group.insertBefore(made, next);
      }
    }
  }

  /** Pauses are there for the eye alone. */
  #attributes({ row }: PlacedRow): ElementValue['attributes'] {
    if (row.kind === 'gap' || row.kind === 'omitted') return { 'aria-hidden': 'true' };
    return {
      id: this.idOf(row),
      role: 'option',
      'aria-selected': String(row === this.#chosen),
      'aria-label': spoken(row, this.#data),
      'aria-posinset': this.#places.get(row),
      'aria-setsize': this.#places.size,
    };
  }
}
