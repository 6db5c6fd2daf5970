// Why a segment was sent again: said only where a kernel counter of the sender rose by exactly what was seen, and by nothing else.

import type { CounterRise, Counters, Look } from '../model/look.ts';
import type { Conversation, Passage, RepetitionCause, RepetitionProof, SegmentPassage } from '../model/report.ts';
import type { Micros } from '../model/time.ts';
import { duplicateAcks } from './duplicate-acks.ts';

/** A counter may rise so long before its segment is stamped, or be read so long after, on a busy machine. */
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

const isWithin = ({ at }: Repetition, { from, until }: Pick<CounterRise, 'from' | 'until'>): boolean =>
  at > from - edge && at <= until + edge;

function joined(group: Group, rise: CounterRise): Group {
  const names = new Set([...Object.keys(group.changes), ...Object.keys(rise.changes)]);
  const changes = [...names].map((name) => [name, (group.changes[name] ?? 0) + (rise.changes[name] ?? 0)]);
  return { ...group, until: rise.until, changes: Object.fromEntries(changes) as Counters };
}

/** Rises in order of time; where a repetition may belong to either of two, they are one group. */
function groupsOf(rises: readonly CounterRise[], repetitions: readonly Repetition[]): Group[] {
  const groups: Group[] = [];
  for (const rise of rises) {
    const last = groups.at(-1);
    const shared = last && repetitions.some((one) => isWithin(one, last) && isWithin(one, rise));
    if (shared) groups[groups.length - 1] = joined(last, rise);
    else groups.push({ from: rise.from, until: rise.until, changes: rise.changes, repetitions: [] });
  }
  for (const group of groups) group.repetitions = repetitions.filter((one) => isWithin(one, group));
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

/** Fills `why` of every repetition whose cause the counters prove. */
export function proveRepetitions(
  { hosts, looks, counterRises = [] }: CounterEvidence,
  passages: readonly Passage[],
  conversations: readonly Conversation[],
): void {
  for (const host of hosts) {
    const repetitions = repetitionsOf(host, passages);
    if (repetitions.length === 0) continue;
    const read = counterRises.filter((rise) => rise.host === host);
    for (const group of groupsOf(read.length > 0 ? read : risesBetween(looks, host), repetitions)) {
      const found = explain(group);
      for (const [place, cause] of (found ?? []).entries()) {
        const { passage, tcp } = group.repetitions[place] as Repetition;
        const counter = counterOf[cause];
        const why: RepetitionProof = {
          cause,
          counter,
          from: group.from,
          until: group.until,
          rose: group.changes[counter] ?? 0,
        };
        if (cause === 'fast-retransmission')
          why.duplicateAcks = duplicateAcks(passage, conversations[tcp.conversation] as Conversation, passages);
        if (tcp.repeats) tcp.repeats.why = why;
      }
    }
  }
}
