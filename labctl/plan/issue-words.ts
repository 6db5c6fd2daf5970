// Says what a schema found wrong in the words of someone who wrote YAML and not JavaScript.

import type { z } from 'zod';
import { didYouMean } from './suggest.ts';

type Issue = z.core.$ZodIssue;

const kinds: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'a map',
  record: 'a map',
  null: 'empty',
};

const quoted = (value: unknown): string => (typeof value === 'string' ? `"${value}"` : String(value));

/** What one alternative of a choice would have taken. */
export function wantedBy(issue: Issue): string {
  if (issue.code === 'invalid_type') return kinds[issue.expected] ?? issue.expected;
  if (issue.code === 'invalid_value') return issue.values.map(quoted).join(' or ');
  return words(issue, undefined);
}

/** What a value is, for someone who wrote YAML and not JavaScript. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value === 'string')
    return `the text ${JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value)}`;
  return typeof value === 'number' ? `the number ${value}` : JSON.stringify(value);
}

/** What is wrong with a value, to stand behind its name. */
export function words(issue: Issue, value: unknown): string {
  const numeric = 'origin' in issue && (issue.origin === 'number' || issue.origin === 'int');
  if (issue.code === 'invalid_type') return `must be ${kinds[issue.expected] ?? issue.expected}, not ${kindOf(value)}`;
  if (issue.code === 'invalid_value') return wrongChoice(issue.values.map(String), value);
  if (issue.code === 'too_small') return tooSmall(Number(issue.minimum), numeric);
  if (issue.code === 'too_big' && numeric) return `must be at most ${issue.maximum}`;
  return issue.code === 'invalid_format' ? `is ${kindOf(value)}: ${issue.message}` : issue.message;
}

const tooSmall = (minimum: number, numeric: boolean): string => {
  if (numeric) return `must be at least ${minimum}`;
  return minimum > 1 ? `must have ${minimum} entries or more` : 'must not be empty';
};

function wrongChoice(allowed: string[], value: unknown): string {
  const few = allowed.length === 1 ? allowed.join('') : `one of ${allowed.join(', ')}`;
  return `must be ${few}, not ${kindOf(value)}${typeof value === 'string' ? didYouMean(value, allowed) : ''}`;
}
