// What labctl asks of whatever makes labs real. Two engines stand behind this; no type of theirs passes it.

import type { Readable, Writable } from 'node:stream';
import type { EngineEvent } from '../model/engine-event.ts';
import type { Lab } from '../model/lab.ts';
import type { WirePort } from '../model/wire.ts';

export type OnEngineEvent = (event: EngineEvent) => void;

export interface Work {
  on?: OnEngineEvent;
  signal?: AbortSignal;
  /** Asked before hosts that run are removed because they differ; what it throws ends the work, and nothing has changed. */
  mayRemove?: (hosts: readonly string[]) => Promise<void>;
}

/** One interface of a running host. */
export interface HostInterface {
  /** `eth0`. */
  name: string;
  network: string;
  address: string;
  mac: string;
  prefixLength: number;
  /** Where its network has IPv6; of a /64. */
  address6?: string;
}

export interface RunningHost {
  name: string;
  state: 'running' | 'created' | 'exited' | 'paused' | 'other';
  image: string;
  /** Empty unless running. `name` is the interface name inside the host only once `Host.interfaces()` was asked. */
  /** IPv4 first, then IPv6 where networks have it. */
  addresses: { network: string; address: string }[];
  /** See HostSpec. */
  tunedBy?: string;
}

/** What a limit of the Compose file holds for: the host as a whole, each of its processes alone, or nothing at all. */
export type Hold = 'host' | 'process' | 'none';
export type Holds = Record<'processes' | 'memory' | 'processor' | 'files', Hold>;

export interface RunningLab {
  name: string;
  engine: string;
  /** The Compose file it came from, as recorded at `up`. */
  file: string;
  hosts: RunningHost[];
  networks: { name: string; subnet: string; subnet6?: string }[];
}

export interface ExecOptions {
  /** `0` or `root` is the recorder's user; programs run as 1000, the default. */
  user?: string;
  workingDir?: string;
  environment?: Record<string, string>;
  signal?: AbortSignal;
}

export interface ExecResult {
  stdout: string;
  stderr: string;
  exitCode: number;
}

/** A program running in a host. Its output is pulled, so nobody's memory fills. */
export interface RunningProgram {
  stdin: Writable;
  /** Chunks in the order in which they came; both streams end when the program does. With a terminal all is stdout. */
  output: AsyncIterable<{ stream: 'stdout' | 'stderr'; bytes: Uint8Array }>;
  /** Settles when the program ended; 128 + n after signal n. */
  exitCode: Promise<number>;
  /** Terminal only. */
  resize(columns: number, rows: number): Promise<void>;
  /** Drops the connection; what hangs on its standard input ends. */
  disconnect(): void;
}

export interface SpawnOptions extends ExecOptions {
  terminal?: { columns: number; rows: number };
  /**
   * Python 3 that runs instead of a program, with `argv` as its arguments (sys.argv[1:]) and all of standard input for
   * itself. The second part is there as `rest`, text or code, for exec() when the first needs it. For root only.
   */
  script?: readonly [first: string, rest: string];
}

export interface Host {
  readonly name: string;
  /** See HostSpec. */
  readonly tunedBy?: string;
  exec(argv: readonly string[], options?: ExecOptions & { input?: string | Uint8Array }): Promise<ExecResult>;
  spawn(argv: readonly string[], options?: SpawnOptions): Promise<RunningProgram>;
  interfaces(): Promise<HostInterface[]>;
  /** The output of the host's own first process. */
  logs(options: { follow: boolean; tail?: number; signal?: AbortSignal }): Promise<Readable>;
}

/** The place where a lab's bridges are, with nft and tc to work on them; held by one run at a time. */
export interface Wire {
  /** Where the cables of the hosts that were asked for end. */
  ports: readonly WirePort[];
  exec(argv: readonly string[], input?: string): Promise<ExecResult>;
  /** Settles when what holds the rules ended before it was released. Never rejects. */
  lost: Promise<void>;
  /** Takes away the lab's table and queues. That happens by itself, at once, when labctl is killed. */
  release(): Promise<void>;
}

export interface UpResult {
  /** False when nothing had to be done. */
  changed: boolean;
  lab: RunningLab;
}

export interface EngineVersion {
  name: string;
  version: string;
  api: string;
  kernel: string;
}

/** For networks and the like. Not localeCompare: to make its rules ready takes 10 ms. */
export const byName = (a: { name: string }, b: { name: string }): number =>
  a.name < b.name ? -1 : Number(a.name > b.name);

/** Everything here throws LabError with kind `engine` when the engine fails or cannot be reached. */
export interface Engine {
  readonly name: 'docker' | 'embedded';
  version(): Promise<EngineVersion>;
  /** Makes the images that the lab needs and that are missing or stale; true if any was made. */
  build(lab: Lab, work?: Work): Promise<boolean>;
  /** Creates, recreates or starts what differs from the lab; touches nothing else. Images must be there. */
  up(lab: Lab, work?: Work): Promise<UpResult>;
  /** Removes every object that carries this lab's label; an unknown name removes nothing. */
  down(labName: string, work?: Work): Promise<{ removed: number }>;
  list(): Promise<RunningLab[]>;
  find(labName: string): Promise<RunningLab | undefined>;
  /** What the limits of a lab that is up hold for; a question of its own, because few ask it. */
  limits(labName: string): Promise<Holds>;
  host(labName: string, hostName: string): Promise<Host>;
  /** Throws LabError `usage` while another run holds the wire of this lab. */
  wire(labName: string, hosts: readonly string[]): Promise<Wire>;
  /** All images of the lab as one archive, as `docker save` makes it. */
  saveImages(lab: Lab): Promise<Readable>;
  loadImages(archive: Readable, work?: Work): Promise<string[]>;
}
