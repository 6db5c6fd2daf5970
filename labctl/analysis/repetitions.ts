// Why a segment was sent again: said only where a kernel counter of the sender rose by exactly what was seen, and by nothing else.

import type { CounterRise, Counters, Look } from '../model/look.ts';
import type { Conversation, Passage, RepetitionCause, RepetitionProof, SegmentPassage } from '../model/report.ts';
import type { Micros } from '../model/time.ts';
import { duplicateAcks } from './duplicate-acks.ts';
import { firstAt } from './first-at.ts';

/** So far a segment's stamp may lie outside of the readings between which its counter rose. */
const edge = 500;

/** Linux's own counters of the ways in which it sends again (net/ipv4/tcp_timer.c, tcp_output.c). */
const counterOf: Record<RepetitionCause, string> = {
  timeout: 'TcpExtTCPTimeouts',
  'tail-loss-probe': 'TcpExtTCPLossProbes',
  'fast-retransmission': 'TcpExtTCPFastRetrans',
  'slow-start': 'TcpExtTCPSlowStartRetrans',
};
const causes = Object.keys(counterOf) as RepetitionCause[];

/** A passage that repeats another one, as its sender sent it. */
interface Repetition {
  at: Micros;
  passage: Passage;
  tcp: SegmentPassage;
}

/** Readings that cannot be told apart by time, and the repetitions between them. */
interface Group {
  from: Micros;
  until: Micros;
  changes: Counters;
  repetitions: Repetition[];
}

/** What rose from look to look, for runs whose recorder did not read more often. */
function risesBetween(looks: readonly Look[], host: string): CounterRise[] {
  const own = looks.filter((look) => look.host === host).toSorted((a, b) => a.at - b.at);
  return own.slice(1).map((look, place) => {
    const before = own[place] as Look;
    const changes = Object.entries(look.counters).map(([name, value]) => [name, value - (before.counters[name] ?? 0)]);
    return { host, from: before.at, until: look.at, changes: Object.fromEntries(changes) as Counters };
  });
}

/**
 * The rises that a repetition may belong to. Readings take a moment, which belongs to the rise before it and to the one
 * after it; what lies just outside of all of them belongs to the nearest.
 */
function risesAround({ at }: Repetition, rises: readonly CounterRise[]): number[] {
  const near: { place: number; far: number }[] = [];
  for (let place = firstAt(rises, ({ until }) => until + edge >= at); place < rises.length; place++) {
    const { from, until } = rises[place] as CounterRise;
    if (from - edge >= at) break;
    near.push({ place, far: Math.max(0, from + 1 - at, at - until) });
  }
  const least = Math.min(...near.map(({ far }) => far));
  return near.filter(({ far }) => far === least).map(({ place }) => place);
}

function joined(group: Group, rise: CounterRise): Group {
  const names = new Set([...Object.keys(group.changes), ...Object.keys(rise.changes)]);
  const changes = [...names].map((name) => [name, (group.changes[name] ?? 0) + (rise.changes[name] ?? 0)]);
  return { ...group, until: rise.until, changes: Object.fromEntries(changes) as Counters };
}

/** Rises in order of time with their repetitions; where one may belong to either of two, they are one group. */
function groupsOf(rises: readonly CounterRise[], repetitions: readonly Repetition[]): Group[] {
  const places = repetitions.map((repetition) => risesAround(repetition, rises));
  const shared = new Set(places.flatMap((around) => around.slice(1)));
  const groups: Group[] = [];
  const groupAt = rises.map((rise, place) => {
    const last = groups.at(-1);
    if (last && shared.has(place)) groups[groups.length - 1] = joined(last, rise);
    else groups.push({ from: rise.from, until: rise.until, changes: rise.changes, repetitions: [] });
    return groups.length - 1;
  });
  for (const [index, [place]] of places.entries())
    if (place !== undefined) groups[groupAt[place] ?? -1]?.repetitions.push(repetitions[index] as Repetition);
  return groups;
}

