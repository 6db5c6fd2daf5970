// The descriptors of every process: which give, copy, inherit, pass on and end them, in the order in which that took effect.

import type { Call, CallEvent } from '../model/call.ts';
import type { SocketOwner } from '../model/report.ts';
import type { Micros } from '../model/time.ts';
import { acceptCalls, forkCalls, socketArgument } from './sockets.ts';

type By = SocketOwner['by'];
type Ended = NonNullable<SocketOwner['ended']>;

/** What one process (all its threads) has open. */
interface Table {
  host: string;
  pid: number;
  program: string;
  /** Threads and processes that share it. */
  users: Set<number>;
  open: Map<number, { inode: number; closesOnExec: boolean }>;
}

/** A process got its first descriptor of a socket, or gave its last one up; `call`: index of the call that did it. */
export interface DescriptorChange {
  host: string;
  pid: number;
  program: string;
  inode: number;
  at: Micros;
  call?: number;
  change: { gained: By } | { ended: Ended };
}

const dupCalls = new Set(['dup', 'dup2', 'dup3']);
const exitCalls = new Set(['exit', 'exit_group']);

/** A thread shares its maker's descriptors; everything else starts with a copy of them. */
const sharesDescriptors = ({ args }: Call): boolean => args.some((text) => text.includes('CLONE_FILES'));

const says = ({ args }: Call, word: string): boolean => args.some((text) => text.includes(word));
const numberIn = (text: string | undefined): number => Number(/^\d+/.exec(text ?? '')?.[0] ?? Number.NaN);

/** Follows descriptors; `note` is told of every process that begins or ceases to have a socket. */
function followTables(note: (change: DescriptorChange) => void) {
  const tables = new Map<string, Table>();
  const tableOf = ({ host, pid, program }: Call): Table => {
    const known = tables.get(`${host} ${pid}`);
    if (known) return known;
    const fresh: Table = { host, pid, program, users: new Set([pid]), open: new Map() };
    tables.set(`${host} ${pid}`, fresh);
    return fresh;
  };
  const holds = (table: Table, inode: number): boolean => [...table.open.values()].some((one) => one.inode === inode);
  const tell = (
    table: Table,
    inode: number,
    at: Micros,
    call: number | undefined,
    change: DescriptorChange['change'],
  ) => {
    const { host, pid, program } = table;
    note({ host, pid, program, inode, at, ...(call === undefined ? {} : { call }), change });
  };
  const give = (table: Table, fd: number, at: Micros, call: number | undefined, ended: Ended): void => {
    const old = table.open.get(fd);
    if (!old) return;
    table.open.delete(fd);
    if (!holds(table, old.inode)) tell(table, old.inode, at, call, { ended });
  };
  const gain = (
    table: Table,
    fd: number,
    inode: number,
    at: Micros,
    by: By,
    rest: { call?: number; exec?: boolean },
  ) => {
    give(table, fd, at, rest.call, 'close');
    const had = holds(table, inode);
    table.open.set(fd, { inode, closesOnExec: rest.exec ?? false });
    if (!had) tell(table, inode, at, rest.call, { gained: by });
  };
  return { tables, tableOf, give, gain, tell };
}

type Tables = ReturnType<typeof followTables>;

/** One call's effect, and when it had it: what gives a descriptor does so on return, what ends one on entry. */
interface Effect {
  at: Micros;
  apply(to: Tables): void;
}

const returned = ({ at, took = 0 }: Call): Micros => at + took;

function made(call: Call, index: number): Effect | undefined {
  const { result = -1, inode } = call;
  const by = acceptCalls.has(call.name) ? 'accept' : 'socket';
  if (result < 0 || inode === undefined) return undefined;
  const rest = { call: index, exec: says(call, 'SOCK_CLOEXEC') };
  return { at: returned(call), apply: (to) => to.gain(to.tableOf(call), result, inode, returned(call), by, rest) };
}

const copies = ({ name, args }: Call): boolean =>
  dupCalls.has(name) || (name === 'fcntl' && (args[1]?.startsWith('F_DUPFD') ?? false));

function copied(call: Call, index: number): Effect | undefined {
  const { result = -1 } = call;
  const source = socketArgument(call.args[0]);
  if (result < 0 || !source || result === source.fd) return undefined;
  const rest = { call: index, exec: says(call, 'CLOEXEC') };
  return {
    at: returned(call),
    apply: (to) => to.gain(to.tableOf(call), result, source.inode, returned(call), 'socket', rest),
  };
}

