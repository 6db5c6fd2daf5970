// Adds comparisons up and writes them as text: how much was compared, how often each field differed, some examples.

import type { Comparison, Difference, Field } from './compare.ts';

const examplesShown = 5;

export class Tally {
  files = 0;
  frames = 0;
  segments = 0;
  readonly #counts = new Map<Field, number>();
  readonly #examples: Difference[] = [];
  readonly #files = new Set<string>();

  add({ frames, segments, differences }: Comparison): void {
    this.files += 1;
    this.frames += frames;
    this.segments += segments;
    for (const difference of differences) {
      this.#counts.set(difference.field, (this.#counts.get(difference.field) ?? 0) + 1);
      if (!this.#files.has(difference.file)) this.#examples.push(difference);
      this.#files.add(difference.file);
    }
  }

  get isEqual(): boolean {
    return this.#counts.size === 0;
  }

  /** The first difference of each file comes first: the later ones may follow from it. */
  text(title: string): string {
    const what = `${this.files} captures, ${this.frames} frames, ${this.segments} TCP segments`;
    if (this.isEqual) return `${title}: ${what}: every field equal`;
    const counts = [...this.#counts].map(([field, count]) => `${field} ${count}`).join(', ');
    const examples = this.#examples
      .slice(0, examplesShown)
      .map(
        ({ file, frame, field, tshark, labctl }) =>
          `  ${file} frame ${frame} ${field}: tshark ${tshark} · labctl ${labctl}`,
      );
    return [`${title}: ${what}: ${this.#files.size} captures differ: ${counts}`, ...examples].join('\n');
  }
}
