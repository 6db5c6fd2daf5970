// The ladder in its pane: lays the shown rows out, draws those in sight, and knows which one is chosen.

import { s } from '../views/element.ts';
import { clockText } from '../views/format.ts';
import type { PageData } from '../views/html/data.ts';
import { pageWordsOf } from '../views/html/words.ts';
import { withGaps } from '../views/ladder-gaps.ts';
import type { Ladder, LadderRow } from '../views/ladder-rows.ts';
import { groundElements, type Window } from '../views/picture/ground.ts';
import { headElements, headHeight } from '../views/picture/heads.ts';
import { type LayoutOptions, layOut, type Picture } from '../views/picture/layout.ts';
import { ladderSlices } from '../views/picture/slices.ts';
import { createElement } from './dom.ts';
import { DrawnRows } from './drawn-rows.ts';

export interface Shown {
  /** Rows of the data that pass, in order. */
  rows: readonly LadderRow[];
  /** 0-based: one conversation alone. */
  conversation?: number;
  scale: LayoutOptions['scale'];
}

/** Up to so many rows all of them are drawn, so that the browser's own search finds everything. */
const mostDrawn = 2000;
/** Pixels above and below the pane that are drawn in advance. */
const margin = 900;

export class LadderView {
  readonly #pane: HTMLElement;
  readonly #data: PageData;
  readonly #svg: Element;
  readonly #heads: Element;
  readonly #ground: Element;
  readonly #rows: DrawnRows;
  readonly #cursor: Element;
  #picture: Picture | undefined;
  #shown: Shown = { rows: [], scale: 'events' };
  #chosen: LadderRow | undefined;
  #cursorAt = 0;
  /** What is drawn; undefined when it must be drawn anew. */
  #window: Window | undefined;
  #waiting = false;

