// Which rule of the wire took a lost packet: told only where the rule's counter in the kernel proves it.

import type { Passage } from '../model/report.ts';
import type { RecordedRun } from '../model/run.ts';
import type { Micros } from '../model/time.ts';
import { type PacketKind, splitEnd, type WireRule } from '../model/wire.ts';
import { cycleOf } from '../model/wire-chosen.ts';
import type { Hosts } from './hosts.ts';

/** A rule, the stretch of time in which it may have held, and within it the one in which it held for certain. */
interface Held {
  rule: WireRule;
  from: Micros;
  until: Micros;
  surely: { from: Micros; until: Micros };
}

function rulesOf({ scenario: { wire = [], steps } }: RecordedRun): Map<string, WireRule> {
  const changes = steps.flatMap((step) => (step.verb === 'wire' ? step.wire : []));
  const rules = [...wire, ...changes.filter((change) => change.kind !== 'remove')];
  return new Map(rules.map((rule) => [rule.rule, rule]));
}

/**
 * A rule comes into force at some moment of the call that lays it, so between the event before and its own; the same at
 * its end. In the order in which they were laid, which is that in which they see a packet.
 */
function heldRules(run: RecordedRun): Held[] {
  const rules = rulesOf(run);
  const held: Held[] = [];
  let before = -Infinity;
  for (const event of run.events) {
    const rule = event.kind === 'rule-added' ? rules.get(event.rule) : undefined;
    if (rule) held.push({ rule, from: before, until: Infinity, surely: { from: event.at, until: Infinity } });
    const last = event.kind === 'rule-removed' ? held.findLast((one) => one.rule.rule === event.rule) : undefined;
    if (last) Object.assign(last, { until: event.at, surely: { ...last.surely, until: before } });
    before = event.at;
  }
  return held;
}

/** The flags that rules ask for; whatever of PSH, URG, ECE and CWR stands beside them. */
const isControl = (passage: Passage, flags: string): boolean => passage.tcp?.flags.replaceAll(/[PUEW]/g, '') === flags;

const kinds: Record<PacketKind, (passage: Passage) => boolean> = {
  packet: ({ packet }) => packet.ip !== undefined,
  syn: (passage) => isControl(passage, 'S'),
  'syn-ack': (passage) => isControl(passage, 'S.'),
  data: ({ tcp }) => tcp !== undefined && tcp.length > 0,
  ack: (passage) => isControl(passage, '.') && passage.tcp?.length === 0,
  fin: ({ tcp }) => tcp?.flags.includes('F') === true,
  rst: ({ tcp }) => tcp?.flags.includes('R') === true,
  udp: ({ udp }) => udp !== undefined,
};

/** Whether a passage goes from one end to the other; an end that stays away is any. */
function goes(passage: Passage, from: string | undefined, to: string | undefined, hosts: Hosts): boolean {
  const network = passage.sent && hosts.networkOf(passage.sent.point);
  const isAt = (end: string | undefined, host: string): boolean => {
    if (end === undefined) return true;
    const wanted = splitEnd(end);
    return wanted.host === host && (wanted.network === undefined || wanted.network === network);
  };
  return isAt(from, passage.from) && isAt(to, passage.to);
}

function concerns(rule: WireRule, passage: Passage, hosts: Hosts): boolean {
  if (rule.kind === 'cut') {
    const [a, b] = rule.cut;
    return goes(passage, a, b, hosts) || goes(passage, b, a, hosts);
  }
  if (rule.kind !== 'drop' || !kinds[rule.drop](passage) || !goes(passage, rule.from, rule.to, hosts)) return false;
  const ports = passage.tcp?.header ?? passage.udp;
  return rule.port === undefined || ports?.sourcePort === rule.port || ports?.destinationPort === rule.port;
}

/** A drop rule counts what it is about, and takes what stands at its places. */
function takes(rule: WireRule, count: number): boolean {
  const cycle = rule.kind === 'drop' ? cycleOf(rule) : undefined;
  return cycle === undefined || cycle.places.includes(count % cycle.length);
}

/** Goes through the passages as the bridge saw them: the first rule that takes one is its end. */
function supposedTakers(held: readonly Held[], passages: readonly Passage[], hosts: Hosts): Map<Held, Passage[]> {
  const counts = new Map<Held, number>();
  const taken = new Map<Held, Passage[]>();
  for (const passage of passages) {
    if (!passage.sent) continue;
    const taker = held.find((one) => {
      const { rule, from, until, surely } = one;
      if (passage.at < from || passage.at > until || !concerns(rule, passage, hosts)) return false;
      // It got through while the rule was on its way in or out.
      if (!passage.lost && (passage.at < surely.from || passage.at > surely.until)) return false;
      const count = counts.get(one) ?? 0;
      counts.set(one, count + 1);
      return takes(rule, count);
    });
    if (taker) taken.set(taker, [...(taken.get(taker) ?? []), passage]);
  }
  return taken;
}

/**
 * Notes on lost passages which rule took them. That is certain only when exactly those are missing that the rule should
 * have taken, and as many as its counter says; a cut cable takes more than packets of these hosts (ARP).
 */
export function findTakers(run: RecordedRun, passages: readonly Passage[], hosts: Hosts): void {
  const held = heldRules(run);
  if (held.length === 0) return;
  const counts = new Map((run.record.wire ?? []).map(({ rule, hit }) => [rule, hit]));
  for (const [{ rule }, taken] of supposedTakers(held, passages, hosts)) {
    const matched = counts.get(rule.rule) ?? 0;
    const lost = taken.filter((passage) => passage.lost);
    const whole = rule.kind === 'cut' ? lost.length <= matched : lost.length === matched && taken.length === matched;
    if (whole) for (const passage of lost) passage.takenBy = { rule: rule.rule, matched };
  }
}
