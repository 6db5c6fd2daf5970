// The command lines that put a program under a recorder's eyes: pid and calls go to a FIFO, the program itself is unchanged.

import type { ProgramRecord } from '../model/run.ts';

/** `?` marks calls that newer machines (arm64) do not have any more. */
const traced = [
  ...['%network', '%process', '%signal', 'read', 'write', 'readv', 'writev', 'close', 'dup', '?dup2', 'dup3'],
  ...['?io_uring_setup', 'fcntl', '?close_range', 'sendfile', 'splice', '?preadv2', '?pwritev2'],
  ...['?poll', 'ppoll', '?select', 'pselect6', '?epoll_wait', 'epoll_pwait'],
].join(',');

/**
 * `-D` keeps the tracer out of the program's family tree, so that its pid and exit code are its own. `-y` names inodes at
 * 0.1 ms a call, where `-yy` would cost 3 to 4 ms.
 */
const tracer = (fifo: string, ...more: string[]): string[] => [
  ...['strace', ...more, '-f', '-ttt', '-T', '-y', '-s', '64'],
  ...['-e', `trace=${traced}`, '-o', fifo, '--'],
];

/** strace would exit with 1 and words of its own. */
const mustExist = 'command -v -- "$1" >/dev/null || { echo "$1: there is no such program" >&2; exit 127; }';

/** Writes its pid, which stays the program's, then becomes the program. Arguments stay arguments: nothing is parsed twice. */
const announced = ['echo "$$" >"$0"', mustExist, 'shift', 'exec "$@"'].join('\n');

/** The argv that runs `argv` with its calls (or, untraced, only its pid) going to the FIFO. */
export function recordedCommand(argv: readonly string[], trace: ProgramRecord['traced'], fifo: string): string[] {
  const before = trace === false ? [] : tracer(fifo, '-D', ...(trace === 'lines' ? ['-k'] : []));
  return ['sh', '-c', announced, fifo, argv[0] ?? '', ...before, ...argv];
}

/** Where a free recording's door is, while its recorder lives. */
const door = '/dev/shm/labctl-rec';

/** `%` and `?` mean something to a shell. */
const quoted = (word: string): string => (word.startsWith('trace=') ? `'${word}'` : word);

/**
 * One test when nobody records. When someone does: a FIFO of our own, announced at the door, then as above; but with a
 * tracer that heeds SIGTERM (`-I2`), so that the program can go on after the recording, and not Ctrl-C (`-DD`).
 */
const throughTheDoor = [
  mustExist,
  `door=${door}`,
  'if [ -r $door/pid ] && read -r pid <$door/pid && [ -d "/proc/$pid" ] &&',
  '  mkfifo -m 666 "$door/$$" 2>/dev/null && echo "$$" 1<>$door/door',
  `then exec ${tracer('"$door/$$"', '-DD', '-I2').map(quoted).join(' ')} "$@"`,
  'fi',
  'exec "$@"',
].join('\n');

/** The argv that runs `argv` under the eyes of a free recording if the host has one, and as it is if not. */
export const commandThroughDoor = (argv: readonly string[]): string[] => ['sh', '-c', throughTheDoor, 'sh', ...argv];