const sameFlow = (repetitions: readonly Repetition[]): boolean =>
  repetitions.every(
    ({ tcp }) =>
      tcp.conversation === repetitions[0]?.tcp.conversation && tcp.fromInitiator === repetitions[0].tcp.fromInitiator,
  );

/** The first is what a timer sent, and all others follow from it within the same flow: lower or higher in its sequence space. */
function led(
  by: RepetitionCause,
  then: RepetitionCause,
  rose: Record<RepetitionCause, number>,
  repetitions: readonly Repetition[],
): RepetitionCause[] | undefined {
  const whole = rose[by] === 1 && rose[then] === repetitions.length - 1;
  if (!whole || !sameFlow(repetitions)) return undefined;
  const [first, ...others] = repetitions.map(({ tcp }) => tcp.relativeSeq);
  const order = by === 'timeout' ? 1 : -1;
  const follows = others.every((seq) => Math.sign(seq - (first ?? 0)) === order);
  return follows ? repetitions.map((_, place) => (place === 0 ? by : then)) : undefined;
}

/** The cause of each repetition; undefined where the counters leave a doubt. */
function explain({ changes, repetitions }: Group): RepetitionCause[] | undefined {
  const sent = changes['TcpRetransSegs'];
  if (repetitions.length === 0 || (sent !== undefined && sent !== repetitions.length)) return undefined;
  const rose = Object.fromEntries(causes.map((cause) => [cause, changes[counterOf[cause]] ?? 0])) as Record<
    RepetitionCause,
    number
  >;
  const present = causes.filter((cause) => rose[cause] > 0);
  const [only] = present;
  if (only && present.length === 1) return rose[only] === repetitions.length ? repetitions.map(() => only) : undefined;
  if (present.length !== 2) return undefined;
  if (present.includes('timeout') && present.includes('slow-start'))
    return led('timeout', 'slow-start', rose, repetitions);
  return present.includes('tail-loss-probe') && present.includes('fast-retransmission')
    ? led('tail-loss-probe', 'fast-retransmission', rose, repetitions)
    : undefined;
}

function repetitionsOf(host: string, passages: readonly Passage[]): Repetition[] {
  return passages.flatMap((passage) => {
    const { sent, tcp, from } = passage;
    return sent && tcp?.repeats && from === host ? [{ at: sent.at, passage, tcp }] : [];
  });
}

export interface CounterEvidence {
  hosts: readonly string[];
  looks: readonly Look[];
  counterRises?: readonly CounterRise[];
}

/** Notes on the repetitions of a group what explains them, where something does. */
function noteCauses(group: Group, duplicatesBefore: (again: Passage) => number[]): void {
  const { from, until, changes, repetitions } = group;
  for (const [place, cause] of (explain(group) ?? []).entries()) {
    const { passage, tcp } = repetitions[place] as Repetition;
    const counter = counterOf[cause];
    const why: RepetitionProof = { cause, counter, from, until, rose: changes[counter] ?? 0 };
    if (cause === 'fast-retransmission') why.duplicateAcks = duplicatesBefore(passage);
    if (tcp.repeats) tcp.repeats.why = why;
  }
}

/** Fills `why` of every repetition whose cause the counters prove. */
export function proveRepetitions(
  { hosts, looks, counterRises = [] }: CounterEvidence,
  passages: readonly Passage[],
  conversations: readonly Conversation[],
): void {
  const duplicatesBefore = duplicateAcks(conversations, passages);
  for (const host of hosts) {
    const repetitions = repetitionsOf(host, passages);
    const read = counterRises.filter((rise) => rise.host === host);
    const rises = read.length > 0 ? read : risesBetween(looks, host);
    if (repetitions.length > 0) for (const group of groupsOf(rises, repetitions)) noteCauses(group, duplicatesBefore);
  }
}
