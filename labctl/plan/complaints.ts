// Turns what a schema refused into complaints for a reader: plain words, the place in the file, the name that was meant.

import type { z } from 'zod';
import { LabError, LabErrors, type Place } from '../model/lab-error.ts';
import { kindOf, wantedBy, words } from './issue-words.ts';
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
  if (issue.code === 'invalid_key') return [badKey(issue, path, source, base)];
  if (issue.code === 'invalid_union') return unionComplaints(issue, path, reading);
  const value = valueAt(source.value, [...base, ...path]);
  if (value === undefined && issue.code !== 'custom') return [missing(path, reading)];
  return [complaint(`${subject(path)}${words(issue, value)}`, source.place([...base, ...path]))];
}

/** A key that its map takes none of; the schema says what keys are like. */
function badKey(issue: Issue & { code: 'invalid_key' }, path: Path, source: Source, base: Path): LabError {
  const why = issue.issues[0]?.message ?? 'it cannot be a key';
  return complaint(`"${String(path.at(-1))}": ${why}`, source.keyPlace([...base, ...path]));
}

/** `"port" `: what the complaint speaks of, unless it is the whole. */
function subject(path: Path): string {
  const key = path.findLast((part) => typeof part === 'string');
  return key === undefined ? '' : `"${key}" `;
}

function missing(path: Path, reading: Reading): LabError {
  const key = path.at(-1);
  const where = reading.source.place([...reading.base, ...path.slice(0, -1)]);
  if (typeof key === 'number') return complaint(`${subject(path)}must not be empty`, where);
  return complaint(`"${key}" is missing${within(path, reading)}`, where);
}

/** ` in step "start"`: whose key is missing, where that can be said. */
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
  const fitting = issue.errors.filter(
    (branch) => !branch.some((inner) => inner.code === 'invalid_type' && inner.path.length === 0),
  );
  const knowing = fitting.filter((branch) => !branch.some(({ code }) => code === 'unrecognized_keys'));
  const [only] = knowing.length === 1 ? knowing : fitting;
  if (only !== undefined && (knowing.length === 1 || fitting.length === 1))
    return only.flatMap((inner) => complaintsOfIssue(inner, path, reading));
  if (isRecord(value) && fitting.length > 1) return objectChoice(value, keysAt(schema, path), full, source);
  const wanted = [...new Set(issue.errors.flatMap((branch) => branch.map((inner) => wantedBy(inner))))];
  return [complaint(`${subject(path)}must be ${wanted.join(' or ')}, not ${kindOf(value)}`, source.place(full))];
}

/** One of several maps with a key each (`until: {listens: …}`): names a wrong key, or that there are too many or none. */
function objectChoice(value: object, known: string[], path: Path, source: Source): LabError[] {
  const unknown = Object.keys(value).filter((key) => !known.includes(key));
  if (unknown.length === 0)
    return [complaint(`"${String(path.at(-1))}" takes exactly one of ${known.join(', ')}`, source.place(path))];
  return unknown.map((key) =>
    complaint(
      `unknown key "${key}"${didYouMean(key, known)}`,
      source.keyPlace([...path, key]),
      `keys here: ${known.join(', ')}`,
    ),
  );
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** More than this on one screen is read by nobody. */
const most = 20;

const order = (a: LabError, b: LabError): number => {
  const [first, second] = [a.where as Place, b.where as Place];
  return first.line - second.line || first.col - second.col;
};

/** One mistake behind an anchor is met wherever the anchor is used, but it is one. */
const sameAs = (a: LabError, b: LabError | undefined): boolean =>
  b !== undefined && a.message === b.message && order(a, b) === 0;

/** Throws what was found wrong, in the order of the file, the first twenty; returns when nothing was. */
export function refuse(found: readonly LabError[]): void {
  const sorted = [...found].sort(order).filter((error, index, all) => !sameAs(error, all[index - 1]));
  const shown = sorted.slice(0, most);
  const [first, ...others] = shown;
  if (first === undefined) return;
  const left = sorted.length - shown.length;
  if (left > 0) others.push(complaint(`and ${left} more`, sorted[most]?.where as Place));
  throw others.length === 0 ? first : new LabErrors([first, ...others]);
}