  constructor(pane: HTMLElement, data: PageData) {
    const words = pageWordsOf(data.language);
    this.#pane = pane;
    this.#data = data;
    this.#heads = createElement(s('svg', { class: 'ladder heads', 'aria-hidden': 'true' }));
    this.#svg = createElement(
      s('svg', {
        class: 'ladder rows',
        role: 'listbox',
        tabindex: 0,
        'aria-label': words.ladder.label,
        'aria-describedby': 'ladder-keys',
      }),
    );
    this.#ground = createElement(s('g', { class: 'ground', 'aria-hidden': 'true' }));
    this.#cursor = createElement(s('g', { class: 'now', 'aria-hidden': 'true' }));
    const drawn = createElement(s('g', { class: 'drawn', role: 'presentation' }));
    this.#rows = new DrawnRows(drawn, data);
    this.#svg.append(this.#ground, drawn, this.#cursor);
    pane.replaceChildren(this.#heads, this.#svg);
    pane.addEventListener('scroll', () => this.#soon(), { passive: true });
    new ResizeObserver(() => this.#resized()).observe(pane);
  }

  /** What can take the keyboard. */
  get focusable(): Element {
    return this.#svg;
  }

  get rows(): readonly LadderRow[] {
    return this.#shown.rows;
  }

  get chosen(): LadderRow | undefined {
    return this.#chosen;
  }

  /** Lays these rows out; the chosen row, or what stood in the middle of the pane, stays where it was. */
  show(shown: Shown): void {
    const anchor = this.#anchor();
    this.#shown = shown;
    this.#layOut();
    if (this.#chosen && !shown.rows.includes(this.#chosen)) this.choose(undefined);
    if (anchor && this.#picture) this.#pane.scrollTop = this.#picture.yOf(anchor.at) - anchor.below;
    this.#draw();
  }

  /** An instant in sight, and how far below the pane's top it stands. */
  #anchor(): { at: number; below: number } | undefined {
    if (this.#picture === undefined || this.#picture.rows.length === 0) return undefined;
    const [top, height] = [this.#pane.scrollTop, this.#pane.clientHeight];
    const below = this.#chosen ? this.#picture.yOf(this.#chosen.at) - top : -1;
    if (this.#chosen && below >= 0 && below <= height) return { at: this.#chosen.at, below };
    return top > 0 ? { at: this.#picture.timeAt(top + height / 2), below: height / 2 } : undefined;
  }

  choose(row: LadderRow | undefined): void {
    this.#chosen = row;
    this.#rows.choose(row);
    if (row === undefined) this.#svg.removeAttribute('aria-activedescendant');
    else this.#svg.setAttribute('aria-activedescendant', this.#rows.idOf(row));
  }

  /** Brings a row into sight; at once, because moving pictures help nobody to read. */
  reveal(row: LadderRow): void {
    const placed = this.#picture?.rows.find((each) => each.row === row);
    if (placed) this.#scrollTo(placed.top, placed.bottom);
    this.#draw();
  }

  /** Moves the line that stands for the instant, and brings it into sight where asked. */
  setCursor(at: number, reveal: boolean): void {
    this.#cursorAt = at;
    const y = this.#picture?.yOf(at) ?? 0;
    if (reveal) this.#scrollTo(y - 20, y + 20);
    this.#drawCursor();
  }

  /** The row under a node of the picture. */
  rowAt(target: EventTarget | null): LadderRow | undefined {
    return this.#rows.rowAt(target);
  }

  /** The shown rows cut into pages for the printer, or those in sight again. */
  print(printing: boolean): void {
    if (!printing) {
      this.#pane.replaceChildren(this.#heads, this.#svg);
      return;
    }
    const { conversation } = this.#shown;
    const words = pageWordsOf(this.#data.language);
    const options = { width: 1000, words: words.heads, title: words.ladder.label, conversation };
    const ladder = this.#ladder('events');
    this.#pane.replaceChildren(...ladderSlices(ladder, this.#data.tracks.sockets, options).map(createElement));
  }

  #scrollTo(top: number, bottom: number): void {
    const room = this.#pane.clientHeight - headHeight;
    const [from, until] = [this.#pane.scrollTop, this.#pane.scrollTop + room];
    if (top >= from + 8 && bottom <= until - 8) return;
    this.#pane.scrollTop = Math.max(0, (top + bottom) / 2 - room / 2);
  }

  #resized(): void {
    if (Math.abs((this.#picture?.frame.width ?? 0) - this.#width()) < 2) return;
    this.#layOut();
    this.#draw();
  }

  #width = (): number => Math.max(720, this.#pane.clientWidth - 2);

  /** The shown rows as a ladder; a conversation alone has its endpoints over its lifelines. */
  #ladder(scale: Shown['scale']): Ladder {
    const { rows, conversation } = this.#shown;
    const alone = this.#data.conversations[conversation ?? -1];
    const columns = this.#data.columns.map((column) => {
      const end = alone?.endpoints.find(({ host }) => host === column.host);
      return end ? { ...column, endpoint: end.endpoint } : column;
    });
    return { columns, rows: scale === 'events' ? (withGaps(rows) as LadderRow[]) : [...rows], hidden: 0 };
  }

  #layOut(): void {
    const { conversation, scale } = this.#shown;
    const ladder = this.#ladder(scale);
    this.#picture = layOut(ladder, this.#data.tracks.sockets, { width: this.#width(), scale, conversation });
    const { frame, height } = this.#picture;
    for (const [svg, size] of [
      [this.#svg, height],
      [this.#heads, headHeight],
    ] as const) {
      svg.setAttribute('width', String(Math.round(frame.width)));
      svg.setAttribute('height', String(Math.round(size)));
    }
    const words = pageWordsOf(this.#data.language).heads;
    this.#heads.replaceChildren(...headElements(frame, words).map(createElement));
    this.#rows.reset(this.#shown.rows);
    this.#window = undefined;
  }

  /** Once a frame, however often the pane scrolls. */
  #soon(): void {
    if (this.#waiting) return;
    this.#waiting = true;
    requestAnimationFrame(() => {
      this.#waiting = false;
      this.#draw();
    });
  }

  #inSight(picture: Picture): Window {
    if (picture.rows.length <= mostDrawn) return { top: 0, bottom: picture.height };
    const top = this.#pane.scrollTop;
    return { top: top - margin, bottom: top + this.#pane.clientHeight + margin };
  }

  #draw(): void {
    const picture = this.#picture;
    if (picture === undefined) return;
    const sight = this.#inSight(picture);
    const { top = Number.NaN, bottom = Number.NaN } = this.#window ?? {};
    if (Math.abs(sight.top - top) < margin / 2 && Math.abs(sight.bottom - bottom) < margin / 2) return;
    this.#window = sight;
    this.#ground.replaceChildren(...groundElements(picture, this.#data.tracks.sockets, sight).map(createElement));
    this.#rows.draw(picture, sight);
    this.#drawCursor();
  }

  #drawCursor(): void {
    const picture = this.#picture;
    if (picture === undefined) return;
    const y = Math.round(picture.yOf(this.#cursorAt)) + 0.5;
    const { number, leftTime, lifelines } = picture.frame;
    const end = (lifelines.at(-1)?.x ?? leftTime) + 8;
    this.#cursor.replaceChildren(
      ...[
        s('line', { class: 'cursor-line', x1: number + 8, y1: y, x2: end, y2: y }),
        s('rect', { class: 'cursor-tag', x: number + 6, y: y - 9, width: leftTime - number, height: 18, rx: 4 }),
        s('text', { class: 'cursor-time', x: leftTime, y: y + 4, 'text-anchor': 'end' }, clockText(this.#cursorAt)),
      ].map(createElement),
    );
  }
}
