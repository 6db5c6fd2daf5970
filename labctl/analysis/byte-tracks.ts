// The bytes that wait at one end of a conversation: those it sent without an acknowledgment, those that nobody read.

import type { Change } from '../model/instant.ts';
import type { Conversation, Passage, Report } from '../model/report.ts';
import { bytesMoved, receives } from './sockets.ts';

type Side = 'initiator' | 'responder';

/** A value that only changes are kept of. */
function steps(): { set: (at: number, value: number) => void; changes: Change<number>[] } {
  const changes: Change<number>[] = [];
  return {
    changes,
    set(at, value) {
      if (value !== (changes.at(-1)?.[1] ?? 0)) changes.push([at, value]);
    },
  };
}

const segmentsOf = ({ passages }: Conversation, report: Report): Passage[] =>
  passages.flatMap((number) => report.passages[number - 1] ?? []);

/**
 * Sent and not acknowledged: from the highest number that this end sent to the highest acknowledgment that arrived
 * here (SND.NXT - SND.UNA, RFC 9293, section 3.3.1), without what SYN and FIN count for.
 */
export function unacknowledgedBytes(
  conversation: Conversation,
  side: Side,
  report: Report,
  zero: number,
): Change<number>[] {
  const { set, changes } = steps();
  const events = segmentsOf(conversation, report).flatMap((passage) => {
    const own = passage.tcp?.fromInitiator === (side === 'initiator');
    const seen = own ? passage.sent : passage.arrived;
    return seen ? [{ at: seen.at - zero, own, tcp: passage.tcp }] : [];
  });
  let [next, acknowledged] = [1, 1];
  for (const { at, own, tcp } of events.sort((a, b) => a.at - b.at)) {
    if (own && tcp && tcp.length > 0) next = Math.max(next, tcp.relativeSeq + tcp.length);
    if (!own) acknowledged = Math.max(acknowledged, tcp?.relativeAck ?? 1);
    set(at, Math.max(0, next - acknowledged));
  }
  return changes;
}

/** Where the bytes without a gap end, as segments arrive in any order. */
function inOrder(): (from: number, until: number) => number {
  let next = 1;
  let waiting: [number, number][] = [];
  return (from, until) => {
    waiting.push([from, until]);
    for (let fits = true; fits; ) {
      fits = false;
      for (const [start, end] of waiting) if (start <= next && end > next) [next, fits] = [end, true];
    }
    waiting = waiting.filter(([, end]) => end > next);
    return next;
  };
}

/**
 * Arrived in order and not read by any call; undefined where no call of this end is recorded, or both ends are one
 * host's, whose calls cannot be told apart.
 */
export function unreadBytes(
  conversation: Conversation,
  side: Side,
  report: Report,
  zero: number,
): Change<number>[] | undefined {
  const { host } = conversation[side];
  const calls = report.calls.filter((call) => call.conversation === conversation.index && call.host === host);
  if (calls.length === 0 || conversation.initiator.host === conversation.responder.host) return undefined;
  const arrivals = segmentsOf(conversation, report).flatMap(({ tcp, arrived }) =>
    tcp && arrived && tcp.length > 0 && tcp.fromInitiator !== (side === 'initiator')
      ? [{ at: arrived.at, from: tcp.relativeSeq, until: tcp.relativeSeq + tcp.length, read: 0 }]
      : [],
  );
  const reads = calls
    .filter((call) => receives(call) && (call.result ?? 0) > 0)
    .map((call) => ({ at: call.at + (call.took ?? 0), from: 0, until: 0, read: bytesMoved(call) }));
  const { set, changes } = steps();
  const follow = inOrder();
  let [next, read] = [1, 1];
  for (const event of [...arrivals, ...reads].sort((a, b) => a.at - b.at)) {
    if (event.read === 0) next = follow(event.from, event.until);
    read += event.read;
    set(event.at - zero, Math.max(0, next - read));
  }
  return changes;
}
