// Reads what nft says that it loaded (`nft -j list table`) back into the notation in which the rules were written.

import type { WireCount } from '../model/wire.ts';
import { hitCounter, type NftChain, type NftRule, passedCounter, priorityOf } from './wire-nft.ts';

type Json = { [key: string]: Json } | Json[] | string | number | null;
type Node = { [key: string]: Json };

/** What of a table's listing matters here. */
export interface Listing {
  chains: NftChain[];
  counters: Map<string, number>;
  sets: string[];
}

const isNode = (json: Json | undefined): json is Node =>
  typeof json === 'object' && json !== null && !Array.isArray(json);

/** Whatever this reader does not know is shown as it came, and so differs from every rule that labctl writes. */
const asIs = (json: Json | undefined): string => JSON.stringify(json ?? null);

/** A word or a number as text. */
const word = (json: Json | undefined): string =>
  typeof json === 'string' || typeof json === 'number' ? String(json) : asIs(json);

const flagsText = (json: Json | undefined): string => (Array.isArray(json) ? json.map(word).join(' | ') : word(json));

function placesText(right: Json | undefined): string {
  const places = isNode(right) && Array.isArray(right['set']) ? right['set'] : [right ?? null];
  return places.every((place) => typeof place === 'number')
    ? `{ ${places.toSorted((a, b) => a - b).join(', ')} }`
    : asIs(right);
}

/** What nft calls the ICMPv6 types that labctl's rules name by number (IANA's "ICMPv6 type numbers"). */
const icmpv6Types: Readonly<Record<string, string>> = {
  'mld-listener-query': '130',
  'nd-redirect': '137',
  'mld2-listener-report': '143',
};
/** Where a machine has no /etc/protocols, nft shows numbers (IANA's assigned protocol numbers). */
const protocolNames: Readonly<Record<string, string>> = { 6: 'tcp', 17: 'udp' };
/** Fields whose values may be shown by a name or a number. */
const valueNames: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'meta l4proto': protocolNames,
  'icmpv6 type': icmpv6Types,
};

function valueText(field: string, right: Json | undefined): string {
  const named = (json: Json | undefined): string => valueNames[field]?.[word(json)] ?? word(json);
  return isNode(right) && Array.isArray(right['range']) ? right['range'].map(named).join('-') : named(right);
}

function matchText({ op, left, right }: Node): string {
  if (!isNode(left)) return asIs({ op: op ?? null, left: left ?? null, right: right ?? null });
  const { meta, payload, numgen, '&': and } = left;
  const relation = op === '==' ? '' : `${word(op)} `;
  if (isNode(meta)) {
    const key = word(meta['key']);
    return /^[io]ifname$/.test(key)
      ? `${key} "${word(right)}"`
      : `meta ${key} ${relation}${valueText(`meta ${key}`, right)}`;
  }
  if (isNode(payload)) return `${fieldText(payload)} ${relation}${valueText(fieldText(payload), right)}`;
  if (isNode(numgen) && numgen['offset'] === 0)
    return `numgen ${word(numgen['mode'])} mod ${word(numgen['mod'])} ${placesText(right)}`;
  if (Array.isArray(and) && isNode(and[0]) && isNode(and[0]['payload'])) {
    const mask = Array.isArray(and[1]) ? `(${flagsText(and[1])})` : flagsText(and[1]);
    return `${fieldText(and[0]['payload'])} & ${mask} ${word(op)} ${flagsText(right)}`;
  }
  return asIs(left);
}

/** A field by its protocol, or bytes by their place in the transport header, in bits. */
const fieldText = ({ protocol, field, base, offset, len }: Node): string =>
  base === undefined ? `${word(protocol)} ${word(field)}` : `@${word(base)},${word(offset)},${word(len)}`;

function statementText(statement: Json): string {
  if (!isNode(statement)) return asIs(statement);
  const { match, counter, jump } = statement;
  if (isNode(match)) return matchText(match);
  if (counter !== undefined) return `counter name ${asIs(counter)}`;
  if (isNode(jump)) return `jump ${word(jump['target'])}`;
  const [verdict] = ['drop', 'return'].filter((name) => name in statement);
  return verdict ?? asIs(statement);
}

/** Throws SyntaxError for what is not JSON. */
export function readListing(text: string): Listing {
  const { nftables } = JSON.parse(text) as { nftables: Record<string, Node>[] };
  const listing: Listing = { chains: [], counters: new Map(), sets: [] };
  for (const { chain, rule, counter, set } of nftables) {
    if (chain) {
      const order = chain['prio'] === undefined ? {} : { order: Number(chain['prio']) - priorityOf(0) };
      listing.chains.push({ name: word(chain['name']), ...order, rules: [] });
    }
    if (rule && Array.isArray(rule['expr']))
      listing.chains.find(({ name }) => name === rule['chain'])?.rules.push(rule['expr'].map(statementText).join(' '));
    if (counter) listing.counters.set(word(counter['name']), Number(counter['packets']));
    if (set) listing.sets.push(word(set['name']));
  }
  return listing;
}

/** What differs between the rule and what was loaded of it, as one line; undefined when nothing does. */
export function differenceOf(meant: NftRule, listing: Listing): string | undefined {
  for (const chain of meant.chains) {
    const loaded = listing.chains.find(({ name }) => name === chain.name);
    if (loaded === undefined) return `chain ${chain.name} is not there`;
    if (loaded.order !== chain.order) return `chain ${chain.name} stands at another place`;
    for (let index = 0; index < Math.max(chain.rules.length, loaded.rules.length); index += 1) {
      const [wanted, got] = [chain.rules[index], loaded.rules[index]];
      if (wanted !== got) return `meant: ${wanted ?? 'nothing'}; loaded: ${got ?? 'nothing'}`;
    }
  }
  const missing = meant.counters.find((name) => !listing.counters.has(name));
  if (missing !== undefined) return `counter ${missing} is not there`;
  return meant.window && !listing.sets.includes(meant.window.name)
    ? `set ${meant.window.name} is not there`
    : undefined;
}

/** What the rule's counters say. A cut is about everything that it drops. */
export function countOf({ rule }: NftRule, { counters }: Listing): WireCount {
  const hit = counters.get(hitCounter(rule)) ?? 0;
  return { rule, hit, passed: counters.get(passedCounter(rule)) ?? hit };
}
