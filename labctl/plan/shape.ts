// Walks a parsed document as its readers will, through every alias, before anything is expanded: depth, amount, cycles.

import { type Alias, type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair, visit } from 'yaml';
import type { Place } from '../model/lab-error.ts';
import { LabError } from '../model/lab-error.ts';
import { maxDepth } from './text-limits.ts';

/** Values after all aliases are followed. A lab of 50 hosts has about 2,000. */
const maxNodes = 100_000;
const maxAliases = 1000;

type At = (offset: number) => Place;

/** What each alias stands for: the last node before it that carries its anchor (YAML 1.2, section 7.1). */
export type AliasTargets = ReadonlyMap<unknown, Node>;

/** The merge key `<<`; a quoted one is an ordinary key. */
export const isMergeKey = (key: unknown): boolean => isScalar(key) && key.source === '<<' && key.type === 'PLAIN';

/** Finds every alias's node. Throws LabError (usage) with its place when there is none, or there are too many aliases. */
export function aliasTargets(document: Document.Parsed, at: At): AliasTargets {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  visit(document, {
    Node: (_, node) => {
      if (!isAlias(node)) {
        if (node.anchor !== undefined) anchors.set(node.anchor, node);
        return;
      }
      const target = anchors.get(node.source);
      const where = at(start(node));
      if (target === undefined)
        throw new LabError('usage', `bad YAML: no anchor &${node.source} stands before *${node.source}`, { where });
      if (targets.size >= maxAliases) throw new LabError('usage', `more than ${maxAliases} aliases`, { where });
      targets.set(node, target);
    },
  });
  return targets;
}

const start = (node: unknown): number => (node as Node | null)?.range?.[0] ?? 0;

/**
 * Throws LabError (usage) with its place: aliases that expand without end or beyond `maxNodes` values, nesting beyond
 * `maxDepth`, keys that are not plain text, merge keys that merge no map.
 */
export function checkShape(document: Document.Parsed, targets: AliasTargets, at: At): void {
  const stack: Visit[] = [{ node: document.contents, depth: 0 }];
  for (let seen = 0; stack.length > 0; seen++) {
    const { node, depth, alias } = stack.pop() as Visit;
    const fail = (message: string): never => {
      throw new LabError('usage', message, { where: at(alias ?? start(node)) });
    };
    if (seen > maxNodes) fail(`the aliases of this file expand to more than ${maxNodes} values`);
    if (depth > maxDepth) fail(`nested more than ${maxDepth} deep${alias === undefined ? '' : selfReference}`);
    const through = alias ?? (isAlias(node) ? start(node) : undefined);
    for (const child of below(node, targets, at)) stack.push({ node: child, depth: depth + 1, alias: through });
  }
}

const selfReference = ': does this alias stand inside its own anchor?';

interface Visit {
  node: unknown;
  depth: number;
  /** Offset of the first alias that was followed on the way: where the reader can do something. */
  alias?: number;
}

function below(node: unknown, targets: AliasTargets, at: At): unknown[] {
  if (isAlias(node)) return [targets.get(node)];
  if (isSeq(node)) return node.items;
  if (!isMap(node)) return [];
  for (const pair of node.items) checkKey(pair, targets, at);
  return node.items.map(({ value }) => value);
}

function checkKey({ key, value }: Pair, targets: AliasTargets, at: At): void {
  if (!isScalar(key)) throw new LabError('usage', 'bad YAML: a key must be plain text', { where: at(start(key)) });
  if (!isMergeKey(key)) return;
  const merged = targets.get(value) ?? value;
  const sources = isSeq(merged) ? merged.items.map((entry) => targets.get(entry) ?? entry) : [merged];
  if (!sources.every(isMap))
    throw new LabError('usage', 'bad YAML: << merges a map, or a list of maps', { where: at(start(key)) });
}
