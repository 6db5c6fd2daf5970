// Times, durations and sizes as text, the same in every view.

import type { Micros } from '../model/time.ts';

/** Microseconds since the run's beginning as `1.203 400` (seconds). */
export function clockText(sinceStart: number): string {
  const micros = Math.max(0, Math.round(sinceStart));
  const fraction = String(micros % 1_000_000).padStart(6, '0');
  return `${Math.floor(micros / 1_000_000)}.${fraction.slice(0, 3)} ${fraction.slice(3)}`;
}

/** A duration in the unit that reads best: `97 µs`, `203.7 ms`, `1.204 s`. */
export function durationText(micros: number): string {
  if (micros < 1000) return `${Math.round(micros)} µs`;
  if (micros < 1_000_000) return `${Number((micros / 1000).toPrecision(4))} ms`;
  return `${Number((micros / 1_000_000).toFixed(3))} s`;
}

/** Whole numbers in groups of three, as SI writes them. */
export const countText = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ' ');

/** A moment as people write dates, in UTC so that the text does not depend on the machine. */
export const dateText = (at: Micros): string => new Date(at / 1000).toISOString().slice(0, 19).replace('T', ' ');
