// The small words of the scenario language: names, durations, ports, texts in both languages.

import { z } from 'zod';
import { parseTextPattern } from './text-pattern.ts';

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

/** What a program prints: a piece of text, or a pattern that one of its lines must fit. */
export const printed = z.union([
  z.string().min(1),
  z.strictObject({
    matches: z
      .string()
      .superRefine((pattern, context) => {
        const parsed = parseTextPattern(pattern);
        if ('wrong' in parsed) context.addIssue({ code: 'custom', message: `cannot be used: ${parsed.wrong}` });
      })
      .describe('A regular expression that one line must fit.'),
  }),
]);
export type Printed = z.output<typeof printed>;

export const port = z.int().min(1).max(65_535);
export const text = z.strictObject({ en: z.string().describe('In English.'), fr: z.string().describe('In French.') });

export const names = z.union([name, z.array(name)]).transform((value) => (Array.isArray(value) ? value : [value]));

/** TCP states by the names of RFC 9293, section 3.3.2. */
export const socketState = z.enum([
  'LISTEN',
  'SYN-SENT',
  'SYN-RECEIVED',
  'ESTABLISHED',
  'FIN-WAIT-1',
  'FIN-WAIT-2',
  'CLOSE-WAIT',
  'CLOSING',
  'LAST-ACK',
  'TIME-WAIT',
]);

/** How many: `least` at least, and at most `most` where there is such a bound. */
export interface Count {
  least: number;
  most?: number;
}

const countForm = /^(?:(at least|at most) (\d{1,6})|(\d{1,6})-(\d{1,6}))$/;

/** `3`, `at least 3`, `at most 3`, `2-4` → the bounds. */
export const count = z
  .union([
    z.int().min(0),
    z.string().regex(countForm, 'a count is a number, or a text like "at least 2", "at most 2" or "2-4"'),
  ])
  .transform((value): Count => {
    if (typeof value === 'number') return { least: value, most: value };
    const [, bound, one, low, high] = countForm.exec(value) ?? [];
    if (bound === undefined) return { least: Number(low), most: Number(high) };
    return bound === 'at least' ? { least: Number(one) } : { least: 0, most: Number(one) };
  })
  .refine(({ least, most = least }) => least <= most, 'must go from the smaller number to the larger');

/** `40000-40003` → the first and the last port. */
export const portsIn = z
  .string()
  .regex(/^\d{1,5}-\d{1,5}$/, 'a range of ports is written like 40000-40003')
  .transform((value): [number, number] => {
    const [first = 0, last = 0] = value.split('-').map(Number);
    return [first, last];
  })
  .refine(
    ([first, last]) => first >= 1 && first <= last && last <= 65_535,
    'must be two ports between 1 and 65535, the lower one first',
  );
