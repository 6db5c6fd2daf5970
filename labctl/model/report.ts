// What the analysis found in a run, as values that every view draws: passages of packets, conversations, calls, verdicts.

import type { Call, CallEvent } from './call.ts';
import type { Endpoint } from './endpoint.ts';
import type { Text } from './language.ts';
import type { Look, SocketState } from './look.ts';
import type { Arp, CapturePoint, Icmp, Packet, Tcp, Udp } from './packet.ts';
import type { RunEvent, RunRecord } from './run.ts';
import type { Expectation, Scenario } from './scenario.ts';
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
  /** Both hosts record this interface and only the sender saw it. */
  lost: boolean;
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
  meaning: SegmentMeaning;
  /** The passage whose bytes this one carries again, and how long after it. */
  repeats?: { passage: number; after: number };
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

/** The states of one socket over time (RFC 9293, figure 5): a listener's, or those of one end of a conversation. */
export interface SocketHistory {
  host: string;
  side: 'listener' | 'initiator' | 'responder';
  local: Endpoint;
  conversation?: number;
  changes: StateChange[];
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

export interface Report {
  run: RunRecord;
  scenario: Scenario;
  passages: Passage[];
  conversations: Conversation[];
  calls: TracedCall[];
  /** Signals and ends of processes. */
  processEvents: Exclude<CallEvent, Call>[];
  looks: Look[];
  events: RunEvent[];
  moments: Moment[];
  states: SocketHistory[];
  callTables: { program: string; rows: CallTableRow[] }[];
  verdicts: Verdict[];
  /** The whole: unmet if one is unmet, else not-observable if one is, else met. */
  verdict: VerdictWord;
}
