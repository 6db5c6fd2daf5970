// The state of everything at one instant, looked up in the tracks of a run. The terminal and the report page ask here.

import type {
  Change,
  CounterNow,
  Flight,
  Instant,
  ProcessNow,
  ProcessTrack,
  SocketNow,
  SocketTrack,
  Tracks,
} from '../model/instant.ts';

/** The last change at or before an instant; undefined before the first. Changes are in order of time. */
export function changeAt<Value>(changes: readonly Change<Value>[], at: number): Change<Value> | undefined {
  let [low, high] = [0, changes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((changes[middle]?.[0] ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return changes[low - 1];
}

const valueAt = <Value>(changes: readonly Change<Value>[] | undefined, at: number): Value | undefined =>
  changes && changeAt(changes, at)?.[1];

function socketAt(socket: SocketTrack, track: number, at: number): SocketNow | undefined {
  const state = changeAt(socket.states, at);
  if (state === undefined) return undefined;
  const { host, side, local, peer, conversation, backlog } = socket;
  return {
    ...{ track, host, side, local, peer, conversation, backlog },
    state: state[1],
    since: state[0],
    owners: valueAt(socket.owners, at),
    queue: valueAt(socket.queue, at),
    unread: valueAt(socket.unread, at),
    unacknowledged: valueAt(socket.unacknowledged, at),
  };
}

function processAt(process: ProcessTrack, at: number): ProcessNow | undefined {
  const { host, program, pid, parent, from, until, reaped } = process;
  if (at < from) return undefined;
  const who = { host, program, pid, parent };
  if (until !== undefined && at >= until)
    return reaped !== undefined && at < reaped ? { ...who, state: 'zombie', since: until } : undefined;
  const wait = process.waits.find(([entered, returned = Number.POSITIVE_INFINITY]) => entered <= at && at < returned);
  return wait ? { ...who, state: 'waits', call: wait[2], since: wait[0] } : { ...who, state: 'runs', since: from };
}

const isFlying = ({ left, arrived, lost, repeated }: Flight, end: number, at: number): boolean =>
  left <= at && at < (arrived ?? (lost ? (repeated ?? end) : left));

/** Everything at `at`, microseconds since the zero of the tracks: before the first moment nothing, after the last its end. */
export function instantOf(tracks: Tracks, at: number): Instant {
  const sockets = tracks.sockets.flatMap((socket, track) => socketAt(socket, track, at) ?? []);
  const processes = tracks.processes.flatMap((process) => processAt(process, at) ?? []);
  const counters = tracks.counters.flatMap(({ host, name, rises }): CounterNow[] => {
    const change = changeAt(rises, at);
    return change ? [{ host, name, rise: change[1], since: change[0] }] : [];
  });
  return {
    at,
    sockets: sockets.sort((a, b) => Number(a.state === 'CLOSED') - Number(b.state === 'CLOSED') || a.track - b.track),
    processes,
    flights: tracks.flights.filter((flight) => isFlying(flight, tracks.end, at)),
    counters,
  };
}
