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

export class Controls {
  readonly #data: PageData;
  readonly #facts: RowFacts[];
  readonly #conversation = the('conversation', HTMLSelectElement);
  readonly #filter = the('filter', HTMLInputElement);
  readonly #scale = the('scale', HTMLSelectElement);
  readonly #zoom = the('zoom', HTMLElement);
  readonly #said = the('filter-said', HTMLOutputElement);
  #pixels = 1;

  constructor(data: PageData, changed: () => void) {
    this.#data = data;
    this.#facts = data.rows.map((row) => factsOf(row, data));
    this.#pixels = (data.rows.length * usualRow) / Math.max(1, data.tracks.end / 1000);
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
    const milliseconds = Math.max(1, this.#data.tracks.end / 1000);
    this.#pixels = Math.min(highest / milliseconds, Math.max(200 / milliseconds, this.#pixels * factor));
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
    const { rows } = this.#data;
    const conversation = this.#conversation.value === '' ? undefined : Number(this.#conversation.value) - 1;
    const kept = this.#kept(conversation);
    this.#zoom.hidden = !this.isUniform;
    const scale = this.isUniform ? { pixelsPerMillisecond: this.#pixels } : ('events' as const);
    return { rows: kept ?? rows, conversation, scale };
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