/** Descriptors that came with a message over a Unix socket (SCM_RIGHTS, unix(7)). */
function passed(call: Call, index: number): Effect | undefined {
  const numbers = call.args.flatMap(
    (text) => /SCM_RIGHTS, cmsg_data=\[([^[\]]*(?:\[\d+\][^[\]]*)*)\]/.exec(text)?.[1] ?? [],
  );
  const sockets = numbers.flatMap((text) => text.split(', ')).flatMap((text) => socketArgument(text) ?? []);
  if ((call.result ?? -1) < 0 || sockets.length === 0) return undefined;
  const at = returned(call);
  return {
    at,
    apply: (to) => {
      for (const { fd, inode } of sockets) to.gain(to.tableOf(call), fd, inode, at, 'passed', { call: index });
    },
  };
}

function forked(call: Call): Effect | undefined {
  const { host, program, at, result: child = -1 } = call;
  if (child <= 0) return undefined;
  return {
    at,
    apply: (to) => {
      const parent = to.tableOf(call);
      if (sharesDescriptors(call)) {
        parent.users.add(child);
        to.tables.set(`${host} ${child}`, parent);
        return;
      }
      const table: Table = { host, pid: child, program, users: new Set([child]), open: new Map(parent.open) };
      to.tables.set(`${host} ${child}`, table);
      for (const inode of new Set([...table.open.values()].map((one) => one.inode)))
        to.tell(table, inode, at, undefined, { gained: 'fork' });
    },
  };
}

/** Closes the descriptors that pass the test. */
function closing(
  call: Call,
  index: number,
  ended: Ended,
  test: (fd: number, closesOnExec: boolean) => boolean,
): Effect {
  return {
    at: call.at,
    apply: (to) => {
      const table = to.tableOf(call);
      for (const [fd, { closesOnExec }] of [...table.open])
        if (test(fd, closesOnExec)) to.give(table, fd, call.at, index, ended);
    },
  };
}

function marked(call: Call): Effect | undefined {
  if (call.args[1] !== 'F_SETFD') return undefined;
  return {
    at: call.at,
    apply: (to) => {
      const one = to.tableOf(call).open.get(call.fd ?? -1);
      if (one) one.closesOnExec = says(call, 'FD_CLOEXEC');
    },
  };
}

/** A thread ends, or a process with all its threads. */
function exited({ host, pid, at }: CallEvent, whole: boolean, call?: number): Effect {
  return {
    at,
    apply: (to) => {
      const table = to.tables.get(`${host} ${pid}`);
      if (!table) return;
      table.users.delete(pid);
      to.tables.delete(`${host} ${pid}`);
      if (table.users.size > 0 && !whole) return;
      for (const fd of [...table.open.keys()]) to.give(table, fd, at, call, 'exit');
    },
  };
}

/** A socket that a call names and nobody made: its process had it before its calls were recorded. */
function noticed(call: Call): Effect | undefined {
  const found = socketArgument(call.args[0]);
  if (!found) return undefined;
  return {
    at: call.at,
    apply: (to) => {
      const table = to.tableOf(call);
      if (!table.open.has(found.fd)) to.gain(table, found.fd, found.inode, call.at, 'before', {});
    },
  };
}

function effectOf(call: Call, index: number): Effect | undefined {
  const { name, fd, args, result = -1 } = call;
  if (name === 'socket' || acceptCalls.has(name)) return made(call, index);
  if (copies(call)) return copied(call, index);
  if (forkCalls.has(name)) return forked(call);
  if (name === 'recvmsg') return passed(call, index);
  if (name === 'fcntl') return marked(call);
  if (name === 'close') return closing(call, index, 'close', (open) => open === fd);
  if (name === 'close_range' && !says(call, 'CLOSE_RANGE_CLOEXEC'))
    return closing(call, index, 'close', (open) => open >= numberIn(args[0]) && open <= numberIn(args[1]));
  if (name === 'execve' && result === 0) return closing(call, index, 'exec', (_, closesOnExec) => closesOnExec);
  return exitCalls.has(name) ? exited(call, name === 'exit_group', index) : undefined;
}

/**
 * Every time that a process began to have a socket or ceased to, in order of time. `calls` with their places in the
 * report; `ends` as strace told them, for processes that a signal ended.
 */
export function descriptorChanges(calls: readonly Call[], ends: readonly CallEvent[]): DescriptorChange[] {
  const changes: DescriptorChange[] = [];
  const tables = followTables((change) => changes.push(change));
  const effects = calls.flatMap((call, index) =>
    [noticed(call), effectOf(call, index)].filter((one) => one !== undefined),
  );
  effects.push(...ends.filter(({ kind }) => kind === 'exit').map((end) => exited(end, false)));
  for (const effect of effects.sort((a, b) => a.at - b.at)) effect.apply(tables);
  return changes.sort((a, b) => a.at - b.at);
}
