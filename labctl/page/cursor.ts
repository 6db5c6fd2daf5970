// The time cursor: a slider from moment to moment, buttons, and a field for any instant; below, everything as it was then.

import { instantOf } from '../analysis/instant.ts';
import { clockText } from '../views/format.ts';
import type { PageData } from '../views/html/data.ts';
import { instantElement } from '../views/html/instant.ts';
import { wordsOf } from '../views/words.ts';
import { mount, the } from './dom.ts';
import { momentAt, momentsOf } from './moments.ts';

export class Cursor {
  readonly #data: PageData;
  readonly #moments: number[];
  readonly #slider = the('cursor', HTMLInputElement);
  readonly #clock = the('clock', HTMLInputElement);
  readonly #panel = the('instant', HTMLElement);
  readonly #counters: ReadonlySet<string>;
  readonly #moved: (at: number) => void;
  #at = 0;

  /** `moved` is told of every move that came from the cursor's own controls. */
  constructor(data: PageData, moved: (at: number) => void) {
    this.#data = data;
    this.#moved = moved;
    this.#moments = momentsOf(data.rows, data.tracks);
    this.#counters = new Set(Object.keys(wordsOf(data.language).counter));
    this.#slider.max = String(this.#moments.length - 1);
    this.#slider.addEventListener('input', () => this.#move(this.#moments[this.#slider.valueAsNumber] ?? 0));
    the('before', HTMLButtonElement).addEventListener('click', () => this.step(-1));
    the('after', HTMLButtonElement).addEventListener('click', () => this.step(1));
    this.#clock.addEventListener('change', () => this.#typed());
  }

  get at(): number {
    return this.#at;
  }

  /** Puts the cursor at an instant without telling anybody. */
  set(at: number): void {
    this.#at = at;
    this.#slider.value = String(momentAt(this.#moments, at));
    this.#slider.setAttribute('aria-valuetext', `${clockText(at)} s`);
    this.#clock.value = clockText(at);
    const { columns, tracks, language } = this.#data;
    const hosts = columns.map(({ host }) => host);
    mount(this.#panel, instantElement(instantOf(tracks, at), { hosts, counters: this.#counters, language }));
  }

  /** To the next moment at which anything changes, or the one before. */
  step(by: 1 | -1): void {
    const now = momentAt(this.#moments, this.#at);
    // Between two moments, back means to the one that the cursor has passed.
    const between = by < 0 && (this.#moments[now] ?? 0) < this.#at ? 0 : by;
    this.#move(this.#moments[Math.min(this.#moments.length - 1, Math.max(0, now + between))] ?? 0);
  }

  /** `1.25`, `1,25` or `0.250 083`. */
  #typed(): void {
    const seconds = Number(this.#clock.value.replace(/\s/g, '').replace(',', '.'));
    this.#move(Number.isFinite(seconds) && seconds >= 0 ? Math.round(seconds * 1_000_000) : this.#at);
  }

  #move(at: number): void {
    this.set(at);
    this.#moved(at);
  }
}
