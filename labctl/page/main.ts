// The report page comes alive: reads its data, and ties ladder, controls, cursor and panels to each other.

import type { PageData } from '../views/html/data.ts';
import type { LadderRow } from '../views/ladder-rows.ts';
import { Controls } from './controls.ts';
import { Cursor } from './cursor.ts';
import { Details } from './details.ts';
import { the } from './dom.ts';
import { wishOf } from './keys.ts';
import { LadderView } from './ladder-view.ts';
import { themeButton } from './theme.ts';

class Page {
  readonly #data: PageData;
  readonly #view: LadderView;
  readonly #controls: Controls;
  readonly #cursor: Cursor;
  readonly #details: Details;

  constructor(data: PageData) {
    this.#data = data;
    the('tools', HTMLElement).hidden = false;
    the('aside', HTMLElement).hidden = false;
    for (const note of document.querySelectorAll<HTMLElement>('.static')) note.hidden = true;
    // A capture from elsewhere knows no sockets and no processes.
    const { sockets, processes } = data.tracks;
    the('instant-panel', HTMLElement).hidden = sockets.length + processes.length === 0;
    this.#view = new LadderView(the('pane', HTMLElement), data);
    this.#controls = new Controls(data, () => this.#show());
    this.#cursor = new Cursor(data, (at) => this.#view.setCursor(at, true));
    this.#details = new Details(data);
    themeButton(data.language);
  }

  /** Draws everything and answers from now on. */
  start(): void {
    this.#listen();
    this.#show();
    this.#cursor.set(this.#data.rows[0]?.at ?? 0);
    this.#view.setCursor(this.#cursor.at, false);
    this.#follow(location.hash);
  }

  /** What the controls ask for; a cursor outside of it comes to its beginning. */
  #show(): void {
    this.#view.show(this.#controls.shown());
    const { rows } = this.#view;
    const [first, last] = [rows[0], rows.at(-1)];
    if (first === undefined || last === undefined) return;
    if (this.#cursor.at < first.at || this.#cursor.at > last.at) this.#cursor.set(first.at);
    this.#view.setCursor(this.#cursor.at, false);
  }

  /** The chosen row, its details, and the cursor at its moment. */
  #choose(row: LadderRow | undefined, reveal: boolean): void {
    this.#view.choose(row);
    this.#details.show(row);
    if (row === undefined) return;
    this.#cursor.set(row.at);
    this.#view.setCursor(row.at, false);
    if (reveal) this.#view.reveal(row);
  }

  #listen(): void {
    const svg = this.#view.focusable;
    svg.addEventListener('click', ({ target }) => this.#choose(this.#view.rowAt(target), false));
    svg.addEventListener('pointerover', ({ target }) => this.#preview(this.#view.rowAt(target)));
    svg.addEventListener('pointerleave', () => this.#preview(undefined));
    svg.addEventListener('keydown', (event) => this.#key(event as KeyboardEvent));
    document.addEventListener('click', (event) => this.#clicked(event));
    the('pane', HTMLElement).addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
    addEventListener('beforeprint', () => this.#view.print(true));
    addEventListener('afterprint', () => this.#view.print(false));
    addEventListener('hashchange', () => this.#follow(location.hash));
  }

  /** What the pointer is over, until it leaves: then the chosen row again. */
  #preview(row: LadderRow | undefined): void {
    this.#details.show(row ?? this.#view.chosen);
  }

  #key(event: KeyboardEvent): void {
    const { rows, chosen } = this.#view;
    const wish = wishOf(event, chosen ? rows.indexOf(chosen) : -1, rows.length);
    if (wish === undefined) return;
    event.preventDefault();
    if (wish === 'none') this.#choose(undefined, false);
    else if (wish === 'details') the('details-title', HTMLElement).scrollIntoView({ block: 'nearest' });
    else if ('cursor' in wish) this.#cursor.step(wish.cursor);
    else this.#choose(rows[wish.row], true);
  }

  /** Links to rows, and buttons that show one conversation. */
  #clicked(event: MouseEvent): void {
    const target = event.target instanceof Element ? event.target : undefined;
    const pick = target?.closest<HTMLElement>('[data-conversation]');
    if (pick) {
      this.#controls.setConversation(Number(pick.dataset.conversation));
      this.#show();
      the('ladder', HTMLElement).scrollIntoView();
      return;
    }
    const link = target?.closest<HTMLAnchorElement>('a[href^="#"]');
    if (link && this.#follow(link.hash)) event.preventDefault();
  }

  /** Goes where `#p12`, `#c7` and `#t250083` point: a packet, a call, an instant. False for ordinary anchors. */
  #follow(hash: string): boolean {
    const [, kind, digits] = /^#([pct])(-?\d+)$/.exec(hash) ?? [];
    if (kind === undefined) return this.#light(hash);
    const row = this.#rowOf(kind, Number(digits));
    if (row === undefined) return true;
    if (!this.#view.rows.includes(row)) {
      this.#controls.clear();
      this.#show();
    }
    // The address names the row: who copies it, or comes back, finds it again.
    history.replaceState(null, '', hash);
    the('ladder', HTMLElement).scrollIntoView({ block: 'start' });
    this.#choose(row, true);
    (this.#view.focusable as SVGElement).focus({ preventScroll: true });
    return true;
  }

  /** Rows of tables are marked by :target; the focus goes there too, so that reading goes on from there. */
  #light(hash: string): boolean {
    const target = hash.length > 1 ? document.getElementById(hash.slice(1)) : null;
    if (target?.hasAttribute('tabindex')) target.focus();
    return false;
  }

  /** The row of a packet or of a call's return; for calls that are not drawn, and for instants, the row just before. */
  #rowOf(kind: string, value: number): LadderRow | undefined {
    const { rows } = this.#data;
    if (kind === 'p') return rows.find((row) => row.kind === 'arrow' && row.number === value);
    if (kind === 't') return rows.findLast((row) => row.at <= value) ?? rows[0];
    return rows.findLast((row) => row.kind === 'note' && row.call === value);
  }

  /** Ctrl and wheel (or a pinch) stretch uniform time. */
  #wheel(event: WheelEvent): void {
    if (!event.ctrlKey || !this.#controls.isUniform) return;
    event.preventDefault();
    this.#controls.stretch(event.deltaY < 0 ? 1.25 : 0.8);
    this.#show();
  }
}

const text = the('data', HTMLScriptElement).textContent ?? '';
new Page(JSON.parse(text) as PageData).start();
