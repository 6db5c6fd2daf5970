// One socket's way through the states of RFC 9293, figure 5: what leaves it, what reaches it, what its program does.

import type { SocketState } from '../model/look.ts';
import type { Passage, StateChange } from '../model/report.ts';
import type { Micros } from '../model/time.ts';

/** What happens to a socket. Calls count only where no segment shows their effect. */
export type SocketEvent = { at: Micros } & (
  | { kind: 'left' | 'arrived'; passage: Passage }
  | { kind: 'connects' | 'half-closed' | 'released' | 'failed'; call?: number }
);

/** A socket while its events are followed. */
export interface Machine {
  state: SocketState;
  changes: StateChange[];
  /** The passage that completes the handshake of a responder; earlier acknowledgments found the accept queue full. */
  completedBy?: number;
  /** Relative acknowledgment number that covers this end's FIN. */
  finAcked?: number;
  /** The SYN that came in; the responder's socket exists only once it is answered. */
  synArrived?: { at: Micros; passage: number };
  /** What last kept a socket that nobody owns waiting: TIME-WAIT's 2 MSL count from there. */
  since: Micros;
  released: boolean;
}

export const newMachine = (completedBy?: number): Machine => ({
  state: 'CLOSED',
  changes: [],
  since: 0,
  released: false,
  ...(completedBy === undefined ? {} : { completedBy }),
});

type SegmentEvent = Extract<SocketEvent, { passage: Passage }>;
type Cause = Pick<StateChange, 'at' | 'passage' | 'call'>;

const has = ({ passage }: SegmentEvent, letter: string): boolean => passage.tcp?.flags.includes(letter) ?? false;

function enter(machine: Machine, state: SocketState | undefined, cause: Cause): void {
  if (state === undefined || state === machine.state) return;
  machine.state = state;
  machine.since = cause.at;
  machine.changes.push({ state, ...cause });
}

const onClose: Partial<Record<SocketState, SocketState>> = {
  'SYN-RECEIVED': 'FIN-WAIT-1',
  ESTABLISHED: 'FIN-WAIT-1',
  'CLOSE-WAIT': 'LAST-ACK',
};

function left(machine: Machine, event: SegmentEvent): void {
  const { at, passage } = event;
  const cause = { at, passage: passage.number };
  if (has(event, 'R')) {
    if (machine.changes.length > 0) enter(machine, 'CLOSED', cause);
    return;
  }
  if (has(event, 'S')) {
    if (!has(event, '.')) enter(machine, machine.state === 'CLOSED' ? 'SYN-SENT' : undefined, cause);
    else if (machine.state === 'CLOSED' && machine.synArrived) enter(machine, 'SYN-RECEIVED', machine.synArrived);
  }
  if (!has(event, 'F')) return;
  machine.finAcked ??= (passage.tcp?.relativeSeq ?? 0) + (passage.tcp?.length ?? 0) + 1;
  enter(machine, onClose[machine.state], cause);
}

/** What an acknowledgment does before the FIN bit of the same segment is looked at (RFC 9293, section 3.10.7.4). */
function acknowledged(machine: Machine, event: SegmentEvent): SocketState {
  const { tcp, number } = event.passage;
  const ack = tcp?.relativeAck;
  if (ack === undefined) return machine.state;
  if (machine.state === 'SYN-SENT') return has(event, 'S') ? 'ESTABLISHED' : machine.state;
  if (machine.state === 'SYN-RECEIVED')
    return ack < 1 || number < (machine.completedBy ?? 0) ? machine.state : 'ESTABLISHED';
  if (machine.finAcked === undefined || ack < machine.finAcked) return machine.state;
  const next: Partial<Record<SocketState, SocketState>> = {
    'FIN-WAIT-1': 'FIN-WAIT-2',
    CLOSING: 'TIME-WAIT',
    'LAST-ACK': 'CLOSED',
  };
  return next[machine.state] ?? machine.state;
}

const afterFin: Partial<Record<SocketState, SocketState>> = {
  ESTABLISHED: 'CLOSE-WAIT',
  'FIN-WAIT-1': 'CLOSING',
  'FIN-WAIT-2': 'TIME-WAIT',
};

function arrived(machine: Machine, event: SegmentEvent): void {
  const { at, passage } = event;
  const cause = { at, passage: passage.number };
  const bareSyn = has(event, 'S') && !has(event, '.');
  // A SYN sent again: the one before it was not answered, so nothing was made by it.
  if (bareSyn && machine.state === 'CLOSED') machine.synArrived = cause;
  if (machine.state === 'CLOSED') return;
  if (has(event, 'R')) {
    enter(machine, 'CLOSED', cause);
    return;
  }
  // Simultaneous open (RFC 9293, section 3.5): both ends sent a SYN, each gets the other's.
  const crossing = bareSyn && machine.state === 'SYN-SENT';
  const state = crossing ? 'SYN-RECEIVED' : acknowledged(machine, event);
  enter(machine, (has(event, 'F') ? afterFin[state] : undefined) ?? state, cause);
  if (machine.state === 'TIME-WAIT') machine.since = at;
}

function called(machine: Machine, { at, kind, call }: Exclude<SocketEvent, SegmentEvent>): void {
  const cause = { at, ...(call === undefined ? {} : { call }) };
  if (kind === 'connects') {
    enter(machine, machine.state === 'CLOSED' ? 'SYN-SENT' : undefined, cause);
    return;
  }
  if (kind === 'failed') {
    if (machine.state !== 'TIME-WAIT') enter(machine, machine.changes.length > 0 ? 'CLOSED' : undefined, cause);
    return;
  }
  if (kind === 'released') machine.released = true;
  enter(machine, machine.state === 'SYN-SENT' ? 'CLOSED' : onClose[machine.state], cause);
  if (machine.state === 'FIN-WAIT-2' && kind === 'released') machine.since = at;
}

/** Lets one event happen to the socket. */
export function happen(machine: Machine, event: SocketEvent): void {
  if (!('passage' in event)) called(machine, event);
  else if (event.kind === 'left') left(machine, event);
  else arrived(machine, event);
}

/** TCP_TIMEWAIT_LEN of Linux, 2 MSL by its reckoning; the kernel's timer may take up to two seconds more. */
const timeWait = 60_000_000;

/**
 * Ends a wait that nothing but a clock ends: TIME-WAIT, or FIN-WAIT-2 of a socket that nobody has open (tcp_fin_timeout,
 * here in microseconds); earlier when a new connection takes the four-tuple over.
 */
export function expire(
  machine: Machine,
  { until, reused, finTimeout }: { until: Micros; reused: Micros; finTimeout: Micros },
): void {
  const waits = machine.state === 'TIME-WAIT' || (machine.state === 'FIN-WAIT-2' && machine.released);
  if (!waits) return;
  const at = Math.min(reused, machine.since + (machine.state === 'TIME-WAIT' ? timeWait : finTimeout));
  if (at <= until) enter(machine, 'CLOSED', { at });
}
