// Which ways of sending again may explain a repetition, and whether what the counters say leaves only one answer.

import type { RepetitionCause, SegmentPassage } from '../model/report.ts';
import type { Micros } from '../model/time.ts';
import type { Heard } from './acks-before.ts';

/** A passage that repeats another one, as its sender sent it, and what the sender had heard until then. */
export interface Candidate {
  at: Micros;
  tcp: SegmentPassage;
  heard: Heard;
  /** Nothing beyond its last byte had been sent before. */
  isTail: boolean;
}

/** A tail loss probe waits for two round trips (RFC 8985, section 7.2), in Linux for two ticks of its clock at least. */
const probePatience = 1000;

/**
 * The causes that are possible at all. The retransmission timer is set anew with every acknowledgment of something new,
 * so it has run for its least time since (RFC 6298, section 5.3); a repetition that no acknowledgment preceded answers
 * none; only the last segment of a flight is a probe of it; a SYN is repeated by the timer alone.
 */
function possible({ at, tcp, heard, isTail }: Candidate, leastTimeout: Micros): RepetitionCause[] {
  const after = tcp.repeats?.after ?? 0;
  const quiet = after >= leastTimeout && at - heard.advancedAt >= leastTimeout;
  if (tcp.flags.includes('S')) return quiet ? ['timeout'] : [];
  const answered = heard.at > at - after;
  return [
    ...(quiet ? (['timeout'] as const) : []),
    ...(isTail && after >= probePatience ? (['tail-loss-probe'] as const) : []),
    ...(answered ? (['fast-retransmission', 'slow-start'] as const) : []),
  ];
}

/** A SYN-ACK that answers a SYN which came again is no timer's doing; no counter of ours tells of it alone. */
const answersSyn = ({ tcp }: Candidate, leastTimeout: Micros): boolean =>
  tcp.flags === 'S.' && (tcp.repeats?.after ?? 0) < leastTimeout;

type Counts = Readonly<Record<RepetitionCause, number>>;

/** Settles what only one cause can explain, and what a cause must explain because it has no other candidates, until nothing moves. */
function settle(options: RepetitionCause[][], counts: Counts): RepetitionCause[][] {
  let left = options;
  for (let moved = true; moved; ) {
    moved = false;
    for (const cause of Object.keys(counts) as RepetitionCause[]) {
      const certain = left.filter((one) => one.length === 1 && one[0] === cause).length;
      const able = left.filter((one) => one.includes(cause)).length;
      if (able === certain) continue;
      const exhausted = certain === counts[cause];
      if (!exhausted && able !== counts[cause]) continue;
      left = left.map((one) => {
        if (one.length === 1 || !one.includes(cause)) return one;
        return exhausted ? one.filter((other) => other !== cause) : [cause];
      });
      moved = true;
    }
  }
  return left;
}

/**
 * How many of the repetitions were tail loss probes: those that are left, for a probe may also carry new bytes and then
 * repeats nothing. Undefined where the counters do not add up to what was seen.
 */
function probesAmong(repetitions: number, counts: Counts): number | undefined {
  const others = counts.timeout + counts['fast-retransmission'] + counts['slow-start'];
  const probes = repetitions - others;
  return probes < 0 || probes > counts['tail-loss-probe'] ? undefined : probes;
}

/**
 * The cause of each repetition, in their order, as far as the counts can be shared out in one way only; undefined for
 * the others, and for a SYN-ACK that answers a SYN. `sent` is what the kernel counted as sent again.
 */
export function onlyExplanation(
  candidates: readonly Candidate[],
  counts: Counts,
  sent: number | undefined,
  leastTimeout: Micros,
): (RepetitionCause | undefined)[] {
  const timed = candidates.filter((candidate) => !answersSyn(candidate, leastTimeout));
  const probes = probesAmong(timed.length, counts);
  if (probes === undefined || (sent !== undefined && sent !== candidates.length)) return [];
  const shares = { ...counts, 'tail-loss-probe': probes };
  const options = timed.map((candidate) => possible(candidate, leastTimeout).filter((cause) => shares[cause] > 0));
  const settled = settle(options, shares);
  const isSound = (Object.keys(shares) as RepetitionCause[]).every(
    (cause) => settled.filter((one) => one.includes(cause)).length >= shares[cause],
  );
  if (!isSound || settled.some((one) => one.length === 0)) return [];
  const causes = new Map(timed.map((candidate, place) => [candidate, settled[place]]));
  return candidates.map((candidate) => {
    const [only, ...others] = causes.get(candidate) ?? [];
    return others.length === 0 ? only : undefined;
  });
}
