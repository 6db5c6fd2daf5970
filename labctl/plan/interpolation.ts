// Compose's `$`: labctl puts no variables in, so it refuses them at their place and turns `$$` into `$`.

import type { LabError } from '../model/lab-error.ts';
import { complaint } from './complaints.ts';
import type { Path, Source } from './source.ts';

/** The value with `$$` as `$`; every other `$` is added to `found` as a complaint. */
export function withoutVariables(source: Source, value: unknown, path: Path, found: LabError[]): unknown {
  if (typeof value === 'string') return plain(source, value, path, found);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value))
    return value.map((entry, index) => withoutVariables(source, entry, [...path, index], found));
  const entries = Object.entries(value).map(([key, entry]) => [
    key,
    withoutVariables(source, entry, [...path, key], found),
  ]);
  return Object.fromEntries(entries);
}

function plain(source: Source, text: string, path: Path, found: LabError[]): string {
  const variable = text.replaceAll('$$', '').match(/\$(\{[^}]*\}?|\w*)/)?.[0];
  if (variable !== undefined)
    found.push(
      complaint(`variables are not put in: "${variable}"`, source.place(path), 'write the value, or $$ for a $'),
    );
  return text.replaceAll('$$', '$');
}
