// YAML text with places: parses one document into plain values and finds line and column of every path in it.
// The one home of `yaml`; what the values mean is for the readers of Compose and scenario files.

import { type Document, isMap, isPair, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from 'yaml';
import type { Place } from '../model/lab-error.ts';
import { LabError } from '../model/lab-error.ts';
import { type AliasTargets, aliasTargets, checkShape, isMergeKey } from './shape.ts';
import { checkText } from './text-limits.ts';

export type Path = readonly (string | number)[];

/** A parsed file: its value and the place of everything in it. */
export interface Source {
  file: string;
  value: unknown;
  /** Where the value at this path begins; the nearest node above when there is none. */
  place(path: Path): Place;
  /** Where the key of this path's last part stands: what an unknown or refused key is reported at. */
  keyPlace(path: Path): Place;
  /** Whether a list stands there: fields that take one value or several have places for each only then. */
  isList(path: Path): boolean;
}

/**
 * Parses one YAML 1.2 document with merge keys. Throws LabError (usage) with its place for bad YAML, duplicate keys,
 * unresolved or cyclic aliases, unknown tags, several documents, an empty file, and more than the limits of
 * `text-limits.ts` and `shape.ts`.
 */
export function readSource(text: string, file: string): Source {
  const clean = text.startsWith('\uFEFF') ? text.slice(1) : text;
  checkText(clean, file);
  const lines = new LineCounter();
  const document = parseDocument(clean, {
    lineCounter: lines,
    prettyErrors: false,
    schema: 'core',
    merge: true,
    resolveKnownTags: false,
  });
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), col: Math.max(col, 1) };
  };
  const [complaint] = [...document.errors, ...document.warnings];
  if (complaint !== undefined) throw badYaml(complaint.code, complaint.message, at(complaint.pos[0]));
  if (isEmpty(document)) throw new LabError('usage', 'the file is empty', { where: at(0) });
  const targets = aliasTargets(document, at);
  checkShape(document, targets, at);
  const value: unknown = document.toJS({ maxAliasCount: -1 });
  const find = (path: Path, key: boolean): Place => at(offsetOf(document.contents, targets, path, key));
  return {
    file,
    value,
    place: (path) => find(path, false),
    keyPlace: (path) => find(path, true),
    isList: (path) => Array.isArray(valueAt(value, path)),
  };
}

const isEmpty = ({ contents }: Document.Parsed): boolean =>
  contents === null || (isScalar(contents) && contents.value === null);

const plainWords: Record<string, string> = {
  TAB_AS_INDENT: 'a tab cannot indent YAML: use spaces',
  DUPLICATE_KEY: 'the same key stands here twice',
  MULTIPLE_DOCS: 'a second document begins here: one file holds one',
  TAG_RESOLVE_FAILED: 'YAML tags are not supported here',
};

function badYaml(code: string, message: string, where: Place): LabError {
  const words = plainWords[code] ?? `${message.charAt(0).toLowerCase()}${message.slice(1)}`;
  return new LabError('usage', `bad YAML: ${words.replace(/\s+/g, ' ')}`, { where });
}

/** The pair of a key, looked for in merged maps too: there the text really stands. */
function findPair(node: unknown, targets: AliasTargets, key: string): Pair | undefined {
  const map = targets.get(node) ?? node;
  if (!isMap(map)) return undefined;
  const own = map.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === key);
  const merge = map.items.find((pair) => isMergeKey(pair.key))?.value;
  if (own !== undefined || merge === undefined) return own;
  const merged = targets.get(merge) ?? merge;
  const sources = isSeq(merged) ? merged.items : [merged];
  return sources.map((source) => findPair(source, targets, key)).find((pair) => pair !== undefined);
}

const start = (node: unknown): number | undefined => (node as Node | null | undefined)?.range?.[0];

/** Walks down the path as far as nodes exist, and gives the offset of the last one. */
function offsetOf(root: unknown, targets: AliasTargets, path: Path, wantKey: boolean): number {
  let node = root;
  let offset = start(node) ?? 0;
  for (const [index, part] of path.entries()) {
    const parent = targets.get(node) ?? node;
    const child = isSeq(parent) ? parent.items[Number(part)] : findPair(parent, targets, String(part));
    if (child === undefined || child === null) return offset;
    node = isPair(child) ? child.value : child;
    const key = isPair(child) ? start(child.key) : undefined;
    const last = index === path.length - 1;
    offset = (last && wantKey ? (key ?? start(node)) : valueOffset(node, key)) ?? offset;
  }
  return offset;
}

/** The value at a path; undefined where the path leaves the value. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((node, part) => {
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, part)) return undefined;
    return (node as Record<string | number, unknown>)[part];
  }, value);
}

/** A map or list below its key is reported at the key: that is the line a reader looks for. */
function valueOffset(node: unknown, key: number | undefined): number | undefined {
  const block = (isMap(node) || isSeq(node)) && node.flow !== true;
  const missing = isScalar(node) && node.source === '';
  return key !== undefined && (block || missing) ? key : (start(node) ?? key);
}
