// How sockets, segments and kernel counters of a run change over time: what the state at any instant is looked up in.

import type { Change, CounterTrack, Flight, SocketTrack, Tracks } from '../model/instant.ts';
import type { Look } from '../model/look.ts';
import type { Passage, Report, SocketHistory } from '../model/report.ts';
import { makesRing } from './blind-spots.ts';
import { unacknowledgedBytes, unreadBytes } from './byte-tracks.ts';
import { processTracks } from './process-tracks.ts';

/**
 * Who had it open, changing with each one that came or went. Where calls of the host are recorded and none had it, it
 * belonged to nobody: a connection in the accept queue. Not so where a program has an io_uring, which takes unseen.
 */
function ownerChanges({ owners, changes, host }: SocketHistory, { calls }: Report, zero: number) {
  const here = calls.filter((call) => call.host === host);
  if (owners.length === 0 && (here.length === 0 || here.some(makesRing))) return undefined;
  const [born] = changes;
  const moments = [
    ...new Set([
      ...(born ? [born.at] : []),
      ...owners.flatMap(({ from, until }) => (until === undefined ? [from] : [from, until])),
    ]),
  ];
  return moments
    .sort((a, b) => a - b)
    .map(
      (at): Change<string[]> => [
        at - zero,
        owners
          .filter(({ from, until }) => from <= at && at < (until ?? Number.POSITIVE_INFINITY))
          .map(({ program, pid }) => `${program} ${pid}`),
      ],
    );
}

function socketTrack(history: SocketHistory, report: Report, zero: number): SocketTrack {
  const { host, side, local, conversation, changes, queue, backlog } = history;
  const both = report.conversations[conversation ?? -1];
  const own = side === 'listener' || side === 'datagram' ? undefined : side;
  const peer = own && both?.[own === 'initiator' ? 'responder' : 'initiator'].endpoint;
  return {
    ...{ host, side, local, peer, conversation, backlog },
    states: changes.map(({ at, state }) => [at - zero, state]),
    owners: ownerChanges(history, report, zero),
    queue: queue?.map(({ at, length }) => [at - zero, length]),
    ...(both && own
      ? { unread: unreadBytes(both, own, report, zero), unacknowledged: unacknowledgedBytes(both, own, report, zero) }
      : {}),
  };
}

/** It takes up sequence numbers (RFC 9293, section 3.4), so its sender waits for an acknowledgment. */
const isAwaited = ({ tcp }: Passage): boolean => tcp !== undefined && (tcp.length > 0 || /[SF]/.test(tcp.flags));

/**
 * Lost passage → when its loss was made good: its bytes were sent again, or, where it carried nothing but an
 * acknowledgment, the next segment of its direction acknowledged as much or more.
 */
function madeGood(passages: readonly Passage[]): Map<number, number> {
  const good = new Map<number, number>();
  const bare = new Map<string, number[]>();
  for (const passage of passages) {
    const { number, tcp, at, lost } = passage;
    if (tcp === undefined) continue;
    const original = tcp.repeats?.passage;
    if (original !== undefined && !good.has(original)) good.set(original, at);
    const direction = `${tcp.conversation} ${tcp.fromInitiator}`;
    for (const earlier of bare.get(direction) ?? []) good.set(earlier, at);
    bare.set(direction, lost && !isAwaited(passage) ? [number] : []);
  }
  return good;
}

/** Packets whose way could be seen: they left one host for another. */
function flightsOf({ passages }: Report, zero: number): Flight[] {
  const good = madeGood(passages);
  return passages
    .filter(({ sent, arrived, lost, from, to, arp }) => sent && (arrived || lost) && from !== to && !arp)
    .map((passage) => {
      const { number, from, to, sent, arrived, lost, tcp } = passage;
      const until = good.get(number);
      return {
        passage: number,
        conversation: tcp?.conversation,
        ...{ from, to, lost },
        ...(lost && isAwaited(passage) ? { awaited: true as const } : {}),
        left: (sent?.at ?? passage.at) - zero,
        arrived: arrived && arrived.at - zero,
        repeated: until === undefined ? undefined : until - zero,
      };
    });
}

/** Counters as the looks read them, those that moved; each counts from its host's first look. */
function lookCounters(looks: readonly Look[], zero: number): CounterTrack[] {
  const [first, ...later] = looks.toSorted((a, b) => a.at - b.at);
  if (first === undefined) return [];
  const names = [...new Set(looks.flatMap(({ counters }) => Object.keys(counters)))].sort();
  return names.flatMap((name) => {
    const rises: Change<number>[] = [];
    for (const { at, counters } of later) {
      const rise = (counters[name] ?? 0) - (first.counters[name] ?? 0);
      if (rise !== (rises.at(-1)?.[1] ?? 0)) rises.push([at - zero, rise]);
    }
    return rises.length === 0 ? [] : [{ host: first.host, name, rises }];
  });
}

/** Readings between the looks, where the recording has them. */
function readCounters(host: string, { counterRises }: Report, zero: number): CounterTrack[] {
  const tracks = new Map<string, Change<number>[]>();
  for (const { until, changes } of counterRises.filter((rise) => rise.host === host))
    for (const [name, change] of Object.entries(changes)) {
      const rises = tracks.get(name) ?? [];
      tracks.set(name, [...rises, [until - zero, (rises.at(-1)?.[1] ?? 0) + change]]);
    }
  return [...tracks].map(([name, rises]) => ({ host, name, rises }));
}

function counterTracks(report: Report, zero: number): CounterTrack[] {
  return report.run.hosts.flatMap(({ name: host }) => {
    const read = readCounters(host, report, zero);
    const known = new Set(read.map(({ name }) => name));
    const looks = report.looks.filter((look) => look.host === host);
    return [...read, ...lookCounters(looks, zero).filter(({ name }) => !known.has(name))];
  });
}

/** The tracks of a run; `zero` is the moment that its views count from. */
export function tracksOf(report: Report, zero: number): Tracks {
  return {
    end: Math.max(0, ...[report.moments.at(-1)?.at ?? zero].map((at) => at - zero)),
    sockets: report.states.map((history) => socketTrack(history, report, zero)),
    processes: processTracks(report, zero),
    flights: flightsOf(report, zero),
    counters: counterTracks(report, zero),
  };
}
