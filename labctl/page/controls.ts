// The controls over the ladder: which conversation, which rows, which scale of time.

import { parseFilter, type RowFacts } from '../views/filter.ts';
import type { PageData } from '../views/html/data.ts';
import { pageWordsOf } from '../views/html/words.ts';
import type { LadderRow } from '../views/ladder-rows.ts';
import { the } from './dom.ts';
import { factsOf } from './facts.ts';
import type { Shown } from './ladder-view.ts';

/** A picture higher than this is beyond what browsers lay out. */
const highest = 4_000_000;
/** By event a row is about so high: uniform time begins with as much room. */
const usualRow = 26;

const manyColumns = 8;

export class Controls {
  readonly #data: PageData;
  readonly #facts: RowFacts[];
  readonly #conversation = the('conversation', HTMLSelectElement);
  readonly #filter = the('filter', HTMLInputElement);
  readonly #scale = the('scale', HTMLSelectElement);
  readonly #zoom = the('zoom', HTMLElement);
  readonly #said = the('filter-said', HTMLOutputElement);
  #stretch = 1;

  constructor(data: PageData, changed: () => void) {
    this.#data = data;
    this.#facts = data.rows.map((row) => factsOf(row, data));
    // So many lifelines side by side show nothing: begin with one conversation.
    if (data.columns.length > manyColumns && data.conversations.length > 0) this.setConversation(1);
    for (const control of [this.#conversation, this.#scale]) control.addEventListener('change', changed);
    this.#filter.addEventListener('input', changed);
    for (const [id, factor] of [
      ['closer', 2],
      ['wider', 0.5],
    ] as const)
      the(id, HTMLButtonElement).addEventListener('click', () => {
        this.stretch(factor);
        changed();
      });
  }

  /** Makes uniform time longer or shorter. */
  stretch(factor: number): void {
    this.#stretch *= factor;
  }

  get isUniform(): boolean {
    return this.#scale.value === 'time';
  }

  /** Shows this conversation alone; 0 shows all. */
  setConversation(number: number): void {
    this.#conversation.value = number === 0 ? '' : String(number);
  }

  /** Everything is shown again. */
  clear(): void {
    this.#conversation.value = '';
    this.#filter.value = '';
  }

  /** What the controls ask for now; says how many rows that is, or which word is not understood. */
  shown(): Shown {
    const conversation = this.#conversation.value === '' ? undefined : Number(this.#conversation.value) - 1;
    const rows = this.#kept(conversation) ?? this.#data.rows;
    this.#zoom.hidden = !this.isUniform;
    return { rows, conversation, scale: this.isUniform ? this.#uniform(rows) : 'events' };
  }

  /** At first these rows take as much room as by event; never more than browsers lay out, nor less than can be seen. */
  #uniform(rows: readonly LadderRow[]): Shown['scale'] {
    const milliseconds = Math.max(0.001, ((rows.at(-1)?.at ?? 0) - (rows[0]?.at ?? 0)) / 1000);
    const usual = (rows.length * usualRow) / milliseconds;
    const [least, most] = [200 / milliseconds, highest / milliseconds];
    this.#stretch = Math.min(most / usual, Math.max(least / usual, this.#stretch));
    return { pixelsPerMillisecond: usual * this.#stretch };
  }

  #kept(conversation: number | undefined): readonly LadderRow[] | undefined {
    const { tool } = pageWordsOf(this.#data.language);
    const { rows } = this.#data;
    const filter = parseFilter(this.#filter.value);
    this.#filter.setAttribute('aria-invalid', String(!filter.ok));
    if (!filter.ok) {
      this.#said.value = tool.unknown(filter.word);
      return undefined;
    }
    const wanted = (facts: RowFacts): boolean =>
      (conversation === undefined || facts.conversation === conversation + 1) && filter.matches(facts);
    const all = conversation === undefined && filter.everything;
    const kept = all ? rows : rows.filter((_, index) => wanted(this.#facts[index] as RowFacts));
    this.#said.value = kept.length === 0 ? tool.nothing : tool.rows(kept.length, rows.length);
    return kept;
  }
}
