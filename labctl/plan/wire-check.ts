// What rules of the wire may say: their hosts take part and share a network, they are named once, and end after they began.

import type { LabError } from '../model/lab-error.ts';
import { splitEnd, type WireChange, type WireRule, type WireRuleOf } from '../model/wire.ts';
import { complaint } from './complaints.ts';
import type { Read } from './scenario.ts';
import { type Names, repeated, wrongHost, wrongNetwork } from './scenario-names.ts';
import { type Path, valueAt } from './source.ts';
import { didYouMean } from './suggest.ts';

export type ReadChange = Read<WireChange>;

/** Everything that is wrong with the rules of a scenario, in the order in which they take effect. */
export function wrongWire(names: Names, changes: readonly ReadChange[]): LabError[] {
  const rules = changes.filter((change): change is Read<WireRule> => change.value.kind !== 'remove');
  const own = rules.flatMap((rule) => wrongRule(names, rule));
  const twice = repeated(
    names.source,
    'rule',
    rules.map(({ value, path }) => ({
      name: value.rule,
      path: [...path, says(names, path, 'rule') ? 'rule' : value.kind],
    })),
  );
  return [...own, ...twice, ...(own.length + twice.length === 0 ? wrongLives(names, changes) : [])];
}

const says = ({ source }: Names, path: Path, key: string): boolean =>
  valueAt(source.value, [...path, key]) !== undefined;

function wrongRule(names: Names, { value: rule, path }: Read<WireRule>): LabError[] {
  if (rule.kind === 'cut')
    return [
      ...rule.cut.flatMap((end, index) => wrongEnd(names, end, cutPath(names, path, index))),
      ...sameEnds(names, rule.cut[0], rule.cut[1], [...path, 'cut']),
    ];
  if (rule.kind !== 'drop') return wrongEnd(names, rule.to, [...path, 'to']);
  return [
    ...(['from', 'to'] as const).flatMap((side) => {
      const end = rule[side];
      return end === undefined ? [] : wrongEnd(names, end, [...path, side]);
    }),
    ...sameEnds(names, rule.from, rule.to, [...path, 'to']),
    ...wrongChoice(names, rule, path),
  ];
}

const cutPath = ({ source }: Names, path: Path, index: number): Path => [
  ...path,
  'cut',
  ...(source.isList([...path, 'cut']) ? [index] : []),
];

function wrongEnd(names: Names, end: string, path: Path): LabError[] {
  const { host, network } = splitEnd(end);
  const wrong = wrongHost(names, host, path);
  if (wrong.length > 0 || network === undefined) return wrong;
  if (network !== 'loopback') return wrongNetwork(names, host, network, path);
  return [complaint('what a host says to itself is on no wire', names.source.place(path))];
}

/** Two ends must be two hosts with a network between them. */
function sameEnds(names: Names, a: string | undefined, b: string | undefined, path: Path): LabError[] {
  if (a === undefined || b === undefined) return [];
  const [networksA, networksB] = [a, b].map((end) => networksOf(names, end));
  if (splitEnd(a).host === splitEnd(b).host)
    return [complaint(`"${a}" and "${b}" are one host`, names.source.place(path), 'name two hosts')];
  if (networksA?.length === 0 || networksB?.length === 0) return [];
  if (networksA?.some((network) => networksB?.includes(network))) return [];
  return [complaint(`"${a}" and "${b}" share no network: nothing passes between them`, names.source.place(path))];
}

function networksOf({ lab }: Names, end: string): string[] {
  const { host, network } = splitEnd(end);
  const all = lab.hosts.find(({ name }) => name === host)?.attachments.map((one) => one.network) ?? [];
  return all.filter((name) => network === undefined || name === network);
}

function wrongChoice(names: Names, rule: WireRuleOf<'drop'>, path: Path): LabError[] {
  const said = (['nth', 'every', 'random'] as const).filter((key) => rule[key] !== undefined);
  const [, second] = said;
  if (second !== undefined)
    return [
      complaint(
        `one rule says ${said.map((key) => `"${key}"`).join(' and ')}: make them two`,
        names.source.keyPlace([...path, second]),
      ),
    ];
  return [];
}

/** Rules that hold at some moment, by their names, as the steps go by. */
function wrongLives(names: Names, changes: readonly ReadChange[]): LabError[] {
  const held = new Map<string, WireRule>();
  return changes.flatMap(({ value, path }) => {
    if (value.kind === 'remove') return wrongRemoval(names, value.remove, held, path);
    const [overlap] = [...held.values()].filter((other) => overlaps(other, value));
    held.set(value.rule, value);
    if (overlap === undefined) return [];
    const what = value.kind === 'cut' ? `what is cut at line` : `a queue towards that host stands at line`;
    return [complaint(`${what} ${overlap.place.line} already`, names.source.place([...path, value.kind]))];
  });
}

function wrongRemoval(names: Names, rule: string, held: Map<string, WireRule>, path: Path): LabError[] {
  if (held.delete(rule)) return [];
  const key = says(names, path, 'heal') ? 'heal' : 'remove';
  const known = [...held.keys()];
  const hint = known.length === 0 ? 'no rule holds here' : `rules that hold here: ${known.join(', ')}`;
  const place = names.source.place([...path, key]);
  if (key === 'heal') return [complaint('nothing is cut there', place, hint)];
  return [complaint(`no rule "${rule}" holds here${didYouMean(rule, known)}`, place, hint)];
}

/** A cut of what is cut, and two queues at one port: the second would do nothing, or undo the first. */
function overlaps(a: WireRule, b: WireRule): boolean {
  if (a.kind === 'cut' && b.kind === 'cut') {
    if (a.cut.length === 1) return b.cut.some((end) => meet(end, a.cut[0] ?? ''));
    if (b.cut.length === 1) return a.cut.some((end) => meet(end, b.cut[0] ?? ''));
    return a.cut.every((end) => b.cut.some((other) => meet(end, other)));
  }
  const isQueue = ({ kind }: WireRule) => kind === 'rate' || kind === 'delay';
  return isQueue(a) && isQueue(b) && 'to' in a && 'to' in b && meet(a.to ?? '', b.to ?? '');
}

function meet(a: string, b: string): boolean {
  const [one, other] = [splitEnd(a), splitEnd(b)];
  return (
    one.host === other.host &&
    (one.network === undefined || other.network === undefined || one.network === other.network)
  );
}
