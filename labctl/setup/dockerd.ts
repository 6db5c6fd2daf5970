// Starts the Docker Engine of this machine and waits until it answers: through systemd, or as a daemon of its own.

import { readFile } from 'node:fs/promises';
import { runHostProgram } from './host-program.ts';

export const dockerdLog = '/var/log/labctl-dockerd.log';

export interface StartOptions {
  /** What makes a program run as root: `[]`, `['sudo']`. */
  as: readonly string[];
  /** True once the engine answers, whatever it says. */
  answers: () => Promise<boolean>;
  /** Milliseconds; a first start makes the storage and the bridge. */
  deadline?: number;
  signal?: AbortSignal;
}

/** A daemon to start; only tests start another one than Docker's. */
export interface Daemon {
  argv: readonly string[];
  log: string;
}

const docker: Daemon = { argv: ['dockerd'], log: dockerdLog };

/** Undefined when the engine answers, else why not. */
export async function startByService(options: StartOptions): Promise<string | undefined> {
  const started = await runHostProgram([...options.as, 'systemctl', 'enable', '--now', 'docker']);
  if (started.exitCode === 0 && (await untilAnswer(options, async () => true))) return undefined;
  const log = await runHostProgram([...options.as, 'journalctl', '-u', 'docker', '-n', '5', '--no-pager', '-o', 'cat']);
  return lastLines(log.stdout || started.stderr);
}

/**
 * Leaves the daemon in a session of its own, so that it outlives labctl and the terminal.
 * A pid file of an engine that is gone (after a power cut, its number may be somebody else's) would keep it from starting.
 * An engine that is already on its way up is waited for, not started twice.
 */
const script = `
PATH=$PATH:/usr/sbin:/sbin; log=$1; shift
for file in /var/run/docker.pid /var/run/docker/containerd/containerd.pid; do
  [ -f "$file" ] || continue
  case "$(cat "/proc/$(cat "$file")/comm" 2>/dev/null)" in
    dockerd) [ "$1" != dockerd ] || { cat "$file"; exit 0; } ;;
    containerd) ;;
    *) rm -f "$file" ;;
  esac
done
if [ "$1" = dockerd ]; then
  command -v cgroupfs-mount >/dev/null && cgroupfs-mount
  ulimit -n 1048576 2>/dev/null || ulimit -n "$(ulimit -H -n)"
fi
: >"$log" || exit 1
setsid "$@" </dev/null >>"$log" 2>&1 &
echo $!
`;

/** Undefined when the engine answers, else the last lines of its log. */
export async function startAsDaemon(options: StartOptions, daemon: Daemon = docker): Promise<string | undefined> {
  const starter = ['sh', '-c', script, 'sh', daemon.log, ...daemon.argv];
  const { stdout, stderr, exitCode } = await runHostProgram([...options.as, ...starter]);
  if (exitCode !== 0) return lastLines(stderr);
  const pid = stdout.trim();
  if (await untilAnswer(options, () => isAlive(pid))) return undefined;
  const log = await runHostProgram([...options.as, 'tail', '-n', '20', daemon.log]);
  return `${(await isAlive(pid)) ? 'it does not answer' : 'it ended at once'}; ${daemon.log} ends with\n${lastLines(log.stdout)}`;
}

/** By /proc: the daemon may be root's, and one that ended may wait for an init that never fetches its exit code. */
async function isAlive(pid: string): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') Z');
  return !stat.slice(stat.lastIndexOf(')')).startsWith(') Z');
}

/** Asks until there is an answer (true), nobody is left who could give one, or the time is up (false). */
async function untilAnswer(options: StartOptions, alive: () => Promise<boolean>): Promise<boolean> {
  const end = Date.now() + (options.deadline ?? 60_000);
  for (;;) {
    const lives = await alive();
    if (await options.answers()) return true;
    if (!lives || Date.now() > end) return false;
    options.signal?.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const lastLines = (text: string, count = 5): string => text.trimEnd().split('\n').slice(-count).join('\n');
