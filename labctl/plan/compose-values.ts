// The notations of single values in a Compose file: sizes, command lines, maps that may be lists, mount points.

import { z } from 'zod';
import { shellWords } from './shell-words.ts';

const units: Record<string, number> = { '': 1, b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };
/** Docker refuses less: a container could not even start. */
const leastMemory = 6 * 2 ** 20;

/** `64m`, `1.5g`, `67108864` → bytes, as Compose reads them. */
export const memory = z.union([z.string(), z.number()]).transform((value, context) => {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*([bkmgt]?)b?$/i.exec(String(value).trim()) ?? [];
  const bytes = Math.floor(Number(number) * (units[unit.toLowerCase()] ?? Number.NaN));
  if (Number.isFinite(bytes) && bytes >= leastMemory) return bytes;
  const message = Number.isFinite(bytes) ? 'must be at least 6m' : 'must be a size such as 64m or 1g';
  context.addIssue({ code: 'custom', message, input: value });
  return z.NEVER;
});

/** A positive number; Compose takes it as text too. */
export const cpus = z.union([z.string(), z.number()]).transform((value, context) => {
  const number = Number(value);
  if (String(value).trim() !== '' && number > 0 && Number.isFinite(number)) return number;
  context.addIssue({ code: 'custom', message: 'must be a number above 0, such as 0.5', input: value });
  return z.NEVER;
});

export const commandLine = z.union([z.string(), z.array(z.string()), z.null()]).transform((value, context) => {
  const words = typeof value === 'string' ? shellWords(value) : (value ?? undefined);
  if (words !== undefined || value === null) return words;
  context.addIssue({ code: 'custom', message: 'has a quote that is not closed', input: value });
  return z.NEVER;
});

const plainText = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;

interface PairsOptions {
  /** What a name without a value means; undefined: it is refused with `noValue`. */
  empty?: string;
  noValue: string;
}

/** A map `NAME: value` or a list of `NAME=value`, as environment, labels and sysctls are written. */
export const pairs = ({ empty, noValue }: PairsOptions) =>
  z.unknown().transform((value, context): Record<string, string> => {
    const refuse = (message: string, path: (string | number)[] = []): undefined => {
      context.addIssue({ code: 'custom', message, path, input: value });
    };
    const found: [string, string | undefined][] = [];
    const add = (key: string, given: unknown, at: string | number): void => {
      const text = given === null || given === undefined ? empty : plainText(given);
      if (key === '') refuse('has an entry without a name', [at]);
      else if (found.some(([name]) => name === key)) refuse(`names ${key} twice`, [at]);
      else if (text !== undefined) found.push([key, text]);
      else refuse(given === null || given === undefined ? noValue : 'must be text or a number: quote it', [at]);
    };
    if (Array.isArray(value)) for (const [index, entry] of value.entries()) addListed(entry, index, add);
    else if (typeof value === 'object' && value !== null)
      for (const [key, given] of Object.entries(value)) add(key, given, key);
    else refuse('must be a map or a list of NAME=value');
    return Object.fromEntries(found.map(([key, text]) => [key, text ?? '']));
  });

function addListed(entry: unknown, index: number, add: (key: string, given: unknown, at: number) => void): void {
  const text = plainText(entry) ?? '';
  const equals = text.indexOf('=');
  if (equals < 0) add(text, undefined, index);
  else add(text.slice(0, equals), text.slice(equals + 1), index);
}

/** `/work:exec,size=64m`, or a list of such: mount point → options. */
export const mounts = z.union([z.string(), z.array(z.string())]).transform((value, context) => {
  const entries = [value].flat().map((entry) => {
    const colon = entry.indexOf(':');
    return colon < 0 ? [entry, ''] : [entry.slice(0, colon), entry.slice(colon + 1)];
  });
  const wrong = entries.find(([path = '']) => !path.startsWith('/'));
  if (wrong !== undefined) context.addIssue({ code: 'custom', message: 'must name absolute paths', input: value });
  return Object.fromEntries(entries) as Record<string, string>;
});
