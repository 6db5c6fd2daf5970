// Why a segment was sent again: said only where a kernel counter of the sender rose by exactly what was seen, and by nothing else.

import type { CounterRise, Counters, Look } from '../model/look.ts';
import type { Conversation, Passage, RepetitionCause } from '../model/report.ts';
import type { RecordedRun } from '../model/run.ts';
import type { Micros } from '../model/time.ts';
import { acksBefore, type Heard } from './acks-before.ts';
import { type Candidate, onlyExplanation } from './causes-of-repetition.ts';
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

interface Repetition extends Candidate {
  passage: Passage;
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

/** How long the retransmission timer runs at least (Linux 6.11 lets hosts say so), less what clocks may be off. */
const leastTimeoutOf = (host: string, { record }: Evidence): Micros =>
  0.9 * Number(record.hosts.find(({ name }) => name === host)?.sysctls['net.ipv4.tcp_rto_min_us'] ?? 200_000);

function repetitionsOf(
  host: string,
  passages: readonly Passage[],
  heardBefore: (again: Passage) => Heard,
): Repetition[] {
  const furthest = new Map<string, number>();
  return passages.flatMap((passage) => {
    const { sent, tcp, from } = passage;
    if (!sent || !tcp || from !== host) return [];
    const flow = `${tcp.conversation} ${tcp.fromInitiator}`;
    const end = tcp.relativeSeq + tcp.length + (tcp.flags.includes('F') ? 1 : 0);
    const known = furthest.get(flow) ?? 0;
    furthest.set(flow, Math.max(known, end));
    return tcp.repeats ? [{ at: sent.at, passage, tcp, heard: heardBefore(passage), isTail: end >= known }] : [];
  });
}

/** Where counters were read, what hosts there are, and how they were set. */
type Evidence = Pick<RecordedRun, 'record' | 'looks' | 'counterRises'>;

/** Notes on the repetitions of a group what explains them, where one thing alone does. */
function noteCauses({ from, until, changes, repetitions }: Group, leastTimeout: Micros): void {
  const counts = Object.fromEntries(causes.map((cause) => [cause, changes[counterOf[cause]] ?? 0])) as Record<
    RepetitionCause,
    number
  >;
  const found = onlyExplanation(repetitions, counts, changes['TcpRetransSegs'], leastTimeout);
  for (const [place, cause] of found.entries()) {
    const { tcp, heard } = repetitions[place] as Repetition;
    if (cause === undefined || !tcp.repeats) continue;
    const counter = counterOf[cause];
    tcp.repeats.why = { cause, counter, from, until, rose: changes[counter] ?? 0 };
    if (cause === 'fast-retransmission') tcp.repeats.why.duplicateAcks = heard.duplicates;
  }
}

/** Fills `why` of every repetition whose cause the counters prove. */
export function proveRepetitions(
  evidence: Evidence,
  passages: readonly Passage[],
  conversations: readonly Conversation[],
): void {
  const heardBefore = acksBefore(conversations, passages);
  for (const { name: host } of evidence.record.hosts) {
    const repetitions = repetitionsOf(host, passages, heardBefore);
    const read = (evidence.counterRises ?? []).filter((rise) => rise.host === host);
    const rises = read.length > 0 ? read : risesBetween(evidence.looks, host);
    if (repetitions.length > 0)
      for (const group of groupsOf(rises, repetitions)) noteCauses(group, leastTimeoutOf(host, evidence));
  }
}
