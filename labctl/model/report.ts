// What the analysis found in a run, as values that every view draws: passages of packets, conversations, calls, verdicts.

import type { Call, CallEvent } from './call.ts';
import type { Endpoint } from './endpoint.ts';
import type { Expectation } from './expectation.ts';
import type { Text } from './language.ts';
import type { CounterRise, Look, SocketState, TcpSample } from './look.ts';
import type { Arp, CapturePoint, Icmp, Packet, Tcp, Udp } from './packet.ts';
import type { RunEvent, RunRecord } from './run.ts';
import type { Scenario } from './scenario.ts';
import type { Micros } from './time.ts';

/** One packet in one capture file: enough to find it in Wireshark. */
export interface Sighting {
  point: CapturePoint;
  frame: number;
  at: Micros;
}

/** What a TCP segment is for, in the words of RFC 9293; views translate it. */
export type SegmentMeaning =
  | 'syn'
  | 'syn-ack'
  | 'handshake-ack'
  | 'data'
  | 'ack'
  | 'fin'
  | 'fin-ack'
  | 'last-ack'
  | 'rst-refused'
  | 'rst'
  | 'window-update'
  /** Acknowledges nothing new while bytes are outstanding: something is missing (RFC 5681, section 2). */
  | 'duplicate-ack'
  /** A byte or none, to a receiver that has no room (RFC 9293, section 3.8.6.1). */
  | 'window-probe'
  | 'keep-alive'
  | 'other';

/** One packet's way from one host to another, matched between the capture of the sender and that of the receiver. */
export interface Passage {
  /** 1-based, in order of time: the `#` of the ladder. */
  number: number;
  at: Micros;
  /** Host names where an address belongs to a lab host, else the address. */
  from: string;
  to: string;
  /** Seen leaving; absent when the sender is not recorded. */
  sent?: Sighting;
  /** Seen arriving; absent when it never did, or the receiver is not recorded. */
  arrived?: Sighting;
  /** Later arrivals of the same packet, which nobody sent again: the network made copies. */
  copies?: Sighting[];
  /** A passage of the same flow that left later and arrived earlier, the first such: this one arrived out of order. */
  overtakenBy?: number;
  /** Both hosts record this interface and only the sender saw it. */
  lost: boolean;
  /** The wire rule that took it, and how many packets it took in all; where the run records such rules. */
  takenBy?: { rule: string; matched: number };
  packet: Packet;
  tcp?: SegmentPassage;
  udp?: Udp;
  arp?: Arp;
  icmp?: Icmp;
}

export interface SegmentPassage {
  header: Tcp;
  /** Index into Report.conversations. */
  conversation: number;
  fromInitiator: boolean;
  /** Relative to each direction's initial sequence number (Wireshark's default view). */
  relativeSeq: number;
  relativeAck?: number;
  flags: string;
  length: number;
  /** Blocks that arrived beyond the acknowledged bytes, or twice (RFC 2018, RFC 2883); relative like `relativeAck`. */
  sack?: { left: number; right: number }[];
  meaning: SegmentMeaning;
  /** The passage whose bytes this one carries again, how long after it, and why where a kernel counter proves it. */
  repeats?: { passage: number; after: number; why?: RepetitionProof };
}

/**
 * What made a kernel send again: its retransmission timer (RTO, RFC 6298), a tail loss probe (RFC 8985, section 7),
 * duplicate acknowledgments (RFC 5681, section 3.2), or slow start after a timeout going through what is still missing.
 */
export type RepetitionCause = 'timeout' | 'tail-loss-probe' | 'fast-retransmission' | 'slow-start';

/** The counter rose at the sender by exactly what these repetitions explain, and no other counter can explain them. */
export interface RepetitionProof {
  cause: RepetitionCause;
  /** As nstat names it: `TcpExtTCPLossProbes`. */
  counter: string;
  /** The readings between which it rose, and by how much. */
  from: Micros;
  until: Micros;
  rose: number;
  /** Passages of the duplicate ACKs that had arrived; only for a fast retransmission. */
  duplicateAcks?: number[];
}

/** A TCP conversation between two endpoints, both directions together. */
export interface Conversation {
  /** 0-based, by its first packet. */
  index: number;
  initiator: { endpoint: Endpoint; host: string; program?: string };
  responder: { endpoint: Endpoint; host: string; program?: string };
  start: Micros;
  end: Micros;
  /** Payload bytes each way, repetitions left out. */
  bytes: { fromInitiator: number; fromResponder: number };
  passages: number[];
  /** Passage numbers of the three handshake segments, as far as seen. */
  handshake: { syn?: number; synAck?: number; ack?: number };
  /** Microseconds from SYN to the ACK of the SYN-ACK at the initiator: Wireshark's initial RTT. */
  initialRtt?: number;
  /** How it ended. */
  closing: 'open' | 'fin-both' | 'fin-initiator' | 'fin-responder' | 'reset' | 'refused' | 'no-answer';
}

