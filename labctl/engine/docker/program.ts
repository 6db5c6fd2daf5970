// Programs in a running container: starts them through the engine's exec, carries their streams, learns how they ended.

import type { Socket } from 'node:net';
import { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { LabError } from '../../model/lab-error.ts';
import type { ExecOptions, ExecResult, RunningProgram, SpawnOptions } from '../engine.ts';
import type { Api } from './api.ts';
import { demultiplex, type OutputChunk } from './demultiplex.ts';
import { type StartFailure, withStartFailure } from './start-failure.ts';
import type { ExecDetails } from './wire.ts';

const programUser = '1000';

/** A container, and the host's name for messages. */
export interface Place {
  container: string;
  host: string;
}

interface Started {
  /** The engine's id of this exec. */
  id: string;
  socket: Socket;
}

async function prepare(api: Api, place: Place, argv: readonly string[], options: SpawnOptions, stdin: boolean) {
  const { Id } = await api.call<{ Id: string }>('POST', `/containers/${place.container}/exec`, {
    signal: options.signal,
    body: {
      Cmd: argv,
      User: options.user ?? programUser,
      WorkingDir: options.workingDir,
      Env: Object.entries(options.environment ?? {}).map(([name, value]) => `${name}=${value}`),
      Tty: options.terminal !== undefined,
      ConsoleSize: options.terminal && [options.terminal.rows, options.terminal.columns],
      AttachStdin: stdin,
      AttachStdout: true,
      AttachStderr: true,
    },
  });
  return Id;
}

/** Starts a program and connects to it; from then on the signal ends the connection, not the program. */
async function start(
  api: Api,
  place: Place,
  argv: readonly string[],
  options: SpawnOptions,
  stdin: boolean,
): Promise<Started> {
  const id = await prepare(api, place, argv, options, stdin);
  const Tty = options.terminal !== undefined;
  const socket = await api.takeOver(`/exec/${id}/start`, { body: { Detach: false, Tty }, signal: options.signal });
  // Whoever reads the output hears of errors there; nobody needs to be listening when nobody reads.
  socket.on('error', () => {});
  destroyOnAbort(socket, options.signal);
  return { id, socket };
}

function destroyOnAbort(socket: Socket, signal: AbortSignal | undefined): void {
  if (!signal) return;
  const destroy = () => socket.destroy();
  if (signal.aborted) destroy();
  signal.addEventListener('abort', destroy, { once: true });
  socket.once('close', () => signal.removeEventListener('abort', destroy));
}

/** The bytes of a socket; a connection that was dropped on purpose or by the program's end is an end like any other. */
async function* bytesOf(socket: Socket): AsyncGenerator<Uint8Array> {
  try {
    for await (const bytes of socket) yield bytes as Uint8Array;
  } catch (error) {
    if (!endings.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
const endings = new Set(['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET', 'EPIPE']);

async function* terminalOutput(socket: Socket): AsyncGenerator<OutputChunk> {
  for await (const bytes of bytesOf(socket)) yield { stream: 'stdout', bytes };
}

/** Standard input. What is written after the program's end goes nowhere, as with any program that no longer reads. */
function inputOf(socket: Socket): Writable {
  return new Writable({
    write(chunk: Uint8Array, _encoding, done) {
      if (socket.writable) socket.write(chunk, () => done());
      else done();
    },
    final(done) {
      if (socket.writable) socket.end(() => done());
      else done();
    },
  });
}

/** How long the engine may take, after the streams ended or were dropped, to say how the program ended. */
const endDeadline = 10_000;

async function exitCodeOf(api: Api, id: string, argv: readonly string[], host: string): Promise<number> {
  const deadline = performance.now() + endDeadline;
  for (let pause = 2; performance.now() < deadline; pause = Math.min(pause * 2, 100)) {
    const details = await api.call<ExecDetails>('GET', `/exec/${id}/json`);
    if (!details.Running && details.ExitCode !== null) return details.ExitCode;
    await delay(pause);
  }
  throw new LabError('engine', `${argv[0]} still runs, but nothing is connected to it any more`, { where: host });
}

const closed = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    if (socket.closed) resolve();
    else socket.once('close', () => resolve());
  });

/** The output of a started program, and how it ended once its connection is closed. */
function follow(api: Api, { host }: Place, argv: readonly string[], options: SpawnOptions, { id, socket }: Started) {
  let failure: StartFailure | undefined;
  const raw = options.terminal ? terminalOutput(socket) : demultiplex(bytesOf(socket));
  const output = withStartFailure(raw, argv[0] ?? '', (seen) => {
    failure = seen;
  });
  const exitCode = closed(socket).then(async () => {
    options.signal?.throwIfAborted();
    const code = await exitCodeOf(api, id, argv, host);
    return failure?.exitCode ?? code;
  });
  // A caller may look at the exit code late or never; that must not end labctl.
  exitCode.catch(() => {});
  return { output, exitCode };
}

/** Starts a program whose streams are connected; see RunningProgram. */
export async function spawnProgram(
  api: Api,
  place: Place,
  argv: readonly string[],
  { script, ...options }: SpawnOptions = {},
): Promise<RunningProgram> {
  if (script) return spawnScript(api, place, script, argv, options);
  const started = await start(api, place, argv, options, true);
  const { id, socket } = started;
  const resize = (columns: number, rows: number) =>
    api.call('POST', `/exec/${id}/resize`, { query: { w: String(columns), h: String(rows) } });
  if (options.terminal) await resize(options.terminal.columns, options.terminal.rows);
  return {
    ...follow(api, place, argv, options, started),
    stdin: inputOf(socket),
    resize,
    disconnect: () => socket.destroy(),
  };
}

/** Python that reads its own text from standard input: as an argument it would be a long line in htop. */
async function spawnScript(
  api: Api,
  place: Place,
  script: readonly string[],
  argv: readonly string[],
  options: SpawnOptions,
): Promise<RunningProgram> {
  const text = Buffer.from(script.join('\f'));
  const reader = `head,rest=open(0,"rb",closefd=False).read(${text.length}).split(b"\\f");exec(head)`;
  const running = await spawnProgram(api, place, ['python3', '-I', '-S', '-c', reader, ...argv], options);
  running.stdin.write(text);
  return running;
}

/** Runs a program to its end and collects what it printed. */
export async function execProgram(
  api: Api,
  place: Place,
  argv: readonly string[],
  options: ExecOptions & { input?: string | Uint8Array } = {},
): Promise<ExecResult> {
  const started = await start(api, place, argv, options, options.input !== undefined);
  if (options.input !== undefined) inputOf(started.socket).end(options.input);
  const { output, exitCode } = follow(api, place, argv, options, started);
  const collected: Record<OutputChunk['stream'], Uint8Array[]> = { stdout: [], stderr: [] };
  for await (const { stream, bytes } of output) collected[stream].push(bytes);
  const text = (stream: OutputChunk['stream']) => Buffer.concat(collected[stream]).toString();
  return { exitCode: await exitCode, stdout: text('stdout'), stderr: text('stderr') };
}
