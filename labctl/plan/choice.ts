// Reads a list whose entries are told apart by one key each: steps by their verb, expectations by their kind.

import type { z } from 'zod';
import type { LabError } from '../model/lab-error.ts';
import { complaint, complaintsOf, isRecord } from './complaints.ts';
import { kindOf } from './issue-words.ts';
import { keysAt } from './schema-keys.ts';
import type { Path, Source } from './source.ts';
import { didYouMean, nearest } from './suggest.ts';

/** The schemas by their key, and what an entry is called in a complaint. */
export interface Choice {
  /** `step`, `expectation`. */
  noun: string;
  schemas: Readonly<Record<string, z.ZodType>>;
}

/** An entry that its schema accepted. */
export interface Chosen {
  key: string;
  path: Path;
  value: Record<string, unknown>;
}

/** The entries of the list at `path` that are right; everything else is added to `found`. */
export function readChoices(
  source: Source,
  path: Path,
  list: readonly unknown[],
  choice: Choice,
  found: LabError[],
): Chosen[] {
  return list.flatMap((entry, index) => readChoice(source, [...path, index], entry, choice, found) ?? []);
}

function readChoice(source: Source, path: Path, entry: unknown, choice: Choice, found: LabError[]): Chosen | undefined {
  const key = chosenKey(source, path, entry, choice, found);
  const schema = key === undefined ? undefined : choice.schemas[key];
  if (key === undefined || schema === undefined) return undefined;
  const parsed = schema.safeParse(entry);
  if (parsed.success) return { key, path, value: parsed.data as Record<string, unknown> };
  found.push(...complaintsOf(parsed.error, { source, schema, base: path, owner: `${choice.noun} "${key}"` }));
  return undefined;
}

const isKeyOf = (schema: z.ZodType | undefined, key: string): boolean =>
  schema !== undefined && keysAt(schema, []).includes(key);

function chosenKey(
  source: Source,
  path: Path,
  entry: unknown,
  { noun, schemas }: Choice,
  found: LabError[],
): string | undefined {
  const known = Object.keys(schemas);
  if (!isRecord(entry)) {
    found.push(
      complaint(`a ${noun} must be a map, not ${kindOf(entry)}`, source.place(path), `${noun}s: ${known.join(', ')}`),
    );
    return undefined;
  }
  const keys = Object.keys(entry);
  const verbs = keys.filter((key) => Object.hasOwn(schemas, key));
  // `stop: server, signal: KILL`: what one verb says of itself is no second verb.
  const chosen = verbs.filter((key) => !verbs.some((other) => other !== key && isKeyOf(schemas[other], key)));
  const [first, second] = chosen;
  if (second !== undefined) {
    const place = source.keyPlace([...path, second]);
    found.push(complaint(`one ${noun} says ${chosen.map((key) => `"${key}"`).join(' and ')}: make them two`, place));
    return undefined;
  }
  if (first === undefined) found.push(unknownKind(source, path, keys, known, noun));
  return first;
}

/** Keys that steps and expectations share, so that none of them can have been meant as the verb. */
const ordinary = new Set([
  'id',
  'name',
  'say',
  'on',
  'at',
  'of',
  'by',
  'from',
  'into',
  'to',
  'rule',
  'port',
  'nth',
  'every',
  'random',
  'for',
  'within',
  'after',
  'before',
  'absent',
  'judges',
  'only',
  'role',
]);

function unknownKind(source: Source, path: Path, keys: string[], known: string[], noun: string): LabError {
  const candidates = keys.filter((key) => !ordinary.has(key));
  const meant = candidates.find((key) => nearest(key, known).length > 0) ?? candidates[0];
  const hint = `${noun}s: ${known.join(', ')}`;
  if (meant === undefined) return complaint(`this ${noun} says nothing to do`, source.place(path), hint);
  return complaint(`unknown ${noun} "${meant}"${didYouMean(meant, known)}`, source.keyPlace([...path, meant]), hint);
}
