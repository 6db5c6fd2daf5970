// A run as it is written down: what happened when (events), and what stays true for all of it (the record in run.json).

import type { CallEvent } from './call.ts';
import type { Text } from './language.ts';
import type { CounterRise, Look, TcpSample } from './look.ts';
import type { Packet } from './packet.ts';
import type { Scenario } from './scenario.ts';
import type { Micros } from './time.ts';
import type { WireCount } from './wire.ts';

/** Version of run.json and events.jsonl; raised when a reader of the old form would misread the new one. */
export const runVersion = 1;

/** One moment of a run. The same stream feeds the terminal while it happens and events.jsonl for afterwards. */
export type RunEvent = { at: Micros } & (
  | { kind: 'recording-started'; host: string; interfaces: string[] }
  /** `round`: which one of a `repeat`, counted from 1. */
  | { kind: 'step-began'; step: number; verb: string; name?: string; summary: Text; say?: Text; round?: number }
  | { kind: 'step-ended'; step: number }
  | { kind: 'step-failed'; step: number; awaited: string; seen: string; place: string }
  /** `at` lies before it: what a program does comes after its start, whenever labctl hears of it. */
  | { kind: 'program-started'; program: string; host: string; argv: string[]; pid?: number; traced: boolean }
  | { kind: 'typed'; program: string; text: string }
  | { kind: 'output'; program: string; stream: 'stdout' | 'stderr'; text: string }
  /** Megabytes were printed: what came after the limit is counted, not kept. */
  | { kind: 'output-cut'; program: string; bytes: number }
  | { kind: 'input-closed'; program: string }
  | { kind: 'signalled'; program: string; signal: string }
  | { kind: 'program-ended'; program: string; code: number }
  | { kind: 'look'; name: string; host: string }
  /** `until`: when the marker that ends a capture came by; what came before it is in the capture. */
  | { kind: 'recording-stopped'; host: string; interface: string; captured: number; dropped: number; until?: Micros }
  /** The host was made anew with these kernel settings, for this run alone. */
  | { kind: 'host-tuned'; host: string; sysctls: Record<string, string> }
  /** From now on none of the host's programs runs; its kernel does. */
  | { kind: 'host-paused'; host: string }
  | { kind: 'host-resumed'; host: string }
  /** `loaded`: what nft or tc was told. */
  | { kind: 'rule-added'; rule: string; summary: Text; loaded: string }
  | ({ kind: 'rule-removed' } & WireCount)
  /** The machine's clock was set, or the machine slept, by so many microseconds: times before and after do not fit. */
  | { kind: 'clock-stepped'; by: Micros }
  | { kind: 'stopped'; why: string }
);

/** One interface of a host at the time of the run. */
export interface InterfaceRecord {
  name: string;
  /** The lab's network, or `loopback`. */
  network: string;
  addresses: string[];
  mac?: string;
}

export interface HostRecord {
  name: string;
  interfaces: InterfaceRecord[];
  /** net.ipv4.tcp_* and ip_local_port_range as the host had them. */
  sysctls: Record<string, string>;
  congestionControl: string;
}

export interface ProgramRecord {
  name: string;
  host: string;
  argv: string[];
  traced: 'calls' | 'lines' | false;
}

/** What became of the run itself, before any expectation is judged. */
export type RunOutcome = 'complete' | 'step-failed' | 'interrupted' | 'engine-failed';

/** The content of run.json. */
export interface RunRecord {
  version: typeof runVersion;
  labctl: string;
  lab: string;
  scenario: string;
  engine: { name: string; version: string; api?: string };
  kernel: string;
  started: Micros;
  ended: Micros;
  outcome: RunOutcome;
  hosts: HostRecord[];
  programs: ProgramRecord[];
  /** Packets the kernel threw away before tcpdump could read them, per capture point. */
  drops: { host: string; interface: string; captured: number; dropped: number }[];
  /** What the rules of the wire counted; absent where the scenario has none. */
  wire?: WireCount[];
}

/** Everything a run folder holds, read back: what the analysis starts from. */
export interface RecordedRun {
  /** Absolute path of the run folder. */
  folder: string;
  record: RunRecord;
  scenario: Scenario;
  events: RunEvent[];
  /** Packets of every host, host by host, each in the order of its file. */
  packets: Packet[];
  calls: CallEvent[];
  looks: Look[];
  /** Counters of the kernel's retransmissions as they rose, host by host in order of time; older runs have none. */
  counterRises?: CounterRise[];
  /** Measures of TCP connections, host by host in order of time, where the scenario asked for them. */
  samples?: TcpSample[];
  /** Source file name → its lines, for programs recorded with their source lines. */
  sources: Record<string, string[]>;
}