/** What stands on the time line. */
export type Moment = { at: Micros } & (
  | { kind: 'passage'; passage: number }
  /** A packet that was overtaken arrives, or one that has arrived already does once more: rows of their own. */
  | { kind: 'arrival'; passage: number; copy: boolean }
  /** A blocked call gives two moments: entered, and returned. A quick one gives one, `whole`. */
  | { kind: 'call'; call: number; part: 'whole' | 'entered' | 'returned' }
  | { kind: 'event'; event: RunEvent }
  | { kind: 'exit'; host: string; program: string; pid: number; code?: number; signal?: string }
  | { kind: 'signal'; host: string; program: string; pid: number; signal: string }
  | { kind: 'look'; look: number }
);

/** A call with what the analysis knows about it beyond strace. */
export interface TracedCall extends Call {
  /** Index into Report.calls. */
  index: number;
  /** The conversation it works on, by inode and addresses. */
  conversation?: number;
  /** Passages that this call caused (connect → SYN, write → data, close → FIN). */
  caused: number[];
}

/** A socket entered a state, because a segment left or arrived, or because of a call. */
export interface StateChange {
  at: Micros;
  state: SocketState;
  passage?: number;
  /** Index into Report.calls. */
  call?: number;
}

/** A process had the socket open, by at least one descriptor. */
export interface SocketOwner {
  program: string;
  pid: number;
  from: Micros;
  /** Absent: it still had it when the recording ended. */
  until?: Micros;
  /** How it got it: made it, accepted it, or was born with it. `before`: it had it when its calls began to be recorded. */
  by: 'socket' | 'accept' | 'fork' | 'passed' | 'before';
  /** How it gave it up. */
  ended?: 'close' | 'exit' | 'exec';
}

/** The accept queue of a listener has another length: a handshake was completed, or accept() took a connection. */
export interface QueueChange {
  at: Micros;
  length: number;
  /** Index into Report.conversations: which connection came or left. */
  conversation: number;
  /** The segment that completed its handshake, or that ended it in the queue. */
  passage?: number;
  /** The accept() that took it: index into Report.calls. */
  call?: number;
}

/**
 * The states of one socket over time (RFC 9293, figure 5): a listener's, or those of one end of a conversation. A
 * datagram socket is UNCONN, or ESTABLISHED once connect() gave it a peer, as ss calls it.
 */
export interface SocketHistory {
  host: string;
  side: 'listener' | 'initiator' | 'responder' | 'datagram';
  local: Endpoint;
  conversation?: number;
  changes: StateChange[];
  /** Socket inode, where calls name it: the number that ss prints. */
  inode?: number;
  /** Who had it open when, in order of time; empty where no call tells. A connection in the accept queue has none. */
  owners: SocketOwner[];
  /** Listeners only. */
  backlog?: number;
  queue?: QueueChange[];
}

export type Proof =
  | { kind: 'frame'; point: CapturePoint; frame: number; passage: number }
  | { kind: 'call'; program: string; number: number; call: number }
  | { kind: 'row'; look: string; host: string; table: 'sockets' | 'processes'; row: number }
  | { kind: 'output'; program: string; at: Micros };

export type VerdictWord = 'met' | 'unmet' | 'not-observable';

/** An expectation judged. `expected` and `seen` use one notation so that they can be compared by eye. */
export interface Verdict {
  expectation: Expectation;
  /** `scenarios/refused.yml:9`. */
  at: string;
  verdict: VerdictWord;
  expected: Text;
  seen: Text;
  proofs: Proof[];
}

/** One row of a program's life: the handout's seven steps. */
export interface CallTableRow {
  number: number;
  line?: { file: string; line: number; text?: string };
  call: string;
  result: string;
  /** When the result was there, as on the ladder; for a wait that another row ends, when it began. */
  at: Micros;
  took?: number;
  /** Frames that it caused, empty for "no packet". */
  passages: number[];
  callIndex: number;
}

/** Where calls tell that something happened which the rest of the evidence could not see. */
export interface BlindSpots {
  /** Hosts that talked to themselves while their loopback interface was not recorded. */
  loopback: string[];
  /** Programs with an io_uring(7). */
  uring: string[];
}

export interface Report {
  run: RunRecord;
  scenario: Scenario;
  passages: Passage[];
  conversations: Conversation[];
  calls: TracedCall[];
  /** Signals and ends of processes. */
  processEvents: Exclude<CallEvent, Call>[];
  looks: Look[];
  counterRises: CounterRise[];
  /** Measures of TCP connections, host by host in order of time. */
  samples: TcpSample[];
  events: RunEvent[];
  moments: Moment[];
  states: SocketHistory[];
  /** What this run's evidence is blind to; absent where to nothing that shows. */
  blind?: BlindSpots;
  callTables: { program: string; rows: CallTableRow[] }[];
  verdicts: Verdict[];
  /** The whole: unmet if one is unmet, else not-observable if one is, else met. */
  verdict: VerdictWord;
}
