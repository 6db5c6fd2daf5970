// What a benchmark gives: one quantity of labctl's beside what it is held against, measured in the same run.

export interface Other {
  name: string;
  milliseconds: number;
  /** The goal: labctl takes at most this many times as long. */
  most: number;
}

export interface Row {
  title: string;
  /** Megabytes where it is memory that is measured; else everything is milliseconds. */
  unit?: 'MB';
  /** Milliseconds of labctl itself; the median, as all times here. */
  labctl: number;
  others: Other[];
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

const time = (milliseconds: number): string =>
  milliseconds < 1000 ? `${milliseconds.toFixed(0)} ms` : `${(milliseconds / 1000).toFixed(2)} s`;

const small = (value: number): string => (value < 0.1 ? value.toFixed(3) : String(Number(value.toFixed(2))));

/** `up, 4 hosts: labctl 1.20 s · floor 1.10 s, ratio 1.09, goal 1.15: met`. */
export function rowText({ title, unit, labctl, others }: Row): string {
  const size = (value: number): string => (unit === undefined ? time(value) : `${small(value)} ${unit}`);
  const against = others.map(({ name, milliseconds, most }) => {
    const ratio = labctl / milliseconds;
    return ` · ${name} ${size(milliseconds)}, ratio ${ratio.toFixed(ratio < 0.1 ? 3 : 2)}, goal ${small(most)}: ${ratio <= most ? 'met' : 'MISSED'}`;
  });
  return `${title}: labctl ${size(labctl)}${against.join('')}`;
}
