// Programs in a host: asks the keeper to start one, carries its streams, learns how it ended.

import type { Socket } from 'node:net';
import { addAbortSignal, Readable, Writable } from 'node:stream';
import { LabError } from '../../model/lab-error.ts';
import type { ExecOptions, ExecResult, RunningProgram, SpawnOptions } from '../engine.ts';
import { connectKeeper } from './ask.ts';
import type { HostState } from './description.ts';
import { frame, framesIn } from './frames.ts';
import { ReadAhead } from './read-ahead.ts';
import { environmentOf, workingDirOf } from './sandbox.ts';
import { toolPath } from './tools.ts';

/** A host, and the folder of its lab's keeper. */
export interface Place {
  folder: string;
  host: HostState;
}

type Chunk = { stream: 'stdout' | 'stderr'; bytes: Uint8Array };

/**
 * What the recorder needs: to capture and to switch offloads off, to see who owns sockets, to signal. The same as the
 * Compose file gives to root on Docker, plus SYS_PTRACE: here programs live in a user namespace below the recorder's.
 */
const recorderRights = ['net_admin', 'net_raw', 'kill', 'sys_ptrace'];

const requestFor = ({ host }: Place, argv: readonly string[], options: SpawnOptions) => ({
  do: 'exec' as const,
  host: host.name,
  argv,
  ...(options.script ? { script: options.script } : {}),
  root: options.user === 'root' || options.user === '0',
  caps: recorderRights,
  limits: host.limits,
  dir: options.workingDir ?? workingDirOf(host),
  env: {
    ...environmentOf(host),
    ...(options.terminal ? { TERM: 'xterm' } : {}),
    ...options.environment,
  },
  terminal: options.terminal ? [options.terminal.columns, options.terminal.rows] : null,
});

/** Starts a program whose streams are connected; see RunningProgram. */
export const spawnProgram = (
  place: Place,
  argv: readonly string[],
  options: SpawnOptions = {},
): Promise<RunningProgram> => spawnBy(place.folder, requestFor(place, argv, options), options.signal);

interface LogOptions {
  follow: boolean;
  tail?: number;
  signal?: AbortSignal;
}

/** A host's log, by tail(1), which follows a file better than any loop; it ends with the host, or with its reader. */
export async function logOf({ folder, host }: Place, file: string, options: LogOptions): Promise<Readable> {
  const { tail, signal } = options;
  const argv = ['tail', '-n', tail === undefined ? '+1' : String(tail), ...(options.follow ? ['-s', '0.2', '-f'] : [])];
  const request = { do: 'exec' as const, host: host.name, argv, log: file, root: true, env: onWire, terminal: null };
  const running = await spawnBy(folder, request, signal);
  const bytes = async function* () {
    for await (const chunk of running.output) if (chunk.stream === 'stdout') yield chunk.bytes;
  };
  const log = Readable.from(bytes(), { objectMode: false });
  log.once('close', () => running.disconnect());
  return signal ? addAbortSignal(signal, log) : log;
}

/** Starts a program beside the bridges, with the keeper's own rights. */
export const spawnOnWire = (folder: string, argv: readonly string[]): Promise<RunningProgram> =>
  spawnBy(folder, { do: 'exec', host: null, root: true, argv, env: onWire, terminal: null });

const onWire = { PATH: toolPath, LC_ALL: 'C.UTF-8' };

async function spawnBy(
  folder: string,
  request: { do: 'exec'; argv: readonly string[] } & Record<string, unknown>,
  signal?: AbortSignal,
): Promise<RunningProgram> {
  signal?.throwIfAborted();
  const socket = await connectKeeper(folder);
  if (socket === undefined) throw new LabError('engine', 'its lab is gone', { hint: '`labctl up`' });
  socket.on('error', () => undefined);
  destroyOnAbort(socket, signal);
  socket.write(`${JSON.stringify(request)}\n`);
  return {
    ...follow(socket, request.argv[0] ?? '', signal),
    stdin: inputOf(socket),
    resize: async (columns, rows) => void socket.write(windowFrame(columns, rows)),
  };
}

function windowFrame(columns: number, rows: number): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt16BE(columns);
  size.writeUInt16BE(rows, 2);
  return frame('w', size);
}

