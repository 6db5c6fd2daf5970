// What a look at a host found: socket rows (ss), process rows (ps), kernel counters (nstat).

import type { Endpoint } from './endpoint.ts';
import type { Micros } from './time.ts';

/** TCP states by the names of RFC 9293, section 3.3.2; UDP sockets are `UNCONN` or `ESTABLISHED`. */
export type SocketState =
  | 'LISTEN'
  | 'SYN-SENT'
  | 'SYN-RECEIVED'
  | 'ESTABLISHED'
  | 'FIN-WAIT-1'
  | 'FIN-WAIT-2'
  | 'CLOSE-WAIT'
  | 'CLOSING'
  | 'LAST-ACK'
  | 'TIME-WAIT'
  | 'CLOSED'
  | 'UNCONN';

export interface SocketRow {
  /** 1-based line in the ss table. */
  row: number;
  protocol: 'tcp' | 'udp';
  state: SocketState;
  /** For LISTEN: connections in the accept queue. Else bytes not yet read. */
  receiveQueue: number;
  /** For LISTEN: the backlog. Else bytes not yet acknowledged. */
  sendQueue: number;
  local: Endpoint;
  peer: Endpoint;
  /** 0: no file, so no process can own it. */
  inode: number;
  uid: number;
  /** Who holds it open, where ss may see that. */
  owners: { name: string; pid: number; fd: number }[];
  /** `timer:(...)` of ss, e.g. `timewait,59sec,0`. */
  timer?: string;
  /** True: Docker's DNS on 127.0.0.11, never the lab's own. */
  engineOwned: boolean;
}

export interface ProcessRow {
  row: number;
  pid: number;
  ppid: number;
  uid: number;
  /** `S`, `R`, `Z`…, as ps prints STAT. */
  state: string;
  name: string;
  command: string;
}

/** Counter name (`TcpExtListenOverflows`) → absolute value. */
export type Counters = Record<string, number>;

/** What rose between two readings of a host's counters: nothing before `from`, all of it by `until`. */
export interface CounterRise {
  host: string;
  from: Micros;
  until: Micros;
  /** By how much, for each counter that rose. */
  changes: Counters;
}

/** What ss said of one TCP connection at one moment (`ss -ti`), in bytes where ss counts segments. */
export interface TcpSample {
  host: string;
  /** Between the question and the answer. */
  at: Micros;
  local: Endpoint;
  peer: Endpoint;
  /** Of the congestion control: `reno`, `cubic`, `bbr`. */
  algorithm: string;
  congestionWindow: number;
  /** Sent, and neither acknowledged nor held to be lost: what the congestion window limits. */
  inFlight: number;
  /** The room that the peer has announced; older versions of ss do not tell. */
  peerWindow?: number;
}

export interface Look {
  /** The name a scenario gave, or `start` / `end`. */
  name: string;
  host: string;
  at: Micros;
  sockets: SocketRow[];
  processes: ProcessRow[];
  counters: Counters;
  /** Tables that could not be read, which is something else than empty ones. */
  missing?: ('sockets' | 'processes' | 'counters')[];
}
