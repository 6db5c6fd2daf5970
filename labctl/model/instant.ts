// The state of everything at one instant, and the tracks that it is looked up in: plain values, so that a page can carry them.

import type { Endpoint } from './endpoint.ts';
import type { SocketState } from './look.ts';

/** From this time on, this value. Times of tracks are microseconds since the zero of the run's views. */
export type Change<Value> = [at: number, value: Value];

/** One socket: a listener, one end of a conversation, or one for datagrams. */
export interface SocketTrack {
  host: string;
  side: 'listener' | 'initiator' | 'responder' | 'datagram';
  local: Endpoint;
  peer?: Endpoint;
  /** Index into Report.conversations. */
  conversation?: number;
  states: Change<SocketState>[];
  /** Processes that have it open, as `server 17`; absent where no call tells. */
  owners?: Change<string[]>[];
  /** Listeners: connections that are complete and wait for accept(). */
  queue?: Change<number>[];
  backlog?: number;
  /** Bytes that arrived in order and no call has read yet; absent where the program's calls are not recorded. */
  unread?: Change<number>[];
  /** Bytes that were sent and whose acknowledgment has not arrived. */
  unacknowledged?: Change<number>[];
}

/** One process from its start to its end, and the calls in which it waited. */
export interface ProcessTrack {
  host: string;
  program: string;
  pid?: number;
  parent?: number;
  /** Absent: it was there when its calls began to be recorded. */
  from: number;
  /** When it ended; absent while it runs. */
  until?: number;
  /** When its parent was told of its end (wait4): from `until` to here it is a zombie. */
  reaped?: number;
  /** How it ended. */
  code?: number;
  signal?: string;
  /** Calls that took long: entered, returned (absent: never), `accept(3)`. */
  waits: [from: number, until: number | undefined, call: string][];
}

/** A packet between two hosts. */
export interface Flight {
  /** The `#` of the ladder. */
  passage: number;
  conversation?: number;
  from: string;
  to: string;
  left: number;
  arrived?: number;
  /** It never arrived: from `left` to `repeated` (or the end) nothing makes up for it. */
  lost: boolean;
  /** It was lost and its sender waits for an acknowledgment; not so for a mere ACK or a RST. */
  awaited?: true;
  /** When its bytes were sent again, or a later segment acknowledged as much as a mere ACK did. */
  repeated?: number;
}

/** How much one kernel counter of a host has risen since the recording began. */
export interface CounterTrack {
  host: string;
  name: string;
  rises: Change<number>[];
}

export interface Tracks {
  /** The last moment of the run. */
  end: number;
  sockets: SocketTrack[];
  processes: ProcessTrack[];
  flights: Flight[];
  counters: CounterTrack[];
}

export interface SocketNow extends Omit<SocketTrack, 'states' | 'owners' | 'queue' | 'unread' | 'unacknowledged'> {
  /** Index into Tracks.sockets. */
  track: number;
  state: SocketState;
  /** When it entered that state. */
  since: number;
  owners?: string[];
  queue?: number;
  unread?: number;
  unacknowledged?: number;
}

export interface ProcessNow extends Pick<ProcessTrack, 'host' | 'program' | 'pid' | 'parent'> {
  state: 'runs' | 'waits' | 'zombie';
  /** What it waits in, and since when. */
  call?: string;
  since: number;
}

export interface CounterNow {
  host: string;
  name: string;
  rise: number;
  /** When it was last read before this instant. */
  since: number;
}

export interface Instant {
  at: number;
  /** Sockets that have been in any state by now; the closed ones last. */
  sockets: SocketNow[];
  processes: ProcessNow[];
  /** On their way now, and lost ones that have not been sent again. */
  flights: Flight[];
  /** Those that have risen by now. */
  counters: CounterNow[];
}
