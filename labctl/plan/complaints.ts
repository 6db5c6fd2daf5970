// Turns what a schema refused into complaints for a reader: plain words, the place in the file, the name that was meant.

import type { z } from 'zod';
import { LabError, LabErrors, type Place } from '../model/lab-error.ts';
import { keysAt } from './schema-keys.ts';
import { type Path, type Source, valueAt } from './source.ts';
import { didYouMean } from './suggest.ts';

type Issue = z.core.$ZodIssue;

/** Why a key that others know is not taken here; undefined for keys that nobody knows. */
export type Refusals = (path: Path, key: string) => string | undefined;

export interface Reading {
  source: Source;
  schema: z.ZodType;
  /** Where in the file the value that the schema read begins. */
  base: Path;
  refusals?: Refusals;
  /** What a missing key is missing from: `step "start"`. */
  owner?: string;
}

export const complaint = (message: string, where: Place, hint?: string): LabError =>
  new LabError('usage', message, { where, hint });

/** One complaint for each thing that is wrong. */
export const complaintsOf = (error: z.ZodError, reading: Reading): LabError[] =>
  error.issues.flatMap((issue) => complaintsOfIssue(issue, [], reading));

function complaintsOfIssue(issue: Issue, above: Path, reading: Reading): LabError[] {
  const { source, base } = reading;
  const path: Path = [...above, ...(issue.path as Path)];
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(path, key, reading));
  if (issue.code === 'invalid_union') return unionComplaints(issue, path, reading);
  const value = valueAt(source.value, [...base, ...path]);
  if (value === undefined && issue.code !== 'custom')
    return [complaint(`"${String(path.at(-1))}" is missing${within(path, reading)}`, source.place([...base, ...path.slice(0, -1)]))];
  return [complaint(`${subject(path)}${words(issue, value)}`, source.place([...base, ...path]))];
}

/** `"port" `: what the complaint speaks of, unless it is the whole. */
function subject(path: Path): string {
  const key = path.findLast((part) => typeof part === 'string');
  return key === undefined ? '' : `"${key}" `;
}

/** ` in service "server"`: whose key is missing, where that can be said. */
function within(path: Path, { base, owner }: Reading): string {
  if (owner !== undefined && path.length === 1) return ` in ${owner}`;
  const parent = [...base, ...path].at(-2);
  return typeof parent === 'string' ? ` in "${parent}"` : '';
}

function unknownKey(path: Path, key: string, { source, schema, base, refusals }: Reading): LabError {
  const place = source.keyPlace([...base, ...path, key]);
  const reason = refusals?.([...base, ...path], key);
  if (reason !== undefined) return complaint(`"${key}" is not supported: ${reason}`, place);
  const known = keysAt(schema, path);
  const hint = known.length === 0 ? undefined : `keys here: ${known.join(', ')}`;
  return complaint(`unknown key "${key}"${didYouMean(key, known)}`, place, hint);
}

/** Of a choice that fits nowhere, speaks of the one alternative that was meant, else of what would be taken. */
function unionComplaints(issue: Issue & { code: 'invalid_union' }, path: Path, reading: Reading): LabError[] {
  const { source, schema, base } = reading;
  const full = [...base, ...path];
  const value = valueAt(source.value, full);
  const fitting = issue.errors.filter((branch) => !branch.some((inner) => inner.code === 'invalid_type' && inner.path.length === 0));
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1) return only.flatMap((inner) => complaintsOfIssue(inner as Issue, path, reading));
  if (isRecord(value) && fitting.length > 1) return objectChoice(value, keysAt(schema, path), full, source);
  const wanted = [...new Set(issue.errors.flatMap((branch) => branch.map((inner) => wantedBy(inner as Issue))))];
  return [complaint(`${subject(path)}must be ${wanted.join(' or ')}, not ${kindOf(value)}`, source.place(full))];
}

/** One of several maps with a key each (`until: {listens: …}`): names a wrong key, or that there are too many or none. */
function objectChoice(value: object, known: string[], path: Path, source: Source): LabError[] {
  const unknown = Object.keys(value).filter((key) => !known.includes(key));
  if (unknown.length === 0)
    return [complaint(`"${String(path.at(-1))}" takes one of ${known.join(', ')}, of the right type`, source.place(path))];
  return unknown.map((key) =>
    complaint(`unknown key "${key}"${didYouMean(key, known)}`, source.keyPlace([...path, key]), `keys here: ${known.join(', ')}`),
  );
}

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

function wantedBy(issue: Issue): string {
  if (issue.code === 'invalid_type') return kinds[issue.expected] ?? issue.expected;
  if (issue.code === 'invalid_value') return issue.values.map(quoted).join(' or ');
  return words(issue, undefined);
}

/** What a value is, for someone who wrote YAML and not JavaScript. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value === 'string') return `the text ${JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value)}`;
  return `${typeof value === 'number' ? 'the number ' : ''}${String(value)}`;
}

function words(issue: Issue, value: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${kinds[issue.expected] ?? issue.expected}, not ${kindOf(value)}`;
    case 'invalid_value':
      return `${kindOf(value)} is none of ${issue.values.map(String).join(', ')}${didYouMean(String(value), issue.values.map(String))}`;
    case 'too_small':
      return issue.origin === 'number' || issue.origin === 'int' ? `must be at least ${issue.minimum}` : 'must not be empty';
    case 'too_big':
      return issue.origin === 'number' || issue.origin === 'int' ? `must be at most ${issue.maximum}` : 'is too long';
    default:
      return issue.code === 'invalid_format' ? `${kindOf(value)}: ${issue.message}` : issue.message;
  }
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** More than this on one screen is read by nobody. */
const most = 20;

const order = (a: LabError, b: LabError): number => {
  const [first, second] = [a.where as Place, b.where as Place];
  return first.line - second.line || first.col - second.col;
};

/** Throws what was found wrong, in the order of the file, the first twenty; returns when nothing was. */
export function refuse(found: readonly LabError[]): void {
  const sorted = [...found].sort(order);
  const shown = sorted.slice(0, most);
  const [first, ...others] = shown;
  if (first === undefined) return;
  const left = sorted.length - shown.length;
  if (left > 0) others.push(complaint(`and ${left} more`, sorted[most]?.where as Place));
  throw others.length === 0 ? first : new LabErrors([first, ...others]);
}
