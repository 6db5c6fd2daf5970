// How long something takes, as scenarios write it: `1s`, `1s ±20%`, `200ms ±50ms`, `<1s`, `>200ms`.

import type { Parsed } from './notation.ts';
import type { Micros } from './time.ts';

/** Both ends included; without `most`, no end. */
export interface TimeRange {
  least: Micros;
  most?: Micros;
}

/** A kernel's timers are as exact as its clock ticks and its measured round trip: a quarter more or less. */
const usual = 0.25;

const form =
  /^([<>]?)\s*(\d{1,6}(?:\.\d{1,6})?)(us|µs|ms|s)(?:\s*(?:±|\+\/-)\s*(\d{1,6}(?:\.\d{1,3})?)(%|us|µs|ms|s))?$/;

const unit: Record<string, number> = { us: 1, µs: 1, ms: 1000, s: 1_000_000 };

/** Reads a time with its tolerance, a quarter unless told. Never throws. */
export function parseTimeRange(text: string): Parsed<TimeRange> {
  const [, bound = '', number = '', name = '', give, giveUnit = ''] = form.exec(text.trim()) ?? [];
  const time = Number(number) * (unit[name] ?? 0);
  if (name === '') return { wrong: `"${text}" is no time such as 1s, "200ms ±50ms", "1s ±20%", "<1s"` };
  if (bound !== '' && give !== undefined) return { wrong: `"${text}" has a bound already` };
  if (bound === '<') return { value: { least: 0, most: time } };
  if (bound === '>') return { value: { least: time } };
  const own = giveUnit === '%' ? (time * Number(give)) / 100 : Number(give) * (unit[giveUnit] ?? 0);
  const off = give === undefined ? time * usual : own;
  return { value: { least: Math.max(0, Math.round(time - off)), most: Math.round(time + off) } };
}

export const isInRange = ({ least, most = Infinity }: TimeRange, time: Micros): boolean =>
  time >= least && time <= most;