function destroyOnAbort(socket: Socket, signal: AbortSignal | undefined): void {
  if (!signal) return;
  const destroy = () => socket.destroy();
  signal.addEventListener('abort', destroy, { once: true });
  socket.once('close', () => signal.removeEventListener('abort', destroy));
}

/** Standard input. What is written after the program's end goes nowhere, as with any program that no longer reads. */
function inputOf(socket: Socket): Writable {
  const send = (bytes: Buffer, done: () => void) => {
    if (socket.writable) socket.write(bytes, () => done());
    else done();
  };
  return new Writable({
    write: (chunk: Uint8Array, _encoding, done) => send(frame('i', chunk), done),
    final: (done) => send(frame('c'), done),
  });
}

/** How much is read ahead of a caller who does not take it: as much as a pipe holds, so that its end is soon heard. */
const aheadLimit = 1 << 16;

/** How long a program may take to end once nobody is connected to it, for its exit code to be waited for. */
const endDeadline = 10_000;

/** The output and the end of a program. The end may come first: its children may hold the output open. */
function follow(socket: Socket, program: string, signal: AbortSignal | undefined) {
  let ended: (code: number) => void = () => undefined;
  let lost: (reason: unknown) => void = () => undefined;
  let isOver = false;
  let isWanted = true;
  const exitCode = new Promise<number>((resolve, reject) => ([ended, lost] = [resolve, reject]));
  // A caller may look at the exit code late or never; that must not end labctl.
  exitCode.catch(() => undefined);
  socket.once('close', () => {
    lost(signal?.aborted ? signal.reason : new LabError('engine', `the connection to ${program} is gone`));
  });
  const ahead = new ReadAhead<Chunk>(aheadLimit);
  const end = (code: number) => {
    ended(code);
    isOver = true;
    if (!isWanted) socket.destroy();
  };
  void carry(socket, ahead, end);
  const disconnect = () => {
    isWanted = false;
    ahead.drop();
    if (isOver) socket.destroy();
    if (socket.destroyed) return;
    socket.end();
    const timer = setTimeout(() => socket.destroy(), endDeadline);
    socket.once('close', () => clearTimeout(timer));
  };
  return { output: outputOf(ahead, socket), exitCode, disconnect };
}

/** Takes the frames apart until there are no more. */
async function carry(socket: Socket, ahead: ReadAhead<Chunk>, ended: (code: number) => void): Promise<void> {
  try {
    for await (const { kind, payload } of framesIn(socket)) {
      if (kind === 'f') throw new LabError('engine', payload.toString());
      if (kind === 'x') ended(payload.readInt32BE());
      else await ahead.push({ stream: kind === 'o' ? 'stdout' : 'stderr', bytes: payload });
    }
    ahead.end();
  } catch (error) {
    ahead.end(endings.has((error as NodeJS.ErrnoException).code ?? '') ? undefined : error);
  } finally {
    socket.destroy();
  }
}
const endings = new Set(['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET', 'EPIPE']);

async function* outputOf(ahead: ReadAhead<Chunk>, socket: Socket): AsyncGenerator<Chunk> {
  try {
    yield* ahead;
  } finally {
    ahead.drop();
    socket.destroy();
  }
}

/** Runs a program to its end and collects what it printed. */
export const execProgram = async (
  place: Place,
  argv: readonly string[],
  { input = '', ...options }: ExecOptions & { input?: string | Uint8Array } = {},
): Promise<ExecResult> => collect(await spawnProgram(place, argv, options), input);

/** The same beside the bridges. */
export const execOnWire = async (folder: string, argv: readonly string[], input: string): Promise<ExecResult> =>
  collect(await spawnOnWire(folder, argv), input);

async function collect(running: RunningProgram, input: string | Uint8Array): Promise<ExecResult> {
  running.stdin.end(input);
  const collected: Record<Chunk['stream'], Uint8Array[]> = { stdout: [], stderr: [] };
  for await (const { stream, bytes } of running.output) collected[stream].push(bytes);
  const text = (stream: Chunk['stream']) => Buffer.concat(collected[stream]).toString();
  return { exitCode: await running.exitCode, stdout: text('stdout'), stderr: text('stderr') };
}
