// The small words of the scenario language: names, durations, ports, texts in both languages.

import { z } from 'zod';

export const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'a name is lower-case letters, digits and dashes, and begins with a letter');

/** `250ms`, `2s`, `1m` → milliseconds. */
export const duration = z
  .string()
  .regex(/^\d+(\.\d+)?(ms|s|m)$/, 'a duration is a number with ms, s or m, such as 500ms or 2s')
  .transform((text) => {
    const [, number = '0', unit = 's'] = /^([\d.]+)(ms|s|m)$/.exec(text) ?? [];
    return Number(number) * { ms: 1, s: 1000, m: 60_000 }[unit as 'ms' | 's' | 'm'];
  })
  .pipe(z.number().max(600_000, 'at most 10m'));

export const port = z.int().min(1).max(65_535);
export const text = z.strictObject({ en: z.string(), fr: z.string() });
