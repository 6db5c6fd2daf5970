// `labctl exec` and `labctl shell`: a program in a host with a real terminal where there is one, and its own exit code.

import { Writable } from 'node:stream';
import type { Host, RunningProgram } from '../engine/engine.ts';
import { exitCodes, LabError } from '../model/lab-error.ts';
import { type Declare, examples } from './declare.ts';
import { hostOf } from './hosts.ts';
import type { Io } from './io.ts';
import type { Session } from './session.ts';

interface ExecFlags {
  root?: boolean;
}

export const exec: Declare = (program, act) => {
  program
    .command('exec')
    .description('run a program in a host; its exit code becomes labctl’s')
    .argument('<host>')
    .argument('<command...>', 'the program and its arguments, no shell')
    .option('--root', 'as root with the container’s few capabilities, instead of the ordinary user')
    .passThroughOptions()
    .addHelpText(
      'after',
      examples(['labctl exec server htop', 'the processes, live'], ['labctl exec client1 -- ss -tanp', 'its sockets']),
    )
    .action(act((session, host, argv, flags) => runIn(session, host, withoutDashes(argv), flags)));
};

export const shell: Declare = (program, act) => {
  program
    .command('shell')
    .description('open a shell in a host, in the folder with the programs’ sources')
    .argument('<host>')
    .option('--root', 'as root with the container’s few capabilities')
    .addHelpText(
      'after',
      examples(['labctl shell server', 'then: make && ./server'], ['labctl shell client1', 'then: make && ./client']),
    )
    .action(
      act((session, host, flags) => {
        if (session.json)
          throw new LabError('usage', 'a shell prints no JSON', { hint: `labctl --json exec ${host} COMMAND does` });
        return runIn(session, host, ['bash'], flags);
      }),
    );
};

/** Options are passed through from the host's name on, and the customary `--` with them. */
const withoutDashes = (argv: string[]): string[] => (argv[0] === '--' ? argv.slice(1) : argv);

async function runIn(session: Session, hostName: string, argv: string[], flags: ExecFlags): Promise<number> {
  const host = await hostOf(session, hostName);
  const { commandThroughDoor } = await import('../run/tracing.ts');
  const kept = session.json ? keptOutput(session.io) : undefined;
  const { io } = kept ?? session;
  const terminal = io.stdin.isTTY === true && io.stdout.isTTY === true;
  const command = flags.root ? argv : commandThroughDoor(argv);
  const how: How = {
    terminal,
    mark: markOf(process.pid, process.hrtime.bigint()),
    user: flags.root ? 'root' : undefined,
  };
  const running = await start(host, command, io, how);
  try {
    const code = await attach(running, io, terminal);
    if (kept) session.outJson({ host: hostName, argv, code, ...kept.texts() });
    return code;
  } finally {
    running.disconnect();
    if (io.signal.aborted) await end(host, how);
  }
}

/** No other labctl of this machine has it. Not randomUUID: to load what makes it takes 5 ms. */
const markOf = (pid: number, since: bigint): string => `LABCTL_EXEC=${pid}-${since}`;

/** The world of a program whose output becomes a value of JSON instead of being printed. */
function keptOutput(io: Io): { io: Io; texts(): { stdout: string; stderr: string } } {
  const kept = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
  const into = (chunks: Uint8Array[]) =>
    new Writable({
      write(bytes: Uint8Array, _encoding, done) {
        chunks.push(bytes);
        done();
      },
    });
  return {
    io: { ...io, stdout: into(kept.stdout), stderr: into(kept.stderr) },
    texts: () => ({ stdout: Buffer.concat(kept.stdout).toString(), stderr: Buffer.concat(kept.stderr).toString() }),
  };
}

interface How {
  terminal: boolean;
  /** In the environment of the program and of all that it starts. */
  mark: string;
  user: string | undefined;
}

const endMarked = `
for process in /proc/[0-9]*; do
  grep -qzxF "$0" "$process/environ" 2>/dev/null && kill -s "$1" "\${process#/proc/}"
done`;

/** The engine would let a program run on for ever, and hold its port, that nobody is connected to any more. */
async function end(host: Host, { mark, terminal, user }: How): Promise<void> {
  // What a closing terminal sends is the one thing that ends an interactive shell.
  await host.exec(['sh', '-c', endMarked, mark, terminal ? 'HUP' : 'TERM'], { user }).catch(() => undefined);
}

const start = (host: Host, argv: string[], io: Io, { terminal, mark, user }: How): Promise<RunningProgram> =>
  host.spawn(argv, {
    user,
    environment: {
      TERM: io.env.TERM ?? 'xterm',
      ...(io.env.LANG?.includes('UTF-8') ? { LANG: 'C.UTF-8' } : {}),
      ...Object.fromEntries([mark.split('=')]),
    },
    ...(terminal ? { terminal: sizeOf(io) } : {}),
    signal: io.signal,
  });

const sizeOf = (io: Io) => ({ columns: io.stdout.columns ?? 80, rows: io.stdout.rows ?? 24 });

/** Joins the program to this terminal, or to the pipes that stand in its place, until it ends. */
async function attach(running: RunningProgram, io: Io, terminal: boolean): Promise<number> {
  const resize = () => void running.resize(sizeOf(io).columns, sizeOf(io).rows).catch(() => undefined);
  if (terminal) {
    io.stdin.setRawMode?.(true);
    io.stdout.on('resize', resize);
  }
  // A program that ends while we still type to it closes its input first: that is its good right.
  running.stdin.on('error', () => undefined);
  io.stdin.pipe(running.stdin);
  try {
    for await (const { stream, bytes } of running.output)
      await written(stream === 'stderr' ? io.stderr : io.stdout, bytes, io.signal);
    return await running.exitCode;
  } catch (error) {
    if (io.signal.aborted) return exitCodes.execFailed;
    throw error instanceof LabError
      ? error
      : new LabError('engine', 'the connection to the program broke', { cause: error });
  } finally {
    io.stdin.unpipe(running.stdin);
    io.stdin.pause();
    if (terminal) {
      io.stdin.setRawMode?.(false);
      io.stdout.off('resize', resize);
    }
  }
}

/** Settles when there is room for more, or no more is wanted. */
const written = (stream: NodeJS.WritableStream, bytes: Uint8Array, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (stream.write(bytes) || signal.aborted) return resolve();
    const settle = () => {
      stream.off('drain', settle);
      signal.removeEventListener('abort', settle);
      resolve();
    };
    stream.once('drain', settle);
    signal.addEventListener('abort', settle);
  });
